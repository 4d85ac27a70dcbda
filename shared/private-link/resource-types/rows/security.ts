import type { ResourceType } from '../resource-type.ts'
import { row, usualFailures } from '../row.ts'

/** Keys, identity and protection. */
export const security: readonly ResourceType[] = [
  row({
    type: 'Microsoft.KeyVault/vaults',
    apiVersion: '2026-02-01',
    groupIds: 'absent',
    knownGroupIds: ['vault'],
    failureStates: [...usualFailures, 'Disconnected'],
    permissionsSeen: true,
    notes: 'The list has pages. A GET of a connection that is gone may return 204.',
  }),
  row({
    type: 'Microsoft.KeyVault/managedHSMs',
    apiVersion: '2026-02-01',
    groupIds: 'absent',
    knownGroupIds: ['managedhsm', 'managedhsms'],
    failureStates: [...usualFailures, 'Disconnected'],
    notes: 'The list has pages. Documentation and example name the group differently.',
  }),
  row({
    type: 'Microsoft.HardwareSecurityModules/cloudHsmClusters',
    apiVersion: '2025-03-31',
    groupIds: 'properties.groupIds',
    knownGroupIds: ['cloudHsm'],
    failureStates: [...usualFailures, 'InternalError'],
    mayBeAsync: false,
  }),
  row({
    type: 'Microsoft.HardwareSecurityModules/paymentHsmClusters',
    apiVersion: '2025-12-01-preview',
    listForm: 'embedded',
    groupIds: 'properties.groupIds',
    failureStates: [...usualFailures, 'InternalError'],
    notes: 'No list is published: read inside the cluster.',
  }),
  row({
    type: 'Microsoft.Attestation/attestationProviders',
    apiVersion: '2021-06-01',
    groupIds: 'absent',
    knownGroupIds: ['standard'],
    mayBeAsync: false,
  }),
  row({
    type: 'Microsoft.Security/privateLinks',
    apiVersion: '2026-01-01',
    listForm: 'embedded',
    groupIds: 'properties.groupIds',
    notes: 'No list is published: read inside the private link.',
  }),
  row({
    type: 'microsoft.aadiam/privateLinkForAzureAd',
    inResourceGraph: false,
    apiVersion: '2020-03-01',
    groupIds: 'absent',
    actionsRequired: 'None',
    knownGroupIds: ['azureactivedirectory'],
    notes: 'Private link to the sign-in of a whole tenant.',
  }),
  row({
    type: 'Microsoft.Authorization/resourceManagementPrivateLinks',
    inResourceGraph: false,
    apiVersion: '2020-05-01',
    listForm: 'embedded',
    groupIds: 'unpublished',
    knownGroupIds: ['ResourceManagement'],
    evidence: 'from-tools',
    notes:
      'Shows plain ids, which are read one by one. That connections can be read and written is known from Azure CLI and Azure PowerShell only.',
  }),
]
