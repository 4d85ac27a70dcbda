import type { Connection } from '../../../shared/domain/connection.ts'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import type { ConnectionsPort } from '../../../shared/ports/azure.ts'
import { createConnections } from '../../../shared/private-link/connections/connections.ts'
import type { ResourceType } from '../../../shared/private-link/resource-types/resource-type.ts'
import { listsOfType } from '../../../shared/private-link/resource-types/table.ts'
import {
  clientOf,
  type FakeAzure,
  fakeAzure,
  type FakeClock,
  fakeClock,
  type FakeLog,
  fakeLog,
  type Replies,
  type Reply,
} from './fake-azure.ts'
import { endpointIn, managedSubscription } from './ids.ts'
import { listWhole } from '../../support/whole-list.ts'

export const endpoint = endpointIn(managedSubscription, 'adf-prod.mpe')

export interface Setting {
  readonly fake: FakeAzure
  readonly log: FakeLog
  readonly clock: FakeClock
  readonly connections: ConnectionsPort
}

/** The connections of targets as a wire with these replies shows them. */
export function setting(replies: Replies): Setting {
  const fake = fakeAzure(replies)
  const log = fakeLog()
  const clock = fakeClock()
  return { fake, log, clock, connections: createConnections({ arm: clientOf(fake), log, clock }) }
}

/** A connection as most types show it. */
export function item(
  id: string,
  status: string,
  more: object = {},
  stateMember = 'privateLinkServiceConnectionState',
): object {
  const state = { status, description: 'please' }
  return {
    id,
    name: 'not-the-name',
    properties: { privateEndpoint: { id: endpoint.id }, [stateMember]: state, ...more },
  }
}

/** What is asked to list the connections of a target of this type. */
export function listCall({ listForm, listPath }: ResourceType, target: ResourceId): string {
  return listForm === 'embedded' ? `GET ${target.id}` : `GET ${target.id}/${listPath}`
}

/** Items in the form in which the type lists them. */
export function listReply({ listForm, embeddedIn }: ResourceType, items: readonly unknown[]): Reply {
  if (listForm === 'bare-array') return { status: 200, body: items }
  if (listForm !== 'embedded') return { status: 200, body: { value: items } }
  const member = embeddedIn.split('.').at(-1) ?? ''
  return { status: 200, body: { properties: { provisioningState: 'Succeeded', [member]: items } } }
}

/** The lists of the same target that the row is not about, empty. */
export function otherLists(target: ResourceId, resourceType: ResourceType): Replies {
  const others = listsOfType(target.type).filter(({ list }) => list !== resourceType.list)
  return Object.fromEntries(others.map((other) => [listCall(other, target), listReply(other, [])]))
}

/** The only connection of the target. */
export async function onlyOne(connections: ConnectionsPort, target: ResourceId): Promise<Connection> {
  const [connection, another] = await listWhole(connections, target)
  if (!connection || another) throw new Error('The target has none or several connections.')
  return connection
}
