import type { ResourceType } from '../resource-type.ts'
import { row, usualFailures } from '../row.ts'

/** Messages and events. */
export const messaging: readonly ResourceType[] = [
  row({
    type: 'Microsoft.EventHub/namespaces',
    apiVersion: '2026-01-01',
    groupIds: 'absent',
    bodyMembers: ['provisioningState'],
    knownGroupIds: ['namespace'],
    permissionsSeen: true,
    notes:
      'Names no operation: only the provisioning state shows the end. Items spell their type differently.',
  }),
  row({
    type: 'Microsoft.ServiceBus/namespaces',
    apiVersion: '2026-01-01',
    groupIds: 'absent',
    bodyMembers: ['provisioningState'],
    knownGroupIds: ['namespace'],
    notes:
      'Names no operation: only the provisioning state shows the end. Items spell their type differently.',
  }),
  row({
    type: 'Microsoft.Relay/namespaces',
    apiVersion: '2026-01-01',
    groupIds: 'absent',
    knownGroupIds: ['namespace'],
    notes:
      'Names no operation: only the provisioning state shows the end. Items spell their type differently.',
  }),
  row({
    type: 'Microsoft.NotificationHubs/namespaces',
    apiVersion: '2023-09-01',
    description: 'read-only',
    groupIds: 'properties.groupIds',
    failureStates: [...usualFailures, 'Deleted'],
    knownGroupIds: ['namespace'],
    notes: 'The description is read-only, so a write cannot name its decision.',
  }),
  row({
    type: 'Microsoft.EventGrid/topics',
    apiVersion: '2025-02-15',
    groupIds: 'properties.groupIds',
    actionsRequired: 'None',
    knownGroupIds: ['topic'],
  }),
  row({
    type: 'Microsoft.EventGrid/domains',
    apiVersion: '2025-02-15',
    groupIds: 'properties.groupIds',
    actionsRequired: 'None',
    knownGroupIds: ['domain'],
  }),
  row({
    type: 'Microsoft.EventGrid/namespaces',
    apiVersion: '2025-02-15',
    groupIds: 'properties.groupIds',
    actionsRequired: 'None',
    knownGroupIds: ['topic', 'topicspace'],
  }),
  row({
    type: 'Microsoft.EventGrid/partnerNamespaces',
    apiVersion: '2025-02-15',
    groupIds: 'properties.groupIds',
    actionsRequired: 'None',
    knownGroupIds: ['partnernamespace'],
  }),
  row({
    type: 'Microsoft.SignalRService/signalR',
    apiVersion: '2024-03-01',
    groupIds: 'properties.groupIds',
    actionsRequired: 'None',
    knownGroupIds: ['signalr'],
    mayBeAsync: false,
  }),
  row({
    type: 'Microsoft.SignalRService/webPubSub',
    apiVersion: '2024-03-01',
    groupIds: 'properties.groupIds',
    actionsRequired: 'None',
    knownGroupIds: ['webpubsub'],
    mayBeAsync: false,
  }),
]
