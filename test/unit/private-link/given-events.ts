import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import { ownSubscription } from './ids.ts'

export const ownTenant = '11111111-1111-4111-8111-111111111111'
export const ann = 'a11ce000-0001-4d2c-9b3a-c0de5e1f0001'
export const ben = 'a11ce000-0002-4d2c-9b3a-c0de5e1f0001'
export const logPath = `/subscriptions/${ownSubscription}/providers/Microsoft.Insights/eventtypes/management/values`
export const logCall = `GET ${logPath}`
export const writesEndpoint = 'Microsoft.Network/privateEndpoints/write'

export const claimNames = {
  objectId: 'http://schemas.microsoft.com/identity/claims/objectidentifier',
  scope: 'http://schemas.microsoft.com/identity/claims/scope',
  tenantId: 'http://schemas.microsoft.com/identity/claims/tenantid',
  upn: 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn',
} as const

/** Claims of a person, under the names of Microsoft's published example. */
export function claimsOf(objectId: string, change: Readonly<Record<string, unknown>> = {}): object {
  return {
    aud: 'https://management.core.windows.net/',
    iss: `https://sts.windows.net/${ownTenant}/`,
    appid: 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c',
    appidacr: '2',
    ipaddr: '203.0.113.17',
    name: 'Ann Approver',
    groups: 'cacfe77c-e058-4712-83b0-f9b08849fd60',
    [claimNames.objectId]: objectId,
    [claimNames.tenantId]: ownTenant,
    [claimNames.upn]: 'ann@contoso-data.example',
    [claimNames.scope]: 'user_impersonation',
    ver: '1.0',
    ...change,
  }
}

/** Claims of a service principal: a token of its own has no scope. */
export function claimsOfApp(objectId: string, change: Readonly<Record<string, unknown>> = {}): object {
  const none = { [claimNames.scope]: undefined, [claimNames.upn]: undefined, name: undefined }
  return claimsOf(objectId, { ...none, idtyp: 'app', ...change })
}

/** An event of the Activity Log, as the REST API shows it. */
export function eventOf(
  resource: Pick<ResourceId, 'id'>,
  change: Readonly<Record<string, unknown>> = {},
): object {
  return {
    caller: 'ann@contoso-data.example',
    claims: claimsOf(ann),
    category: { value: 'Administrative', localizedValue: 'Administrative' },
    eventTimestamp: '2026-11-20T09:58:31.3810679Z',
    operationName: { value: writesEndpoint, localizedValue: 'Create or update private endpoint' },
    resourceId: resource.id,
    status: { value: 'Succeeded', localizedValue: 'Succeeded' },
    subscriptionId: ownSubscription,
    ...change,
  }
}

/** What is proven of an endpoint of our own tenant; nothing else. */
export const ownEndpoint: Proof = {
  level: 'platform',
  requester: undefined,
  endpointTenantId: ownTenant,
  isManagedTenant: false,
  groupIds: undefined,
  refusals: [],
}
