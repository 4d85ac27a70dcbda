/** Names of the tables. */
export const tableNames = {
  allowList: 'allowlist',
  requests: 'requests',
  requestIndex: 'requestindex',
  targetWork: 'targetwork',
  bursts: 'bursts',
  claims: 'claims',
  sessions: 'sessions',
  limits: 'limits',
  links: 'links',
} as const
