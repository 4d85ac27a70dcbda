import type { ResourceType } from '../resource-type.ts'
import { row, usualFailures } from '../row.ts'

/** Storage, disks and files. */
export const storage: readonly ResourceType[] = [
  row({
    type: 'Microsoft.Storage/storageAccounts',
    apiVersion: '2026-04-01',
    groupIds: 'absent',
    knownGroupIds: [
      'blob',
      'blob_secondary',
      'dfs',
      'dfs_secondary',
      'file',
      'file_secondary',
      'queue',
      'queue_secondary',
      'table',
      'table_secondary',
      'web',
      'web_secondary',
    ],
    mayBeAsync: false,
    alreadyDecidedCode: 'InvalidValuesForRequestParameters',
    permissionsSeen: true,
    notes:
      'Approving what is approved is a 400 (Azure/azure-rest-api-specs#30308). The group is never shown.',
  }),
  row({
    type: 'Microsoft.StorageSync/storageSyncServices',
    apiVersion: '2025-12-01',
    groupIds: 'properties.groupIds',
    knownGroupIds: ['afs'],
  }),
  row({
    type: 'Microsoft.ElasticSan/elasticSans',
    apiVersion: '2025-09-01',
    groupIds: 'properties.groupIds',
    failureStates: [...usualFailures, 'Deleted', 'Invalid'],
    knownGroupIds: ['{volume group}'],
    notes:
      'Groups are named like the volume groups. Failed is among its statuses; such a connection waits for manual review.',
  }),
  row({
    type: 'Microsoft.FileShares/fileShares',
    apiVersion: '2026-06-01',
    listForm: 'embedded',
    groupIds: 'properties.groupIds',
    notes: 'No list is published: read inside the share.',
  }),
  row({
    type: 'Microsoft.Compute/diskAccesses',
    apiVersion: '2026-03-02',
    groupIds: 'absent',
    knownGroupIds: ['disks'],
  }),
]
