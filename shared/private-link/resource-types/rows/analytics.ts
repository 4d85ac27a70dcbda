import type { ResourceType } from '../resource-type.ts'
import { row } from '../row.ts'

/** Analytics and data integration. */
export const analytics: readonly ResourceType[] = [
  row({
    type: 'Microsoft.DataFactory/factories',
    apiVersion: '2018-06-01',
    listPath: 'privateEndPointConnections',
    ifMatch: true,
    groupIds: 'absent',
    knownGroupIds: ['dataFactory', 'portal'],
    mayBeAsync: false,
    permissionsSeen: true,
    notes: 'The list is spelled with a capital P in "Point", the connection itself is not.',
  }),
  row({
    type: 'Microsoft.Synapse/workspaces',
    apiVersion: '2021-06-01',
    groupIds: 'absent',
    knownGroupIds: ['Sql', 'SqlOnDemand', 'Dev'],
    notes: 'Some connections show no endpoint id. The name of an item may differ from its id.',
  }),
  row({
    type: 'Microsoft.Synapse/privateLinkHubs',
    apiVersion: '2021-06-01',
    answer: 'none',
    groupIds: 'unpublished',
    knownGroupIds: ['web'],
    permissions: [
      'Microsoft.Synapse/privateLinkHubs/read',
      'Microsoft.Synapse/privateLinkHubs/privateEndpointConnections/read',
    ],
    evidence: 'inferred',
    notes:
      'List and read are published, an answer is not: it is shown to people. Its members are taken to be the usual ones.',
  }),
  row({
    type: 'Microsoft.Purview/accounts',
    apiVersion: '2021-12-01',
    groupIds: 'absent',
    knownGroupIds: ['account', 'portal', 'platform'],
    permissionsSeen: true,
    notes:
      'Account, portal and platform endpoints. Unknown is among its statuses. The example of its operation link is no address.',
  }),
  row({
    type: 'Microsoft.Purview/accounts',
    list: 'ingestion',
    childTypes: ['ingestionPrivateEndpointConnections'],
    listPath: 'ingestionPrivateEndpointConnections',
    apiVersion: '2024-04-01-preview',
    readFrom: 'list',
    answer: 'post-ingestion-status',
    description: 'read-only',
    groupIds: 'absent',
    knownGroupIds: ['blob', 'queue'],
    mayBeAsync: false,
    noListStatuses: [400, 404],
    permissions: [
      'Microsoft.Purview/accounts/ingestionPrivateEndpointConnections/read',
      'Microsoft.Purview/accounts/ingestionPrivateEndpointConnectionStatus/action',
    ],
    evidence: 'inferred',
    notes:
      'Accounts since the end of 2023. Inferred: the permissions, that the endpoint id is what the POST wants (the example has a connection id, which is tried second), and what an older account answers.',
  }),
  row({
    type: 'Microsoft.Databricks/workspaces',
    apiVersion: '2026-01-01',
    groupIds: 'properties.groupIds',
    knownGroupIds: ['databricks_ui_api', 'browser_authentication'],
  }),
  row({
    type: 'Microsoft.HDInsight/clusters',
    apiVersion: '2021-06-01',
    groupIds: 'absent',
    knownGroupIds: ['cluster', 'gateway', 'headnode'],
    endedStatuses: ['Removed'],
    notes: 'Says Removed where others say Disconnected. Documentation and example name different groups.',
  }),
  row({
    type: 'Microsoft.Kusto/clusters',
    apiVersion: '2025-02-14',
    groupIds: 'properties.groupId',
    knownGroupIds: ['cluster'],
  }),
  row({
    type: 'Microsoft.PowerBI/privateLinkServicesForPowerBI',
    apiVersion: '2020-06-01',
    groupIds: 'absent',
    knownGroupIds: ['tenant'],
    mayBeAsync: false,
    notes: 'The example of a status ends in a blank.',
  }),
  row({
    type: 'Microsoft.PowerPlatform/enterprisePolicies',
    apiVersion: '2020-10-30-preview',
    groupIds: 'absent',
    mayBeAsync: false,
  }),
  row({
    type: 'Microsoft.TimeSeriesInsights/environments',
    apiVersion: '2021-03-31-preview',
    groupIds: 'properties.groupIds',
    knownGroupIds: ['environment'],
    mayBeAsync: false,
    notes: 'Retired service; known from its last specification.',
  }),
  row({
    type: 'Microsoft.AgFoodPlatform/farmBeats',
    apiVersion: '2023-06-01-preview',
    groupIds: 'properties.groupIds',
    knownGroupIds: ['farmbeats'],
    mayBeAsync: false,
  }),
  row({
    type: 'Microsoft.OpenEnergyPlatform/energyServices',
    apiVersion: '2022-07-21-preview',
    groupIds: 'unpublished',
    evidence: 'from-tools',
    notes: 'Known from a registration of Azure PowerShell only; everything else is taken to be as usual.',
  }),
]
