/** Names of the tables; the allow-list is the one that people write. */
export const tableNames = {
  allowList: 'allowlist',
  requests: 'requests',
  requestIndex: 'requestindex',
  targetWork: 'targetwork',
  bursts: 'bursts',
} as const
