import { randomUUID } from 'node:crypto'

/** How a write of a connection goes on after its first answer. */
export interface WriteStyle {
  /** `sync`: done in the first answer. `shown`: the new status is visible at once, provisioning goes on. `late`: the status changes at the end. */
  readonly style: 'sync' | 'shown' | 'late'
  readonly status: 200 | 201 | 202
  readonly links: readonly ('Azure-AsyncOperation' | 'Location')[]
  readonly busyApproving: string
  readonly busyRejecting: string
}

/** One type of resource that private endpoints can connect to, with what is special about it. */
export interface TargetType {
  readonly type: string
  /** How the type spells itself in `type` of a connection, where that differs from `{type}/privateEndpointConnections`. */
  readonly connectionType?: string
  readonly groupIds: readonly string[]
  readonly groupIdShown: 'groupIds' | 'groupId' | 'no'
  /** Api-versions whose answers leave the group ids out. */
  readonly groupIdMissingIn: readonly string[]
  /** Members of an item of `properties.privateEndpointConnections` in the target itself. */
  readonly embedded: readonly ('id' | 'name' | 'type' | 'etag' | 'properties')[] | 'not embedded'
  readonly stateExtra: 'actionsRequired' | 'actionRequired' | 'none'
  readonly stateExtraReadOnly: boolean
  readonly connectionName: (target: string, endpoint: string) => string
  readonly write: WriteStyle
  readonly doneState: 'Succeeded' | 'Ready'
  readonly emptyDescription: 'accepted' | { readonly code: string }
  readonly sameStateRefused: boolean
  readonly rejectedIsFinal: boolean
  readonly busy: { readonly status: 409 | 429; readonly code: string }
  readonly itemEtag: boolean
  readonly pageSize: number
  /** What becomes of the connection when its endpoint is deleted. */
  readonly endpointDeleted: 'gone' | 'Disconnected'
  /** Names that are unique in all of Azure, as they become DNS names or are documented to be global. */
  readonly globalName: boolean
}

const synchronous: WriteStyle = {
  style: 'sync',
  status: 200,
  links: [],
  busyApproving: 'Succeeded',
  busyRejecting: 'Succeeded',
}
const slowDatabase: WriteStyle = {
  style: 'late',
  status: 202,
  links: ['Azure-AsyncOperation', 'Location'],
  busyApproving: 'Approving',
  busyRejecting: 'Rejecting',
}
const byEndpoint = (_target: string, endpoint: string): string => `${endpoint}-${randomUUID()}`
const byEndpointAndDot = (_target: string, endpoint: string): string => `${endpoint}.${randomUUID()}`
const byTarget = (target: string): string => `${target}.${randomUUID()}`
const opaque = (): string => randomUUID().replaceAll('-', '')

const usual: Omit<TargetType, 'type' | 'groupIds'> = {
  groupIdShown: 'no',
  groupIdMissingIn: [],
  embedded: ['id', 'name', 'type', 'properties'],
  stateExtra: 'actionsRequired',
  stateExtraReadOnly: false,
  connectionName: byEndpoint,
  write: synchronous,
  doneState: 'Succeeded',
  emptyDescription: 'accepted',
  sameStateRefused: false,
  rejectedIsFinal: false,
  busy: { status: 409, code: 'AnotherOperationInProgress' },
  itemEtag: false,
  pageSize: 100,
  endpointDeleted: 'gone',
  globalName: true,
}

const database: Omit<TargetType, 'type' | 'groupIds'> = {
  ...usual,
  write: slowDatabase,
  doneState: 'Ready',
  stateExtraReadOnly: true,
  embedded: ['id', 'properties'],
  emptyDescription: { code: 'InvalidResourceIdSegment' },
  busy: { status: 409, code: 'OperationInProgress' },
}

