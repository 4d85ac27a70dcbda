import type { TableClient } from '@azure/data-tables'

type Policy = Parameters<TableClient['pipeline']['addPolicy']>[0]

/** A page of a listing and a transaction of 100 steps take well under a second; Azure itself gives up after 30. */
const callMilliseconds = 60_000

/** Ends each try of a call that gets no answer: a connection that died without a word would be waited on for ever. */
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
