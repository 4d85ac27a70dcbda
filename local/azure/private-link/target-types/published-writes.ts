/** One published example of a write: how Microsoft shows that a decision is sent, and what is returned. */
export interface PublishedWrite {
  readonly type: string
  readonly verb: 'PUT' | 'PATCH' | 'POST'
  /** Below the target. */
  readonly path: string
  readonly apiVersion: string
  /**
   * Members of the body. `properties.` is left out, `state` stands for `privateLinkServiceConnectionState`; a member
   * that is empty is named without those in it.
   */
  readonly body: readonly string[]
  /** Code, status and provisioning state of each response; `-` where it shows none. */
  readonly responses: readonly PublishedResponse[]
}

export interface PublishedResponse {
  readonly code: string
  readonly status: string
  readonly provisioningState: string
}

type Row = readonly [
  type: string,
  verb: PublishedWrite['verb'],
  path: string,
  apiVersion: string,
  body: string,
  responses: string,
]

/** Read from the examples beside Microsoft's REST specifications (November 2024), apart from the types' own rows. */
// prettier-ignore
const rows: readonly Row[] = [
  ['microsoft.aadiam/privateLinkForAzureAd', 'PUT', '/privateEndpointConnections/{name}', '2020-03-01', 'privateEndpoint.id state.actionsRequired state.description state.status', '201 Approved Provisioning'],
  ['Microsoft.AgFoodPlatform/farmBeats', 'PUT', '/privateEndpointConnections/{name}', '2023-06-01-preview', 'state.description state.status', '200 Approved Succeeded'],
  ['Microsoft.ApiManagement/service', 'PUT', '/privateEndpointConnections/{name}', '2024-05-01', 'id state.description state.status', '200 Succeeded Succeeded, 202 - -'],
  ['Microsoft.App/managedEnvironments', 'PUT', '/privateEndpointConnections/{name}', '2024-08-02-preview', 'state.actionsRequired state.status', '200 Approved Succeeded, 201 Approved Updating'],
  ['Microsoft.AppConfiguration/configurationStores', 'PUT', '/privateEndpointConnections/{name}', '2024-05-01', 'state.description state.status', '200 Approved Succeeded, 201 Approved Succeeded'],
  ['Microsoft.Attestation/attestationProviders', 'PUT', '/privateEndpointConnections/{name}', '2021-06-01', 'state.description state.status', '200 Approved Succeeded'],
  ['Microsoft.Automation/automationAccounts', 'PUT', '/privateEndpointConnections/{name}', '2023-05-15-preview', 'state.description state.status', '200 Approved -, 202 - -'],
  ['Microsoft.Batch/batchAccounts', 'PATCH', '/privateEndpointConnections/{name}', '2024-07-01', 'state.description state.status', '200 Approved Succeeded, 202 - -'],
  ['Microsoft.BotService/botServices', 'PUT', '/privateEndpointConnections/{name}', '2022-09-15', 'state.description state.status', '200 Approved Succeeded'],
  ['Microsoft.Cache/redis', 'PUT', '/privateEndpointConnections/{name}', '2024-11-01', 'state.description state.status', '200 Approved Succeeded, 201 Approved Succeeded'],
  ['Microsoft.Cache/redisEnterprise', 'PUT', '/privateEndpointConnections/{name}', '2024-10-01', 'state.description state.status', '201 Approved Succeeded'],
  ['Microsoft.CognitiveServices/accounts', 'PUT', '/privateEndpointConnections/{name}', '2024-10-01', 'state.description state.status', '200 Approved -, 202 Approved -'],
  ['Microsoft.Compute/diskAccesses', 'PUT', '/privateEndpointConnections/{name}', '2024-03-02', 'state.description state.status', '200 Approved Succeeded, 202 Approved Updating'],
  ['Microsoft.ContainerRegistry/registries', 'PUT', '/privateEndpointConnections/{name}', '2023-07-01', 'state.description state.status', '200 Approved Succeeded, 201 Approved Succeeded'],
  ['Microsoft.ContainerService/managedClusters', 'PUT', '/privateEndpointConnections/{name}', '2024-09-01', 'state.status', '200 Approved Succeeded, 201 Approved Succeeded'],
  ['Microsoft.Dashboard/grafana', 'PUT', '/privateEndpointConnections/{name}', '2023-09-01', 'state.description state.status', '201 Approved -'],
  ['Microsoft.Databricks/workspaces', 'PUT', '/privateEndpointConnections/{name}', '2024-05-01', 'state.description state.status', '200 Approved Succeeded, 202 Approved Succeeded'],
  ['Microsoft.DataFactory/factories', 'PUT', '/privateEndpointConnections/{name}', '2018-06-01', 'privateEndpoint.id state.actionsRequired state.description state.status', '200 Approved Succeeded'],
  ['Microsoft.DBforMariaDB/servers', 'PATCH', '/privateEndpointConnections/{name}', '2018-06-01', 'tags', '200 Approved Ready'],
  ['Microsoft.DBforMariaDB/servers', 'PUT', '/privateEndpointConnections/{name}', '2018-06-01', 'state.description state.status', '200 Approved Ready, 202 - -'],
  ['Microsoft.DBforMySQL/flexibleServers', 'PUT', '/privateEndpointConnections/{name}', '2023-06-30', 'state.description state.status', '200 Approved Ready, 201 Approved Ready, 202 - -'],
  ['Microsoft.DBforMySQL/servers', 'PATCH', '/privateEndpointConnections/{name}', '2018-06-01', 'tags', '200 Approved Ready'],
  ['Microsoft.DBforMySQL/servers', 'PUT', '/privateEndpointConnections/{name}', '2018-06-01', 'state.description state.status', '200 Approved Ready, 202 - -'],
  ['Microsoft.DBforPostgreSQL/flexibleServers', 'PUT', '/privateEndpointConnections/{name}', '2024-08-01', 'state.description state.status', '200 Approved Ready, 201 Approved Ready, 202 - -'],
  ['Microsoft.DBforPostgreSQL/serverGroupsv2', 'PUT', '/privateEndpointConnections/{name}', '2022-11-08', 'state.description state.status', '200 Approved Ready, 201 Approved Ready'],
  ['Microsoft.DBforPostgreSQL/servers', 'PATCH', '/privateEndpointConnections/{name}', '2018-06-01', 'tags', '200 Approved Ready'],
  ['Microsoft.DBforPostgreSQL/servers', 'PUT', '/privateEndpointConnections/{name}', '2018-06-01', 'state.description state.status', '200 Approved Ready, 202 - -'],
  ['Microsoft.DesktopVirtualization/hostPools', 'PUT', '/privateEndpointConnections/{name}', '2024-04-03', 'state.actionsRequired state.description state.status', '200 Approved Succeeded'],
  ['Microsoft.DesktopVirtualization/workspaces', 'PUT', '/privateEndpointConnections/{name}', '2024-04-03', 'state.actionsRequired state.description state.status', '200 Approved Succeeded'],
  ['Microsoft.Devices/iotHubs', 'PUT', '/privateEndpointConnections/{name}', '2023-06-30', 'state.description state.status', '200 Approved -, 201 Approved -'],
  ['Microsoft.Devices/provisioningServices', 'PUT', '/privateEndpointConnections/{name}', '2022-12-12', 'state.description state.status', '200 Approved -, 201 Approved -'],
  ['Microsoft.DeviceUpdate/accounts', 'PUT', '/privateEndpointConnections/{name}', '2023-07-01', 'state.description state.status', '201 Approved Succeeded'],
  ['Microsoft.DigitalTwins/digitalTwinsInstances', 'PUT', '/privateEndpointConnections/{name}', '2023-01-31', 'state.description state.status', '200 Approved Succeeded, 202 Pending Succeeded'],
  ['Microsoft.DocumentDB/databaseAccounts', 'PUT', '/privateEndpointConnections/{name}', '2024-08-15', 'state.description state.status', '200 Approved Succeeded, 202 - -'],
  ['Microsoft.DocumentDB/mongoClusters', 'PUT', '/privateEndpointConnections/{name}', '2024-07-01', 'state.description state.status', '200 Approved Succeeded, 201 Approved Succeeded, 202 - -'],
  ['Microsoft.ElasticSan/elasticSans', 'PUT', '/privateEndpointConnections/{name}', '2024-05-01', 'groupIds privateEndpoint state.actionsRequired state.description state.status', '200 Pending Succeeded, 201 Pending Succeeded'],
  ['Microsoft.ElasticSan/elasticSans', 'PUT', '/privateEndpointConnections/{name}', '2024-05-01', 'state', '200 Pending Succeeded, 201 Pending Succeeded'],
  ['Microsoft.EventGrid/topics', 'PUT', '/privateEndpointConnections/{name}', '2022-06-15', 'state.actionsRequired state.description state.status', '200 Approved Succeeded, 201 Approved Succeeded'],
  ['Microsoft.EventHub/namespaces', 'PUT', '/privateEndpointConnections/{name}', '2024-01-01', 'privateEndpoint.id provisioningState state.description state.status', '200 Approved Succeeded, 201 Approved Succeeded, 202 Approved Succeeded'],
  ['Microsoft.HardwareSecurityModules/cloudHsmClusters', 'PUT', '/privateEndpointConnections/{name}', '2024-06-30-preview', 'state.description state.status', '200 Approved Succeeded'],
  ['Microsoft.HDInsight/clusters', 'PUT', '/privateEndpointConnections/{name}', '2021-06-01', 'state.actionsRequired state.description state.status', '200 Approved Succeeded, 201 Approved Succeeded'],
  ['Microsoft.HealthcareApis/services', 'PUT', '/privateEndpointConnections/{name}', '2024-03-31', 'state.description state.status', '200 Approved Succeeded'],
  ['Microsoft.HealthcareApis/workspaces', 'PUT', '/privateEndpointConnections/{name}', '2024-03-31', 'state.description state.status', '200 Approved Succeeded'],
  ['Microsoft.HealthDataAIServices/deidServices', 'PUT', '/privateEndpointConnections/{name}', '2024-09-20', 'privateEndpoint state.actionsRequired state.description state.status', '200 Pending Succeeded, 201 Pending Succeeded'],
  ['Microsoft.HybridCompute/privateLinkScopes', 'PUT', '/privateEndpointConnections/{name}', '2024-07-10', 'state.description state.status', '200 Approved Succeeded, 202 - -'],
  ['Microsoft.Insights/privateLinkScopes', 'PUT', '/privateEndpointConnections/{name}', '2021-07-01-preview', 'state.description state.status', '200 Approved Succeeded, 202 - -'],
  ['Microsoft.IoTCentral/iotApps', 'PUT', '/privateEndpointConnections/{name}', '2021-11-01-preview', 'state.actionsRequired state.description state.status', '200 Approved -'],
  ['Microsoft.KeyVault/managedHSMs', 'PUT', '/privateEndpointConnections/{name}', '2023-07-01', 'state.description state.status', '200 Approved Succeeded'],
  ['Microsoft.KeyVault/vaults', 'PUT', '/privateEndpointConnections/{name}', '2023-07-01', 'etag state.description state.status', '200 Approved Succeeded'],
  ['Microsoft.KubernetesConfiguration/privateLinkScopes', 'PUT', '/privateEndpointConnections/{name}', '2022-04-02-preview', 'state.description state.status', '200 Approved Succeeded, 202 - -'],
  ['Microsoft.Kusto/clusters', 'PUT', '/privateEndpointConnections/{name}', '2023-08-15', 'state.description state.status', '200 Approved -, 201 Approved -'],
  ['Microsoft.MachineLearningServices/workspaces', 'PUT', '/privateEndpointConnections/{name}', '2024-10-01', 'state.description state.status', '200 Approved Succeeded'],
  ['Microsoft.Maps/accounts', 'PUT', '/privateEndpointConnections/{name}', '2024-01-01-preview', 'state.description state.status', '200 Approved Creating, 201 Approved Creating'],
  ['Microsoft.Media/mediaservices', 'PUT', '/privateEndpointConnections/{name}', '2023-01-01', 'state.description state.status', '200 Approved Succeeded'],
  ['Microsoft.Media/videoAnalyzers', 'PUT', '/privateEndpointConnections/{name}', '2021-11-01-preview', 'state.description state.status', '201 Approved -'],
  ['Microsoft.Migrate/assessmentProjects', 'PUT', '/privateEndpointConnections/{name}', '2023-03-15', 'privateEndpoint state.actionsRequired state.description state.status', '200 Approved Succeeded, 201 Approved Succeeded'],
  ['Microsoft.Migrate/migrateProjects', 'PUT', '/privateEndpointConnections/{name}', '2023-01-01', '', '200 - -, 201 - -'],
  ['Microsoft.Migrate/migrateProjects', 'PUT', '/privateEndpointConnections/{name}', '2023-01-01', 'privateEndpoint state.actionsRequired state.description state.status', '200 Approved -, 201 Approved -'],
  ['Microsoft.Network/applicationGateways', 'PUT', '/privateEndpointConnections/{name}', '2024-03-01', 'name privateEndpoint.id state.description state.status', '200 Approved -, 202 - -'],
  ['Microsoft.Network/privateLinkServices', 'PUT', '/privateEndpointConnections/{name}', '2024-03-01', 'name privateEndpoint.id state.description state.status', '200 Approved -'],
  ['Microsoft.NotificationHubs/namespaces', 'PUT', '/privateEndpointConnections/{name}', '2023-09-01', 'privateEndpoint state.status', '200 Approved Succeeded, 201 Approved Succeeded'],
  ['Microsoft.OffAzure/masterSites', 'PUT', '/privateEndpointConnections/{name}', '2023-06-06', '', '200 - -, 201 - -'],
  ['Microsoft.OffAzure/masterSites', 'PUT', '/privateEndpointConnections/{name}', '2023-06-06', 'privateEndpoint provisioningState state.actionsRequired state.description state.status', '200 Approved -, 201 Approved -'],
  ['Microsoft.PowerBI/privateLinkServicesForPowerBI', 'PUT', '/privateEndpointConnections/{name}', '2020-06-01', 'privateEndpoint.id state.actionsRequired state.description state.status', '200 - -, 201 - -'],
  ['Microsoft.PowerPlatform/enterprisePolicies', 'PUT', '/privateEndpointConnections/{name}', '2020-10-30-preview', 'state.description state.status', '200 Approved -'],
  ['Microsoft.Purview/accounts', 'POST', '/ingestionPrivateEndpointConnectionStatus', '2024-04-01-preview', 'privateEndpointId status', '200 - -'],
  ['Microsoft.Purview/accounts', 'PUT', '/privateEndpointConnections/{name}', '2021-12-01', 'state.description state.status', '200 Approved Succeeded, 201 Approved Succeeded'],
  ['Microsoft.RecoveryServices/vaults', 'PUT', '/privateEndpointConnections/{name}', '2024-04-01', 'groupIds privateEndpoint.id provisioningState state.description state.status', '200 Approved Succeeded, 201 Approved Pending'],
  ['Microsoft.Relay/namespaces', 'PUT', '/privateEndpointConnections/{name}', '2024-01-01', 'privateEndpoint.id state.description state.status', '200 Approved Updating, 201 Approved Updating, 202 Approved Succeeded'],
  ['Microsoft.Search/searchServices', 'PUT', '/privateEndpointConnections/{name}', '2023-11-01', 'state.description state.status', '200 Rejected -'],
  ['Microsoft.SecurityAndCompliance/privateLinkServicesForEDMUpload', 'PUT', '/privateEndpointConnections/{name}', '2021-03-08', 'state.description state.status', '200 Approved Succeeded, 201 Approved Succeeded'],
  ['Microsoft.ServiceBus/namespaces', 'PUT', '/privateEndpointConnections/{name}', '2024-01-01', 'privateEndpoint.id provisioningState state.description state.status', '200 Approved Succeeded, 201 Approved Succeeded, 202 Approved Succeeded'],
  ['Microsoft.SignalRService/signalR', 'PUT', '/privateEndpointConnections/{name}', '2024-03-01', 'privateEndpoint state.actionsRequired state.status', '200 Approved Succeeded'],
  ['Microsoft.SignalRService/webPubSub', 'PUT', '/privateEndpointConnections/{name}', '2024-03-01', 'privateEndpoint state.actionsRequired state.status', '200 Approved Succeeded'],
  ['Microsoft.Sql/managedInstances', 'PUT', '/privateEndpointConnections/{name}', '2021-11-01', 'state.description state.status', '200 Approved Ready, 202 - -'],
  ['Microsoft.Sql/servers', 'PUT', '/privateEndpointConnections/{name}', '2021-11-01', 'state.description state.status', '200 Approved Ready, 202 - -'],
  ['Microsoft.Storage/storageAccounts', 'PUT', '/privateEndpointConnections/{name}', '2023-05-01', 'state.description state.status', '200 Approved Succeeded'],
  ['Microsoft.StorageSync/storageSyncServices', 'PUT', '/privateEndpointConnections/{name}', '2022-09-01', 'state.description state.status', '200 Approved Succeeded, 202 - -'],
  ['Microsoft.Synapse/workspaces', 'PUT', '/privateEndpointConnections/{name}', '2021-06-01', 'state.description state.status', '200 Approved Succeeded, 201 Approved Provisioning'],
  ['Microsoft.TimeSeriesInsights/environments', 'PUT', '/privateEndpointConnections/{name}', '2021-03-31-preview', 'state.description state.status', '200 Rejected -'],
  ['Microsoft.VideoIndexer/accounts', 'PUT', '/privateEndpointConnections/{name}', '2024-06-01-preview', 'state.description state.status', '200 Approved Succeeded, 201 Approved Succeeded'],
  ['Microsoft.Web/hostingEnvironments', 'PUT', '/privateEndpointConnections/{name}', '2024-04-01', 'state.description state.status', '200 Approved Succeeded, 202 Approved Succeeded'],
  ['Microsoft.Web/sites', 'PUT', '/privateEndpointConnections/{name}', '2024-04-01', 'state.actionsRequired state.description state.status', '200 Approved Succeeded, 202 Approved Succeeded'],
  ['Microsoft.Web/sites/slots', 'PUT', '/privateEndpointConnections/{name}', '2024-04-01', 'state.actionsRequired state.description state.status', '200 Approved Succeeded, 202 Approved Succeeded'],
  ['Microsoft.Web/staticSites', 'PUT', '/privateEndpointConnections/{name}', '2024-04-01', 'state.actionsRequired state.description state.status', '200 Approved Succeeded, 202 Approved Succeeded'],
]

