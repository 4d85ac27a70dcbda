import { names, usual } from './target-type.ts'
import type { TargetType } from './target-type.ts'
import { bothLinks, shownAtOnce, shownAtTheEnd } from './write-styles.ts'

/** Storage, disks and files. */
export const storage: readonly TargetType[] = [
  {
    ...usual,
    type: 'Microsoft.Storage/storageAccounts',
    groupIds: ['blob', 'dfs', 'file', 'queue', 'table', 'web'].flatMap((id) => [id, `${id}_secondary`]),
    stateExtra: 'actionRequired',
    globalName: true,
    connectionName: names.byTarget,
    sameStateRefused: true,
    busy: { status: 409, code: 'StorageAccountOperationInProgress' },
  },
  {
    ...usual,
    type: 'Microsoft.StorageSync/storageSyncServices',
    groupIds: ['afs'],
    groupIdShown: 'groupIds',
    write: shownAtTheEnd(bothLinks, 'Creating'),
  },
  {
    ...usual,
    type: 'Microsoft.ElasticSan/elasticSans',
    groupIdShown: 'groupIds',
    failedState: 'Canceled',
    write: shownAtOnce(201, ['Location'], 'Updating'),
  },
  {
    ...usual,
    type: 'Microsoft.FileShares/fileShares',
    list: 'not played',
    groupIdShown: 'groupIds',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Creating'),
  },
  {
    ...usual,
    type: 'Microsoft.Compute/diskAccesses',
    groupIds: ['disks'],
    write: shownAtTheEnd(bothLinks, 'Creating'),
  },
]
