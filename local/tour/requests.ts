import type { Clients } from './clients.ts'
import { foreignEndpoint, nameOf } from './places.ts'

/** How a request of the tour should end. */
export type Ending = 'approved' | 'rejected' | 'manual review'

/** The caller: of the own tenant, or of a foreign one. */
export type Side = 'own' | 'unknown'

/** A request that was sent, and its expected end. */
export interface SentRequest {
  readonly who: string
  /** For people: the target and the group. */
  readonly asksFor: string
  readonly target: string
  /** Name of the endpoint behind the connection. */
  readonly endpointName: string
  readonly ending: Ending
  readonly sentAt: number
  /** Reads the status at the requester's own side; undefined if there is none. */
  readonly ownSide: (() => Promise<string>) | undefined
}

/** Data Factory: `PUT …/managedVirtualNetworks/default/managedPrivateEndpoints/{name}`, through ARM. */
export async function askAsFactory(
  clients: Clients,
  ask: { factory: string; name: string; target: string; groupId: string; ending: Ending; as?: Side },
): Promise<SentRequest> {
  const { factory, name, target, groupId, ending } = ask
  const arm = ask.as === 'unknown' ? clients.foreignArm : clients.arm
  const id = `${factory}/managedVirtualNetworks/default/managedPrivateEndpoints/${name}`
  const sentAt = Date.now()
  await arm('PUT', id, '2018-06-01', { properties: { privateLinkResourceId: target, groupId } })
  return {
    who: `${ask.as === 'unknown' ? 'An unknown requester’s factory' : 'Factory'} ${nameOf(factory)}`,
    asksFor: expected(target, groupId),
    target,
    endpointName: `${nameOf(factory)}.${name}`,
    ending,
    sentAt,
    ownSide: async () => statusOf((await arm('GET', id, '2018-06-01')).body),
  }
}

/** Synapse: the same on the workspace's own endpoint. */
export async function askAsWorkspace(
  clients: Clients,
  ask: { workspace: string; name: string; target: string; groupId: string; ending: Ending; as?: Side },
): Promise<SentRequest> {
  const { name, target, groupId, ending } = ask
  const workspace = nameOf(ask.workspace)
  const synapse = ask.as === 'unknown' ? clients.foreignSynapse : clients.synapse
  const path = `/managedVirtualNetworks/default/managedPrivateEndpoints/${name}`
  const sentAt = Date.now()
  await synapse('PUT', workspace, path, { properties: { privateLinkResourceId: target, groupId } })
  return {
    who: `${ask.as === 'unknown' ? 'An unknown requester’s workspace' : 'Workspace'} ${workspace}`,
    asksFor: expected(target, groupId),
    target,
    endpointName: `${workspace}.${name}`,
    ending,
    sentAt,
    ownSide: async () => statusOf((await synapse('GET', workspace, path)).body),
  }
}

interface PurviewEndpoint {
  readonly name: string
  readonly properties: { readonly privateLinkResourceId: string; readonly groupId: string }
}

/** Purview: deploying the first managed runtime requests the account itself, its blob and its queue at once. */
export async function deployPurviewRuntime(
  clients: Clients,
  accountId: string,
): Promise<readonly SentRequest[]> {
  const account = nameOf(accountId)
  const endpoints = '/managedvirtualnetworks/defaultv2/managedprivateendpoints'
  const sentAt = Date.now()
  await clients.purview('PUT', account, '/integrationruntimes/ManagedIntegrationRuntime', {
    name: 'ManagedIntegrationRuntime',
    kind: 'Managed',
    properties: {},
  })
  const { value } = (await clients.purview('GET', account, endpoints)).body as { value: PurviewEndpoint[] }
  return value.map(({ name, properties: { privateLinkResourceId: target, groupId } }) => ({
    who: `Purview ${account}`,
    asksFor: expected(target, groupId),
    target,
    endpointName: `${account}.${name}`,
    ending: 'approved',
    sentAt,
    ownSide: async () => statusOf((await clients.purview('GET', account, `${endpoints}/${name}`)).body),
  }))
}

/** An ordinary endpoint from a foreign tenant, with an invented name and message. */
export async function askAsUnknown(
  clients: Clients,
  ask: { name: string; message: string; target: string; groupId: string },
): Promise<SentRequest> {
  const { name, message, target, groupId } = ask
  const sentAt = Date.now()
  await clients.foreignArm('PUT', foreignEndpoint(name), '2025-05-01', {
    location: 'westeurope',
    properties: {
      subnet: {
        id: `${foreignEndpoint(name).replace(/\/privateEndpoints\/.*/, '')}/virtualNetworks/vnet/subnets/default`,
      },
      manualPrivateLinkServiceConnections: [
        { name, properties: { privateLinkServiceId: target, groupIds: [groupId], requestMessage: message } },
      ],
    },
  })
  return {
    who: `Unknown requester, as ${name}`,
    asksFor: expected(target, groupId),
    target,
    endpointName: name,
    ending: 'manual review',
    sentAt,
    ownSide: undefined,
  }
}

function expected(target: string, groupId: string): string {
  return `${nameOf(target)} (${groupId})`
}

function statusOf(managedEndpoint: unknown): string {
  const { properties } = managedEndpoint as { properties?: { connectionState?: { status?: string } } }
  return properties?.connectionState?.status ?? ''
}
