import type { TableClient } from '@azure/data-tables'

type Policy = Parameters<TableClient['pipeline']['addPolicy']>[0]

/**
 * A column that no row can have: Azure refuses its name. In a step that replaces a row it says that the row is to be
 * deleted. Should such a step ever be sent as it is, the whole transaction is refused.
 */
export const deleteMark = '(delete)'

const markedStep = new RegExp(
  String.raw`PUT (\S+ HTTP/1\.1\r\n)(?:[^\r\n]+\r\n)*?(If-Match: [^\r\n]+\r\n)(?:[^\r\n]*\r\n)*?\{[^\r\n]*"${deleteMark.replace(/[()]/g, String.raw`\$&`)}":true\}`,
  'gi',
)

/**
 * Lets a transaction delete a row under its ETag. The SDK (13.3.2) sends each delete of a transaction with
 * `If-Match: *` and takes no ETag for it; a replace takes one. So a delete is given to it as a replace that carries
 * the mark, and is made a delete on its way out.
 */
export function allowConditionalDeletes(client: TableClient): void {
  const { pipeline } = client
  if (!pipeline.getOrderedPolicies().some(({ name }) => name === policy.name)) pipeline.addPolicy(policy)
}

const policy: Policy = {
  name: 'conditionalDeletePolicy',
  sendRequest(request, next) {
    if (typeof request.body === 'string' && request.url.includes('/$batch')) {
      request.body = request.body.replace(markedStep, 'DELETE $1$2\r\n')
    }
    return next(request)
  },
}
