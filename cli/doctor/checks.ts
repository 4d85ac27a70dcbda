/** Every check, in the order of the report. docs/doctor.md has a paragraph for each. */
export const checks = {
  settings: { area: 'settings', title: 'Settings' },
  'managed-tenants': { area: 'settings', title: 'Managed tenants' },
  identity: { area: 'identity', title: 'Identity' },
  clock: { area: 'identity', title: 'Clock' },
  subscriptions: { area: 'subscriptions', title: 'Subscriptions' },
  permissions: { area: 'roles', title: 'Permissions' },
  'storage-place': { area: 'storage', title: 'Where storage is' },
  tables: { area: 'storage', title: 'Tables' },
  'table-write': { area: 'storage', title: 'Writing to tables' },
  'review-queue': { area: 'queues', title: 'Review queue' },
  'review-poison-queue': { area: 'queues', title: 'Poison queue of reviews' },
  'notification-queue': { area: 'queues', title: 'Notification queue' },
  'notification-poison-queue': { area: 'queues', title: 'Poison queue of notifications' },
  'allow-list': { area: 'allow-list', title: 'Allow-list' },
  lint: { area: 'allow-list', title: 'Rules' },
  events: { area: 'Event Grid', title: 'Event subscriptions' },
  'app-health': { area: 'app', title: 'App responds' },
  'app-ready': { area: 'app', title: 'App can decide' },
  channels: { area: 'channels', title: 'Channels' },
} as const satisfies Record<string, { readonly area: string; readonly title: string }>

export type CheckId = keyof typeof checks
