import { askAsFactory, askAsUnknown, type SentRequest } from '../../local/tour/requests.ts'
import { analytics } from '../../local/azure/well-known.ts'
import type { LogEntry } from '../../shared/domain/log-entry.ts'
import { spokenState } from '../../shared/domain/spoken-state.ts'
import { type RunningStack, until } from './running-stack.ts'

/** Creates the sales factory, which asks for the lakes. */
export async function createSalesFactory({ clients, places }: RunningStack): Promise<void> {
  await clients.arm('PUT', places.salesFactory, '2018-06-01', { location: 'westeurope', properties: {} })
}

/** Creates a storage account to be asked for. */
export async function createLake(
  { clients }: RunningStack,
  target: string,
  tags: Readonly<Record<string, string>> = {},
): Promise<void> {
  await clients.arm('PUT', target, '2024-01-01', {
    location: 'westeurope',
    kind: 'StorageV2',
    sku: { name: 'Standard_LRS' },
    tags,
    properties: {},
  })
}

/** The sales factory asks for the blobs of a lake by a managed endpoint of that name. */
export function askForLake(
  { clients, places }: RunningStack,
  target: string,
  name: string,
): Promise<SentRequest> {
  return askAsFactory(clients, {
    factory: places.salesFactory,
    name,
    target,
    groupId: 'blob',
    ending: 'approved',
  })
}

/** What the log holds of a target, oldest first. */
export async function logOf(running: RunningStack, target: string): Promise<LogEntry[]> {
  return (await running.log()).filter(({ subject }) => subject.targetId === target)
}

/** Waits until the last entry about a target has that state, and gives all of them. */
export function untilTargetHas(
  running: RunningStack,
  target: string,
  seconds: number,
  /** As people say it. */
  state: string,
): Promise<LogEntry[]> {
  return until(
    seconds,
    () => logOf(running, target),
    (entries) => {
      const last = entries.at(-1)
      return last !== undefined && spokenState(last.state, last.outcome) === state
    },
  )
}

/** A request that waits. */
export interface OpenedRequest {
  readonly target: string
  readonly connectionId: string
  readonly decisionId: string
  /** Of its page. */
  readonly path: string
}

/** The endpoint of an own team. */
export function ownEndpoint(name: string): string {
  return `/subscriptions/${analytics.subscriptionId}/resourceGroups/rg-app/providers/Microsoft.Network/privateEndpoints/${name}`
}

/** An own team asks by an ordinary endpoint, which the app can read. */
export async function askAsOwnTeam({ clients }: RunningStack, target: string, name: string): Promise<void> {
  const subnet = `${ownEndpoint('').replace('/privateEndpoints/', '')}/virtualNetworks/vnet/subnets/default`
  const asked = { privateLinkServiceId: target, groupIds: ['blob'], requestMessage: 'Please.' }
  await clients.arm('PUT', ownEndpoint(name), '2025-05-01', {
    location: 'westeurope',
    properties: {
      subnet: { id: subnet },
      manualPrivateLinkServiceConnections: [{ name, properties: asked }],
    },
  })
}

/** Somebody asks for a lake of its own, and the request waits: an unknown requester, or an own team. */
export async function openedRequest(
  running: RunningStack,
  name: string,
  who: 'unknown' | 'own team' = 'unknown',
): Promise<OpenedRequest> {
  const target = `${running.places.lake}${name}`
  await createLake(running, target)
  if (who === 'own team') await askAsOwnTeam(running, target, `pe-${name}`)
  else
    await askAsUnknown(running.clients, { name: `pe-${name}`, target, groupId: 'blob', message: 'Please.' })
  const entries = await untilTargetHas(running, target, 60, 'waiting for manual review')
  const last = entries.at(-1)
  if (last?.subject.kind !== 'connection') throw new Error('The request was not opened.')
  const { decisionId, subject } = last
  return { target, connectionId: subject.connectionId, decisionId, path: `/requests/${decisionId}` }
}

/** The status of the connections of a target, as its owner sees them. */
export async function statusOn(running: RunningStack, target: string): Promise<string> {
  return (await statusesOn(running, target)).join()
}

/** The status of each connection of a target. */
export async function statusesOn({ clients }: RunningStack, target: string): Promise<readonly string[]> {
  const { body } = await clients.arm('GET', `${target}/privateEndpointConnections`, '2024-01-01')
  const { value } = body as {
    value: { properties: { privateLinkServiceConnectionState: { status: string } } }[]
  }
  return value.map(({ properties }) => properties.privateLinkServiceConnectionState.status)
}
