import type { ConnectionList } from '../../domain/connection.ts'
import { isSameName } from '../../domain/resource-id.ts'
import type { ResourceType } from './resource-type.ts'

type Columns = Pick<ResourceType, 'type' | 'apiVersion' | 'groupIds' | 'notes'> & Partial<ResourceType>

/** What most types have in common; a row says only where it differs. */
function row(columns: Columns): ResourceType {
  const { type } = columns
  return {
    list: 'connections',
    childType: 'privateEndpointConnections',
    listPath: 'privateEndpointConnections',
    answer: 'put-connection',
    doneStates: ['Succeeded'],
    failureStates: ['Failed'],
    rejectIsFinal: false,
    alreadyAnsweredCode: undefined,
    unknownConnectionCode: undefined,
    noListStatuses: [],
    permissions: [
      `${type}/read`,
      `${type}/privateEndpointConnections/read`,
      `${type}/privateEndpointConnections/write`,
      `${type}/privateEndpointConnectionsApproval/action`,
    ],
    evidence: 'documented',
    ...columns,
  }
}

/**
 * The types of target this app can answer for. Versions, paths and bodies are those of Microsoft's published
 * resource types and REST specifications; `evidence` and `notes` say where a row goes beyond them.
 */
export const resourceTypes: readonly ResourceType[] = [
  row({
    type: 'Microsoft.DataFactory/factories',
    apiVersion: '2018-06-01',
    listPath: 'privateEndPointConnections',
    groupIds: 'absent',
    notes: 'The list is spelled with a capital P in "Point", the connection itself is not.',
  }),
  row({
    type: 'Microsoft.DBforMySQL/flexibleServers',
    apiVersion: '2024-12-30',
    groupIds: 'properties.groupIds',
    doneStates: ['Ready', 'Succeeded'],
    notes: 'Answers may take a while; examples end in Ready although the specification lists Succeeded.',
  }),
  row({
    type: 'Microsoft.DBforMySQL/servers',
    apiVersion: '2018-06-01',
    groupIds: 'absent',
    doneStates: ['Ready', 'Succeeded'],
    notes: 'Single server, being retired. A description is mandatory. The server itself has another version.',
  }),
  row({
    type: 'Microsoft.DBforPostgreSQL/flexibleServers',
    apiVersion: '2025-08-01',
    groupIds: 'properties.groupIds',
    doneStates: ['Ready', 'Succeeded'],
    notes: 'Answers may take a while; the connection is named after the endpoint, a dot and a GUID.',
  }),
  row({
    type: 'Microsoft.DBforPostgreSQL/servers',
    apiVersion: '2018-06-01',
    groupIds: 'absent',
    doneStates: ['Ready', 'Succeeded'],
    notes: 'Single server, being retired. A description is mandatory. The server itself has another version.',
  }),
  row({
    type: 'Microsoft.DocumentDB/databaseAccounts',
    apiVersion: '2026-03-15',
    groupIds: 'properties.groupId',
    rejectIsFinal: true,
    permissions: [
      'Microsoft.DocumentDB/databaseAccounts/read',
      'Microsoft.DocumentDB/databaseAccounts/privateEndpointConnections/read',
      'Microsoft.DocumentDB/databaseAccounts/privateEndpointConnections/write',
      'Microsoft.DocumentDB/databaseAccounts/privateEndpointConnections/operationResults/read',
      'Microsoft.DocumentDB/databaseAccounts/privateEndpointConnectionsApproval/action',
    ],
    notes:
      'A rejected connection can never be approved (MicrosoftDocs/azure-docs#86823). One write at a time.',
  }),
  row({
    type: 'Microsoft.EventHub/namespaces',
    apiVersion: '2026-01-01',
    groupIds: 'absent',
    failureStates: ['Failed', 'Canceled'],
    notes: 'Answers 200, 201 or 202 and names no operation: only the provisioning state tells the end.',
  }),
  row({
    type: 'Microsoft.KeyVault/vaults',
    apiVersion: '2026-02-01',
    groupIds: 'absent',
    failureStates: ['Failed', 'Disconnected'],
    notes: 'The list has pages. A GET of a connection that is gone may be answered with 204.',
  }),
  row({
    type: 'Microsoft.Network/privateLinkServices',
    apiVersion: '2025-09-01',
    groupIds: 'absent',
    failureStates: ['Failed', 'Canceled'],
    unknownConnectionCode: 'PrivateEndpointConnectionCannotBeCreatedByServiceProvider',
    notes: 'Has no groups. An unknown connection is a 400 at the PUT (Azure/azure-sdk-for-go#9484).',
  }),
  row({
    type: 'Microsoft.Purview/accounts',
    apiVersion: '2021-12-01',
    groupIds: 'absent',
    notes:
      'Account, portal and platform endpoints. The published example of its operation link is no address.',
  }),
  row({
    type: 'Microsoft.Purview/accounts',
    list: 'ingestion',
    childType: 'ingestionPrivateEndpointConnections',
    listPath: 'ingestionPrivateEndpointConnections',
    apiVersion: '2024-04-01-preview',
    answer: 'post-ingestion-status',
    groupIds: 'absent',
    noListStatuses: [400, 404],
    permissions: [
      'Microsoft.Purview/accounts/ingestionPrivateEndpointConnections/read',
      'Microsoft.Purview/accounts/ingestionPrivateEndpointConnectionStatus/action',
    ],
    evidence: 'inferred',
    notes:
      'Accounts since the end of 2023. Inferred: the permissions, that the endpoint id is what the POST wants ' +
      '(the example has a connection id, which is tried second), and what an older account answers.',
  }),
  row({
    type: 'Microsoft.Sql/managedInstances',
    apiVersion: '2025-01-01',
    groupIds: 'absent',
    doneStates: ['Ready', 'Succeeded'],
    evidence: 'inferred',
    notes: 'A description is mandatory. Inferred: that the approval action exists for this type too.',
  }),
  row({
    type: 'Microsoft.Sql/servers',
    apiVersion: '2025-01-01',
    groupIds: 'properties.groupIds',
    doneStates: ['Ready', 'Succeeded'],
    notes: 'A description is mandatory. Goes through Approving or Rejecting to Ready.',
  }),
  row({
    type: 'Microsoft.Storage/storageAccounts',
    apiVersion: '2026-04-01',
    groupIds: 'absent',
    alreadyAnsweredCode: 'InvalidValuesForRequestParameters',
    notes:
      'Approving what is approved is a 400 (Azure/azure-rest-api-specs#30308). The group is never shown.',
  }),
  row({
    type: 'Microsoft.Synapse/workspaces',
    apiVersion: '2021-06-01',
    groupIds: 'absent',
    notes: 'Answers may take a while. Some connections show no endpoint id.',
  }),
]

/** Every list of connections a target of this type keeps; empty for a type that is not in the table. */
export function listsOfType(type: string): readonly ResourceType[] {
  return resourceTypes.filter((resourceType) => isSameName(resourceType.type, type))
}

/** The row of one list. @throws Error for a type or list that is not in the table. */
export function listOfType(type: string, list: ConnectionList): ResourceType {
  const found = listsOfType(type).find((resourceType) => resourceType.list === list)
  if (!found) throw new Error(`The table of resource types has no list "${list}" for the type "${type}".`)
  return found
}

/** True when a state is in the list, whatever its case. */
export function isOneOf(states: readonly string[], state: string): boolean {
  return states.some((listed) => isSameName(listed, state))
}
