import type { ResourceType } from '../resource-type.ts'
import { row } from '../row.ts'

/** Containers and batch work. */
export const containers: readonly ResourceType[] = [
  row({
    type: 'Microsoft.App/managedEnvironments',
    apiVersion: '2026-01-01',
    groupIds: 'properties.groupIds',
    actionsRequired: 'None',
    knownGroupIds: ['managedEnvironments'],
  }),
  row({
    type: 'Microsoft.ContainerRegistry/registries',
    apiVersion: '2025-11-01',
    groupIds: 'absent',
    knownGroupIds: ['registry'],
    permissionsSeen: true,
  }),
  row({
    type: 'Microsoft.ContainerService/managedClusters',
    inResourceGraph: false,
    apiVersion: '2026-05-01',
    groupIds: 'absent',
    knownGroupIds: ['management'],
    mayBeAsync: false,
    notes: 'Items call themselves connections of a private link service; only the id shows what they are.',
  }),
  row({
    type: 'Microsoft.KubernetesConfiguration/privateLinkScopes',
    apiVersion: '2024-11-01-preview',
    groupIds: 'absent',
    knownGroupIds: ['KubernetesConfiguration'],
  }),
  row({
    type: 'Microsoft.Batch/batchAccounts',
    apiVersion: '2025-06-01',
    writeForm: 'patch-connection',
    ifMatch: true,
    groupIds: 'properties.groupIds',
    knownGroupIds: ['batchAccount', 'nodeManagement'],
    notes: 'Written by PATCH; there is no PUT. Spells its failure Cancelled.',
  }),
  row({
    type: 'Microsoft.DurableTask/schedulers',
    apiVersion: '2026-02-01',
    listForm: 'embedded',
    groupIds: 'properties.groupIds',
    notes: 'No list is published: read inside the scheduler.',
  }),
]
