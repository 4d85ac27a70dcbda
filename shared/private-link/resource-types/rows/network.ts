import type { ResourceType } from '../resource-type.ts'
import { row } from '../row.ts'

/** Networks. */
export const network: readonly ResourceType[] = [
  row({
    type: 'Microsoft.Network/privateLinkServices',
    apiVersion: '2025-09-01',
    groupIds: 'absent',
    bodyMembers: ['name'],
    mayBeAsync: false,
    unknownConnectionCode: 'PrivateEndpointConnectionCannotBeCreatedByServiceProvider',
    permissionsSeen: true,
    notes: 'Has no groups. An unknown connection is a 400 at the PUT (Azure/azure-sdk-for-go#9484).',
  }),
  row({
    type: 'Microsoft.Network/applicationGateways',
    apiVersion: '2025-09-01',
    groupIds: 'absent',
    bodyMembers: ['name'],
    knownGroupIds: ['{private link configuration}'],
    permissionsSeen: true,
    notes: 'The group is the name of a private link configuration of the gateway.',
  }),
]
