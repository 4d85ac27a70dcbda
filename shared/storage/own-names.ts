import type { TableClient } from '@azure/data-tables'

type Policy = Parameters<TableClient['pipeline']['addPolicy']>[0]

/**
 * Columns that Azure allows, and whose names the SDK (13.3.2) uses for the keys, the ETag and the time of a row: it
 * would show the value of such a column as the key or the ETag.
 */
const takenName = /^(?:partitionKey|rowKey|etag|timestamp)(?=$|@odata\.type$)/
const anyTakenName = /"(?:partitionKey|rowKey|etag|timestamp)(?:@odata\.type)?"/

/** Put before the name of such a column. No column that a row can have begins so. */
export const strangeColumn = 'column '

/** Shows a column that is named like a key or the ETag under another name, so that these are always the true ones. */
export function keepOwnNames({ pipeline }: TableClient): void {
  if (!pipeline.getOrderedPolicies().some(({ name }) => name === policy.name))
    pipeline.addPolicy(policy, { phase: 'Sign' })
}

const policy: Policy = {
  name: 'ownNamesPolicy',
  async sendRequest(request, next) {
    const response = await next(request)
    const body = response.bodyAsText
    if (!body || !anyTakenName.test(body)) return response
    return { ...response, bodyAsText: renamed(body) }
  },
}

function renamed(body: string): string {
  try {
    return JSON.stringify(withOwnNames(JSON.parse(body)))
  } catch {
    return body
  }
}

/** One row, or a page of rows in `value`. */
function withOwnNames(response: unknown): unknown {
  if (Array.isArray(response)) return response.map(withOwnNames)
  if (typeof response !== 'object' || response === null) return response
  return Object.fromEntries(
    Object.entries(response).map(([name, value]: [string, unknown]) => [
      name.replace(takenName, `${strangeColumn}$&`),
      Array.isArray(value) ? withOwnNames(value) : value,
    ]),
  )
}
