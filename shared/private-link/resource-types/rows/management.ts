import type { ResourceType } from '../resource-type.ts'
import { row, usualFailures } from '../row.ts'

/** Monitoring, backup, migration and hybrid machines. */
export const management: readonly ResourceType[] = [
  row({
    type: 'Microsoft.Insights/privateLinkScopes',
    apiVersion: '2021-09-01',
    groupIds: 'absent',
    knownGroupIds: ['azuremonitor'],
    permissionsSeen: true,
  }),
  row({
    type: 'Microsoft.Monitor/accounts',
    apiVersion: '2021-06-03-preview',
    listForm: 'embedded',
    parentApiVersion: '2025-10-03',
    groupIds: 'properties.groupIds',
    evidence: 'from-tools',
    notes: 'Read inside the account. That connections can be written is known from Azure PowerShell only.',
  }),
  row({
    type: 'Microsoft.Dashboard/grafana',
    apiVersion: '2025-08-01',
    groupIds: 'properties.groupIds',
    knownGroupIds: ['grafana'],
  }),
  row({
    type: 'Microsoft.Automation/automationAccounts',
    apiVersion: '2024-10-23',
    groupIds: 'properties.groupIds',
    knownGroupIds: ['Webhook', 'DSCAndHybridWorker'],
    doneStates: [],
    notes: 'Shows no provisioning state.',
  }),
  row({
    type: 'Microsoft.HybridCompute/privateLinkScopes',
    apiVersion: '2026-07-15',
    description: 'required',
    groupIds: 'properties.groupIds',
    knownGroupIds: ['hybridcompute'],
  }),
  row({
    type: 'Microsoft.Chaos/privateAccesses',
    apiVersion: '2026-08-01-preview',
    writeForm: 'none',
    groupIds: 'properties.groupIds',
    knownGroupIds: ['agents'],
    permissions: [
      'Microsoft.Chaos/privateAccesses/read',
      'Microsoft.Chaos/privateAccesses/privateEndpointConnections/read',
    ],
    notes: 'Can be read, listed and deleted, but no write is published: its requests wait for manual review.',
  }),
  row({
    type: 'Microsoft.RecoveryServices/vaults',
    apiVersion: '2026-07-01',
    listForm: 'embedded',
    groupIds: 'properties.groupIds',
    bodyMembers: ['groupIds', 'provisioningState'],
    knownGroupIds: ['AzureBackup', 'AzureBackup_secondary', 'AzureSiteRecovery'],
    notes: 'Has no list: read inside the vault.',
  }),
  row({
    type: 'Microsoft.DataReplication/replicationVaults',
    apiVersion: '2026-05-01',
    listForm: 'embedded',
    groupIds: 'absent',
    failureStates: [...usualFailures, 'Deleted'],
    notes: 'No list is published: read inside the vault.',
  }),
  row({
    type: 'Microsoft.Migrate/assessmentProjects',
    apiVersion: '2024-01-15',
    groupIds: 'properties.groupIds',
    actionsRequired: '',
    knownGroupIds: ['project', 'Default'],
  }),
  row({
    type: 'Microsoft.Migrate/migrateProjects',
    apiVersion: '2023-01-01',
    groupIds: 'absent',
    knownGroupIds: ['Default'],
    mayBeAsync: false,
  }),
  row({
    type: 'Microsoft.OffAzure/masterSites',
    apiVersion: '2023-06-06',
    groupIds: 'properties.groupIds',
    doneStates: ['Succeeded', 'Created', 'Updated', 'Completed'],
    knownGroupIds: ['Default'],
    mayBeAsync: false,
  }),
]
