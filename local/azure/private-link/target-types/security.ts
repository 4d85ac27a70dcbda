import { embedding, names, usual } from './target-type.ts'
import type { TargetType } from './target-type.ts'
import { shownAtOnce } from './write-styles.ts'

/** Keys, secrets and identity. */
export const security: readonly TargetType[] = [
  {
    ...usual,
    type: 'Microsoft.KeyVault/vaults',
    groupIds: ['vault'],
    embedded: embedding('id', 'etag', 'properties'),
    write: shownAtOnce(200, ['Azure-AsyncOperation'], 'Updating'),
    etag: 'etag',
    globalName: true,
    connectionName: names.opaque,
    busy: { status: 409, code: 'ConflictError' },
    pageSize: 3,
    endpointDeleted: 'Disconnected',
    missing: { get: 204, delete: 204 },
  },
  {
    ...usual,
    type: 'Microsoft.KeyVault/managedHSMs',
    groupIds: ['managedhsm', 'managedhsms'],
    embedded: embedding('id', 'etag', 'properties'),
    write: shownAtOnce(200, ['Azure-AsyncOperation'], 'Updating'),
    etag: 'etag',
    globalName: true,
    connectionName: names.opaque,
    busy: { status: 409, code: 'ConflictError' },
    endpointDeleted: 'Disconnected',
  },
  {
    ...usual,
    type: 'Microsoft.HardwareSecurityModules/cloudHsmClusters',
    groupIds: ['cloudHsm'],
    groupIdShown: 'groupIds',
    embedded: embedding('id', 'name', 'type', 'etag', 'properties'),
    failedState: 'Canceled',
    etag: 'etag',
  },
  {
    ...usual,
    type: 'Microsoft.HardwareSecurityModules/paymentHsmClusters',
    list: 'not played',
    groupIdShown: 'groupIds',
    embedded: embedding('id', 'name', 'type', 'etag', 'properties'),
    failedState: 'Canceled',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Updating'),
    etag: 'etag',
  },
  {
    ...usual,
    type: 'Microsoft.Attestation/attestationProviders',
    groupIds: ['standard'],
  },
  {
    ...usual,
    type: 'Microsoft.Security/privateLinks',
    list: 'not played',
    groupIdShown: 'groupIds',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Creating'),
  },
  {
    ...usual,
    type: 'microsoft.aadiam/privateLinkForAzureAd',
    groupIds: ['azureactivedirectory'],
    embedded: 'no',
    write: shownAtOnce(201, [], 'Provisioning'),
  },
  {
    ...usual,
    type: 'Microsoft.Authorization/resourceManagementPrivateLinks',
    groupIds: ['ResourceManagement'],
    embedded: { ...embedding(), members: 'plain ids' },
    stateExtra: 'none',
    write: shownAtOnce(201, ['Azure-AsyncOperation'], 'Updating'),
  },
]
