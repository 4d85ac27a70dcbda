import { RestError } from '@azure/data-tables'

/** The HTTP status of a refusal by the service; undefined for anything else. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof RestError ? error.statusCode : undefined
}

/** True when it is not the row that is missing. */
export function isTableMissing(error: unknown): boolean {
  return error instanceof RestError && error.statusCode === 404 && codeOf(error) === 'TableNotFound'
}

/** Short: the response holds request ids and times that would make every problem look new. */
export function describeStorageError(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (!(error instanceof RestError)) return error.message
  const code = codeOf(error)
  return error.statusCode === undefined ? code : `${error.statusCode} ${code}`
}

/** The code is in the body of a response; for a transaction, beside it. */
function codeOf(error: RestError): string {
  const details = error.details as { odataError?: { code?: unknown } } | undefined
  const code = details?.odataError?.code ?? error.code
  return typeof code === 'string' ? code : error.name
}
