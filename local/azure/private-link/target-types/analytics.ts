import { embedding, names, usual } from './target-type.ts'
import type { TargetType } from './target-type.ts'
import { bothLinks, shownAtOnce, shownAtTheEnd } from './write-styles.ts'

/** Analytics and data integration. */
export const analytics: readonly TargetType[] = [
  {
    ...usual,
    type: 'Microsoft.DataFactory/factories',
    groupIds: ['dataFactory', 'portal'],
    embedded: 'no',
    etag: 'etag',
    ifMatch: true,
    globalName: true,
    connectionName: names.byEndpointAndDot,
  },
  {
    ...usual,
    type: 'Microsoft.Synapse/workspaces',
    groupIds: ['Sql', 'SqlOnDemand', 'Dev'],
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Provisioning'),
    globalName: true,
    shownName: 'group',
  },
  {
    ...usual,
    type: 'Microsoft.Synapse/privateLinkHubs',
    verb: 'none',
    groupIds: ['web'],
    embedded: embedding('id', 'properties'),
    stateExtra: 'none',
  },
  {
    ...usual,
    type: 'Microsoft.Purview/accounts',
    groupIds: ['account', 'portal', 'platform'],
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Updating'),
    globalName: true,
    connectionName: names.byEndpointAndDot,
    pageSize: 25,
  },
  {
    ...usual,
    type: 'Microsoft.Databricks/workspaces',
    groupIds: ['databricks_ui_api', 'browser_authentication'],
    groupIdShown: 'groupIds',
    write: shownAtTheEnd(bothLinks, 'Updating'),
  },
  {
    ...usual,
    type: 'Microsoft.HDInsight/clusters',
    groupIds: ['cluster', 'gateway', 'headnode'],
    failedState: 'Canceled',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Updating'),
    linkDetails: ['linkIdentifier'],
    endpointDeleted: 'Disconnected',
    statusWords: { Disconnected: 'Removed' },
  },
  {
    ...usual,
    type: 'Microsoft.Kusto/clusters',
    groupIds: ['cluster'],
    groupIdShown: 'groupId',
    readOnlyMembers: 'refused',
    write: shownAtOnce(201, [], 'Updating'),
  },
  {
    ...usual,
    type: 'Microsoft.PowerBI/privateLinkServicesForPowerBI',
    groupIds: ['tenant'],
    failedState: 'Canceled',
    statusWords: { Approved: 'Approved ' },
  },
  {
    ...usual,
    type: 'Microsoft.PowerPlatform/enterprisePolicies',
    embedded: 'no',
  },
  {
    ...usual,
    type: 'Microsoft.TimeSeriesInsights/environments',
    groupIds: ['environment'],
    groupIdShown: 'groupIds',
    embedded: 'no',
  },
  {
    ...usual,
    type: 'Microsoft.AgFoodPlatform/farmBeats',
    groupIds: ['farmbeats'],
    groupIdShown: 'groupIds',
  },
  {
    ...usual,
    type: 'Microsoft.OpenEnergyPlatform/energyServices',
    embedded: 'no',
    stateExtra: 'none',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Updating'),
  },
]
