import { usual } from './target-type.ts'
import type { TargetType } from './target-type.ts'
import { atOnce, bothLinks, shownAtOnce, shownAtTheEnd } from './write-styles.ts'

/** Monitoring, backup, migration and management. */
export const management: readonly TargetType[] = [
  {
    ...usual,
    type: 'Microsoft.Insights/privateLinkScopes',
    groupIds: ['azuremonitor'],
    write: shownAtTheEnd(bothLinks, 'Creating'),
  },
  {
    ...usual,
    type: 'Microsoft.Monitor/accounts',
    list: 'not played',
    groupIdShown: 'groupIds',
    stateExtra: 'none',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Updating'),
  },
  {
    ...usual,
    type: 'Microsoft.Dashboard/grafana',
    groupIds: ['grafana'],
    groupIdShown: 'groupIds',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Creating'),
  },
  {
    ...usual,
    type: 'Microsoft.Automation/automationAccounts',
    groupIds: ['Webhook', 'DSCAndHybridWorker'],
    groupIdShown: 'groupIds',
    readOnlyMembers: 'refused',
    provisioningShown: false,
    write: shownAtTheEnd(bothLinks, 'Updating'),
  },
  {
    ...usual,
    type: 'Microsoft.HybridCompute/privateLinkScopes',
    groupIds: ['hybridcompute'],
    groupIdShown: 'groupIds',
    readOnlyMembers: 'refused',
    description: 'mandatory',
    write: shownAtTheEnd(bothLinks, 'Updating'),
  },
  {
    ...usual,
    type: 'Microsoft.Chaos/privateAccesses',
    verb: 'none',
    groupIds: ['agents'],
    groupIdShown: 'groupIds',
    failedState: 'Canceled',
  },
  {
    ...usual,
    type: 'Microsoft.RecoveryServices/vaults',
    list: 'none',
    groupIds: ['AzureBackup', 'AzureBackup_secondary', 'AzureSiteRecovery'],
    groupIdShown: 'groupIds',
    write: shownAtOnce(201, [], 'Pending'),
    etag: 'eTag',
  },
  {
    ...usual,
    type: 'Microsoft.DataReplication/replicationVaults',
    list: 'not played',
    failedState: 'Canceled',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Updating'),
  },
  {
    ...usual,
    type: 'Microsoft.Migrate/assessmentProjects',
    groupIds: ['project', 'Default'],
    groupIdShown: 'groupIds',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Creating'),
  },
  {
    ...usual,
    type: 'Microsoft.Migrate/migrateProjects',
    groupIds: ['Default'],
    failedState: 'Canceled',
    write: { ...atOnce, retryAfter: true },
    etag: 'eTag',
  },
  {
    ...usual,
    type: 'Microsoft.OffAzure/masterSites',
    groupIds: ['Default'],
    groupIdShown: 'groupIds',
    failedState: 'Canceled',
    write: { ...atOnce, retryAfter: true },
  },
]
