import { randomUUID } from 'node:crypto'
import type { ConnectionStatus } from '../../state.ts'
import type { WriteStyle } from './write-styles.ts'
import { atOnce } from './write-styles.ts'

/** Members of a connection at its top level. */
export type Member = 'id' | 'name' | 'type' | 'etag' | 'eTag' | 'location' | 'properties'

/** How the target itself shows its connections. */
export interface Embedding {
  /** The member in the target's `properties`. */
  readonly property: string
  /** Members of an item; `plain ids` for a list of strings. */
  readonly members: readonly Member[] | 'plain ids'
  readonly stateName: 'privateLinkServiceConnectionState' | 'registryPrivateLinkServiceConnectionState'
}

/** One type of resource that private endpoints can connect to, with its peculiarities. */
export interface TargetType {
  readonly type: string
  /** `none`: there is no such operation (405). `not played`: none is published, so the path is unknown (404). */
  readonly list: 'value' | 'bare array' | 'none' | 'not played'
  /** The method that approves or rejects a connection. `none`: none is published, every write is 405. */
  readonly verb: 'PUT' | 'PATCH' | 'none'
  /** There is a PATCH, too, but it changes only tags. */
  readonly patchesTags: boolean
  /** `type` of a connection, if it is not `{type}/privateEndpointConnections`. */
  readonly connectionType?: string
  /** What `name` shows: the connection's own name, the name of its endpoint when listed, or its group in lower case. */
  readonly shownName: 'own' | 'endpoint in lists' | 'group'
  /** Members of an item of the list. */
  readonly listed: readonly Member[]
  readonly embedded: Embedding | 'no'
  /** First version that embeds, if it is not the first one of the connections. */
  readonly embeddedSince?: string
  /** What `privateLinkResources` lists; `{name}` stands for the target's name. */
  readonly groupIds: readonly string[]
  readonly groupIdShown: 'groupIds' | 'groupId' | 'no'
  /** Api-versions whose responses leave the group ids out. */
  readonly groupIdMissingIn: readonly string[]
  /** Read-only members that only private links to load balancers have. */
  readonly linkDetails: readonly ('linkIdentifier' | 'privateEndpointLocation')[]
  readonly stateExtra: 'actionsRequired' | 'actionRequired' | 'none'
  /** What happens to read-only members in a body: they are ignored, or the response is 400. */
  readonly readOnlyMembers: 'ignored' | 'refused'
  readonly description: 'optional' | 'mandatory' | 'read-only'
  /** Statuses that the type spells differently. */
  readonly statusWords: Partial<Record<ConnectionStatus, string>>
  /** Whether there is a `provisioningState`. */
  readonly provisioningShown: boolean
  readonly doneState: 'Succeeded' | 'Ready'
  /** What `provisioningState` shows for ever while the connection is not Approved, if it is not the end state. */
  readonly unapprovedState?: 'Pending'
  readonly failedState: 'Failed' | 'Canceled' | 'Cancelled' | 'Incomplete'
  readonly write: WriteStyle
  readonly sameStateRefused: boolean
  readonly rejectedIsFinal: boolean
  readonly busy: { readonly status: 409 | 429; readonly code: string }
  readonly etag: 'etag' | 'eTag' | 'no'
  readonly ifMatch: boolean
  readonly pageSize: number
  /** Responses to GET and DELETE of a connection that does not exist. */
  readonly missing: { readonly get: 404 | 204; readonly delete: 204 | 404 }
  /** What happens to the connection when its endpoint is deleted. */
  readonly endpointDeleted: 'gone' | 'Disconnected'
  readonly connectionName: (target: string, endpoint: string) => string
  /** Whether names are unique in all of Azure, because they become DNS names or are documented to be global. */
  readonly globalName: boolean
}

/** Names of connections. */
export const names = {
  byEndpoint: (_target: string, endpoint: string): string => `${endpoint}-${randomUUID()}`,
  byEndpointAndDot: (_target: string, endpoint: string): string => `${endpoint}.${randomUUID()}`,
  endpoint: (_target: string, endpoint: string): string => endpoint,
  byTarget: (target: string): string => `${target}.${randomUUID()}`,
  opaque: (): string => randomUUID().replaceAll('-', ''),
}

/** Items of `properties.privateEndpointConnections` with these members. */
export function embedding(...members: readonly Member[]): Embedding {
  return {
    property: 'privateEndpointConnections',
    members,
    stateName: 'privateLinkServiceConnectionState',
  }
}

/** What most types have in common; each row states only its differences. */
export const usual: Omit<TargetType, 'type'> = {
  list: 'value',
  verb: 'PUT',
  patchesTags: false,
  shownName: 'own',
  listed: ['id', 'name', 'type', 'etag', 'eTag', 'properties'],
  embedded: embedding('id', 'name', 'type', 'properties'),
  groupIds: [],
  groupIdShown: 'no',
  groupIdMissingIn: [],
  linkDetails: [],
  stateExtra: 'actionsRequired',
  readOnlyMembers: 'ignored',
  description: 'optional',
  statusWords: {},
  provisioningShown: true,
  doneState: 'Succeeded',
  failedState: 'Failed',
  write: atOnce,
  sameStateRefused: false,
  rejectedIsFinal: false,
  busy: { status: 409, code: 'AnotherOperationInProgress' },
  etag: 'no',
  ifMatch: false,
  pageSize: 100,
  missing: { get: 404, delete: 204 },
  endpointDeleted: 'gone',
  connectionName: names.byEndpoint,
  globalName: false,
}