/** The fifteen target types, each on its own evidence: specifications, recordings and reports about the live service. */
export const targetTypes: readonly TargetType[] = [
  {
    ...usual,
    type: 'Microsoft.Storage/storageAccounts',
    groupIds: ['blob', 'dfs', 'file', 'queue', 'table', 'web'].flatMap((id) => [id, `${id}_secondary`]),
    stateExtra: 'actionRequired',
    connectionName: byTarget,
    sameStateRefused: true,
    busy: { status: 409, code: 'StorageAccountOperationInProgress' },
  },
  {
    ...database,
    type: 'Microsoft.Sql/servers',
    groupIds: ['sqlServer'],
    groupIdShown: 'groupIds',
    groupIdMissingIn: ['2018-06-01-preview'],
  },
  { ...database, type: 'Microsoft.Sql/managedInstances', groupIds: ['managedInstance'] },
  {
    ...usual,
    type: 'Microsoft.KeyVault/vaults',
    groupIds: ['vault'],
    embedded: ['id', 'etag', 'properties'],
    connectionName: opaque,
    write: {
      style: 'shown',
      status: 200,
      links: ['Azure-AsyncOperation'],
      busyApproving: 'Updating',
      busyRejecting: 'Updating',
    },
    busy: { status: 409, code: 'ConflictError' },
    itemEtag: true,
    pageSize: 3,
    endpointDeleted: 'Disconnected',
  },
  {
    ...usual,
    type: 'Microsoft.DocumentDB/databaseAccounts',
    connectionType: 'Microsoft.DocumentDb/databaseAccounts/privateEndpointConnections',
    groupIds: ['Sql', 'MongoDB', 'Cassandra', 'Gremlin', 'Table'],
    groupIdShown: 'groupId',
    stateExtraReadOnly: true,
    connectionName: (_target, endpoint) => endpoint,
    write: { ...slowDatabase, busyApproving: 'Updating', busyRejecting: 'Updating' },
    rejectedIsFinal: true,
  },
  {
    ...usual,
    type: 'Microsoft.EventHub/namespaces',
    connectionType: 'Microsoft.EventHub/Namespaces/PrivateEndpointConnections',
    groupIds: ['namespace'],
    stateExtra: 'none',
    connectionName: opaque,
    write: { style: 'shown', status: 202, links: [], busyApproving: 'Updating', busyRejecting: 'Updating' },
  },
  {
    ...usual,
    type: 'Microsoft.Synapse/workspaces',
    groupIds: ['Sql', 'SqlOnDemand', 'Dev'],
    stateExtraReadOnly: true,
    write: {
      style: 'shown',
      status: 201,
      links: ['Azure-AsyncOperation'],
      busyApproving: 'Provisioning',
      busyRejecting: 'Provisioning',
    },
  },
  {
    ...usual,
    type: 'Microsoft.Purview/accounts',
    groupIds: ['account', 'portal', 'platform'],
    connectionName: byEndpointAndDot,
    write: {
      style: 'shown',
      status: 201,
      links: ['Azure-AsyncOperation'],
      busyApproving: 'Updating',
      busyRejecting: 'Updating',
    },
    pageSize: 25,
  },
  {
    ...usual,
    type: 'Microsoft.DataFactory/factories',
    groupIds: ['dataFactory', 'portal'],
    embedded: 'not embedded',
    connectionName: byEndpointAndDot,
    itemEtag: true,
  },
  {
    ...usual,
    type: 'Microsoft.DBforMySQL/flexibleServers',
    groupIds: ['mysqlServer'],
    groupIdShown: 'groupIds',
    write: { ...slowDatabase, busyApproving: 'Creating', busyRejecting: 'Creating' },
    doneState: 'Ready',
    connectionName: byEndpointAndDot,
  },
  {
    ...usual,
    type: 'Microsoft.DBforPostgreSQL/flexibleServers',
    groupIds: ['postgresqlServer'],
    groupIdShown: 'groupIds',
    write: { ...slowDatabase, links: ['Location'], busyApproving: 'Creating', busyRejecting: 'Creating' },
    connectionName: byEndpointAndDot,
  },
  { ...database, type: 'Microsoft.DBforMySQL/servers', groupIds: ['mysqlServer'] },
  { ...database, type: 'Microsoft.DBforPostgreSQL/servers', groupIds: ['postgresqlServer'] },
  {
    ...usual,
    type: 'Microsoft.Network/privateLinkServices',
    groupIds: [],
    embedded: ['id', 'name', 'type', 'etag', 'properties'],
    connectionName: byEndpointAndDot,
    busy: { status: 429, code: 'RetryableErrorDueToAnotherOperation' },
    itemEtag: true,
    endpointDeleted: 'Disconnected',
    globalName: false,
  },
]

/** Looks a type up without regard to case. */
export function targetType(type: string): TargetType | undefined {
  return targetTypes.find((row) => row.type.toLowerCase() === type.toLowerCase())
}
