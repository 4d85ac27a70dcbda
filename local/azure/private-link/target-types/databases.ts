import { embedding, names, usual } from './target-type.ts'
import type { TargetType } from './target-type.ts'
import { bothLinks, shownAtOnce, shownAtTheEnd } from './write-styles.ts'

/** SQL and the single servers: slow, with a mandatory description, embedded with little. */
const database: Omit<TargetType, 'type'> = {
  ...usual,
  write: shownAtTheEnd(bothLinks, 'Approving', 'Rejecting'),
  doneState: 'Ready',
  embedded: embedding('id', 'properties'),
  readOnlyMembers: 'refused',
  description: 'mandatory',
  busy: { status: 409, code: 'OperationInProgress' },
  globalName: true,
}

/** Databases and caches. */
export const databases: readonly TargetType[] = [
  {
    ...database,
    type: 'Microsoft.Sql/servers',
    groupIds: ['sqlServer'],
    groupIdShown: 'groupIds',
    readOnlyMembers: 'ignored',
    groupIdMissingIn: ['2018-06-01-preview'],
    shownName: 'endpoint in lists',
  },
  {
    ...database,
    type: 'Microsoft.Sql/managedInstances',
    groupIds: ['managedInstance'],
  },
  {
    ...database,
    type: 'Microsoft.DBforMySQL/servers',
    groupIds: ['mysqlServer'],
    patchesTags: true,
    embeddedSince: '2017-12-01',
  },
  {
    ...database,
    type: 'Microsoft.DBforPostgreSQL/servers',
    groupIds: ['postgresqlServer'],
    patchesTags: true,
    embeddedSince: '2017-12-01',
  },
  {
    ...database,
    type: 'Microsoft.DBforMariaDB/servers',
    groupIds: ['mariadbServer'],
    patchesTags: true,
  },
  {
    ...usual,
    type: 'Microsoft.DBforMySQL/flexibleServers',
    groupIds: ['mysqlServer'],
    groupIdShown: 'groupIds',
    doneState: 'Ready',
    write: shownAtTheEnd(bothLinks, 'Creating'),
    globalName: true,
    connectionName: names.byEndpointAndDot,
  },
  {
    ...usual,
    type: 'Microsoft.DBforPostgreSQL/flexibleServers',
    groupIds: ['postgresqlServer'],
    groupIdShown: 'groupIds',
    write: shownAtTheEnd(['Location'], 'Creating'),
    globalName: true,
    connectionName: names.byEndpointAndDot,
  },
  {
    ...usual,
    type: 'Microsoft.DBforPostgreSQL/serverGroupsv2',
    groupIds: ['coordinator', 'worker-0'],
    groupIdShown: 'groupIds',
    doneState: 'Ready',
    write: shownAtOnce(201, bothLinks, 'Creating'),
  },
  {
    ...usual,
    type: 'Microsoft.HorizonDb/clusters',
    groupIdShown: 'groupIds',
    embedded: 'no',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Creating'),
  },
  {
    ...usual,
    type: 'Microsoft.DocumentDB/databaseAccounts',
    groupIds: ['Sql', 'MongoDB', 'Cassandra', 'Gremlin', 'Table'],
    groupIdShown: 'groupId',
    write: shownAtTheEnd(bothLinks, 'Updating'),
    globalName: true,
    connectionType: 'Microsoft.DocumentDb/databaseAccounts/privateEndpointConnections',
    connectionName: names.endpoint,
    rejectedIsFinal: true,
  },
  {
    ...usual,
    type: 'Microsoft.DocumentDB/mongoClusters',
    groupIds: ['MongoCluster'],
    groupIdShown: 'groupIds',
    write: shownAtTheEnd(bothLinks, 'Creating'),
  },
  {
    ...usual,
    type: 'Microsoft.Cache/redis',
    groupIds: ['redisCache'],
    groupIdShown: 'groupIds',
    write: shownAtOnce(201, [], 'Creating'),
    globalName: true,
  },
  {
    ...usual,
    type: 'Microsoft.Cache/redisEnterprise',
    groupIds: ['redisEnterprise', 'redisEnterpriseCache'],
    write: shownAtOnce(201, [], 'Creating'),
  },
]
