/** The tenants and subscriptions that the simulated Azure starts with. The ids are made up; none of them exists. */

/** A tenant: its id is the `tid` of tokens; its domain may be used instead when requesting a token. */
export interface Tenant {
  readonly tenantId: string
  readonly domain: string
  readonly displayName: string
}

/** A subscription and the tenant that owns it. */
export interface Subscription {
  readonly subscriptionId: string
  readonly tenantId: string
  readonly displayName: string
}

/** A subscription of the platform that holds the managed endpoints of one region. */
export interface RegionSubscription extends Subscription {
  readonly region: string
}

/** The tenant that the approver works for. */
export const ownTenant: Tenant = {
  tenantId: '7f3d1c52-6a0b-4e6f-9d57-2b8c4a1e0f10',
  domain: 'contoso-data.example',
  displayName: 'Contoso Data',
}

/** Stands for the tenant in which the cloud provider runs its managed networks. */
export const managedTenant: Tenant = {
  tenantId: '33c0ffee-5d2e-4b1a-8f44-6e0a9d3b7c21',
  domain: 'managed-cloud.example',
  displayName: 'Managed Cloud',
}

/** A tenant of another organisation. */
export const foreignTenant: Tenant = {
  tenantId: 'e15e0000-9b7a-4c3d-a1f2-5c6d7e8f9a32',
  domain: 'contoso-elsewhere',
  displayName: 'Contoso Elsewhere',
}

/** Own subscription: storage, databases, vaults. */
export const dataPlatform: Subscription = {
  subscriptionId: '0a5e6f10-1111-4a6b-8c2d-d47a91a7f001',
  tenantId: ownTenant.tenantId,
  displayName: 'data-platform',
}

/** Own subscription: factories, workspaces, Purview. */
export const analytics: Subscription = {
  subscriptionId: '0a5e6f10-2222-4a6b-8c2d-a4a191c50002',
  tenantId: ownTenant.tenantId,
  displayName: 'analytics',
}

/** The foreign tenant's subscription. */
export const foreignSubscription: Subscription = {
  subscriptionId: 'bad0cafe-3333-4d5e-9f6a-7b8c9d0e1f23',
  tenantId: foreignTenant.tenantId,
  displayName: 'contoso-elsewhere',
}

/** The managed tenant's subscriptions, one per region. Other regions use the first. */
export const managedSubscriptions: readonly [RegionSubscription, ...RegionSubscription[]] = [
  region('westeurope', '10e72cf9-4444-4b2c-8d3e-1f2a3b4c5d01'),
  region('northeurope', '92b2afd7-4444-4b2c-8d3e-1f2a3b4c5d02'),
  region('eastus2', '5c41e8d3-4444-4b2c-8d3e-1f2a3b4c5d03'),
]

export const tenants: readonly Tenant[] = [ownTenant, managedTenant, foreignTenant]

export const subscriptions: readonly Subscription[] = [
  dataPlatform,
  analytics,
  foreignSubscription,
  ...managedSubscriptions,
]

/** The app registration by which people sign in, and the managed identity that it trusts. */
export const signInApp = {
  clientId: '5e1f0a77-6c3b-4d0e-9a51-7b2c8d9e0f66',
  /** Audience that callers request; tokens carry the client id. */
  identifierUri: 'api://private-endpoint-approver',
  clientSecret: 'local-sign-in-secret',
  /** Client id whose tokens its federated credential accepts as proof. */
  trustedClientId: 'private-endpoint-approver',
} as const

/** Client ids whose tokens carry app roles. Any other client id gets a token without roles. */
export const rolesByClientId: Readonly<Record<string, readonly string[]>> = {
  reader: ['Reader'],
  'machine-decider': ['Machine.Decide'],
  approver: ['Approver'],
  approver2: ['Approver'],
  'rule-admin': ['RuleAdmin'],
}

function region(name: string, subscriptionId: string): RegionSubscription {
  return {
    region: name,
    subscriptionId,
    tenantId: managedTenant.tenantId,
    displayName: `managed-network-${name}`,
  }
}