export const publishedWrites: readonly PublishedWrite[] = rows.map(
  ([type, verb, path, apiVersion, body, responses]) => ({
    type,
    verb,
    path,
    apiVersion,
    body: body.split(' ').filter((member) => member !== ''),
    responses: responses.split(', ').map((response) => {
      const [code = '', status = '-', provisioningState = '-'] = response.split(' ')
      return { code, status, provisioningState }
    }),
  }),
)

/** Types that share the operation of another one, and with it the example. */
const sameOperation: Readonly<Record<string, string>> = {
  'Microsoft.EventGrid/domains': 'Microsoft.EventGrid/topics',
  'Microsoft.EventGrid/namespaces': 'Microsoft.EventGrid/topics',
  'Microsoft.EventGrid/partnerNamespaces': 'Microsoft.EventGrid/topics',
}

/** The type whose example a type without one shares. */
export function sharedExampleOf(type: string): string | undefined {
  return sameOperation[type]
}

/** The examples that decide a connection of the type. Some types have a PATCH beside it, which changes tags only. */
export function writesOf(type: string): readonly PublishedWrite[] {
  const shown = sameOperation[type] ?? type
  return publishedWrites.filter((write) => write.type === shown && !write.body.includes('tags'))
}

/** Members that a body can do without: an empty etag says nothing, and what is sent for the others is checked elsewhere. */
const checkedElsewhere = ['etag', 'privateEndpoint', 'state', 'state.description', 'state.status']

/**
 * Members that every example of the type has, beyond those of most types. No schema marks them as required. API
 * Management is known to answer 400 without its `id`; that the others refuse a body without them is inferred.
 */
export function neededMembers(type: string): readonly string[] {
  const bodies = writesOf(type)
    .filter(({ verb }) => verb !== 'POST')
    .map(({ body }) => body)
  const [first = []] = bodies
  return first.filter(
    (member) => !checkedElsewhere.includes(member) && bodies.every((body) => body.includes(member)),
  )
}
