import type { TableClient } from '@azure/data-tables'

type Policy = Parameters<TableClient['pipeline']['addPolicy']>[0]

/** A page of a listing and a transaction of 100 steps take well under a second; Azure itself gives up after 30. */
const callMilliseconds = 60_000

/** Limits each try of a call: a silently broken connection would never end otherwise. */
export function limitCallTime({ pipeline }: TableClient): void {
  if (!pipeline.getOrderedPolicies().some(({ name }) => name === policy.name)) pipeline.addPolicy(policy)
}

const policy: Policy = {
  name: 'callTimeLimitPolicy',
  sendRequest(request, next) {
    request.timeout = callMilliseconds
    return next(request)
  },
}
