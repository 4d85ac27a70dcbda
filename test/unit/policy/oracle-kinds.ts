import { anyOf, outsideOfGroups, resourceOf } from './oracle-text.ts'

/** Requesters whose endpoints are named `{requester}.{anything}`. */
export const isNamedByEndpoints = anyOf([
  resourceOf([
    'Microsoft.DataFactory/factories',
    'Microsoft.Synapse/workspaces',
    'Microsoft.Purview/accounts',
  ]),
  outsideOfGroups('/fabric/workspaces/*'),
])
/** Requesters of whom the name of an endpoint tells nothing. */
export const isNeverNamed = anyOf([
  resourceOf([
    'Microsoft.Kusto/clusters',
    'Microsoft.Dashboard/grafana',
    'Microsoft.Search/searchServices',
    'Microsoft.Cdn/profiles',
  ]),
  outsideOfGroups('/databricks/accounts/*/networkConnectivityConfigs/*'),
])
/** One ordinary endpoint. */
export const isEndpoint = resourceOf(['Microsoft.Network/privateEndpoints'])
