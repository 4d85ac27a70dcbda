import type { TableClient } from '@azure/data-tables'

type Policy = Parameters<TableClient['pipeline']['addPolicy']>[0]

/**
 * A column that no row can have: Azure refuses its name. In a replace step it means that the row must be deleted. If
 * such a step were sent unchanged, the whole transaction would be refused.
 */
export const deleteFlag = '(delete)'

const sentFlag = `"${deleteFlag}":true}`
/** Within one step. JSON texts contain no raw line breaks. */
const replaceStep = /PUT (\S+ HTTP\/1\.1\r\n)(?:[^\r\n]+\r\n)*?(If-Match: [^\r\n]+\r\n)[^]*$/i
const stepBoundary = /(?=\r\n--changeset_)/

/**
 * Lets a transaction delete a row under its ETag. The SDK (13.3.2) sends each delete of a transaction with `If-Match:
 * *` and takes no ETag for it; a replace takes one. So a delete is passed to it as a replace with this flag, and turned
 * into a delete before sending.
 */
export function allowConditionalDeletes(client: TableClient): void {
  const { pipeline } = client
  if (!pipeline.getOrderedPolicies().some(({ name }) => name === policy.name)) pipeline.addPolicy(policy)
}

const policy: Policy = {
  name: 'conditionalDeletePolicy',
  sendRequest(request, next) {
    if (typeof request.body === 'string' && request.body.includes(sentFlag)) {
      request.body = request.body.split(stepBoundary).map(withDelete).join('')
      // The signing policy has already set the length of the body; it signs only date and path.
      request.headers.set('content-length', String(Buffer.byteLength(request.body)))
    }
    return next(request)
  },
}

function withDelete(step: string): string {
  return step.endsWith(sentFlag) ? step.replace(replaceStep, 'DELETE $1$2\r\n') : step
}
