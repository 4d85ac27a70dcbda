import { AzureError, asObject, queryValue } from '../../azure/http/exchange.ts'
import type { Call } from '../../azure/http/exchange.ts'

/** What a message may have at most, in bytes of UTF-8. */
export const maxMessageBytes = 28 * 1024

/**
 * The message that the trigger "When a Teams webhook request is received" lets pass. Throws its refusals: 400 for a URL
 * without an api-version or a body that is not of the trigger's schema, 401 for a signature that is not the channel's,
 * 413 for too many bytes.
 */
export function passTrigger(call: Call, signature: string): Record<string, unknown> {
  if (queryValue(call, 'api-version') === '') {
    const message = 'The api-version query parameter (?api-version=) is required for all requests.'
    throw new AzureError(400, 'MissingApiVersionParameter', message)
  }
  if (queryValue(call, 'sig') !== signature) {
    throw new AzureError(401, 'AuthorizationFailed', 'The signature (sig) of the URL is not valid.')
  }
  const bytes = Buffer.byteLength(call.rawBody)
  if (bytes > maxMessageBytes) {
    const message = `Request Entity too large: ${bytes} bytes; at most ${maxMessageBytes}.`
    throw new AzureError(413, 'RequestEntityTooLarge', message)
  }
  const body = bodyOf(call)
  const mismatch = mismatchOf(body)
  if (mismatch !== undefined) throw schemaError(mismatch)
  return asObject(body)
}

function bodyOf(call: Call): unknown {
  if (!/^application\/json\b/i.test(call.headers['content-type'] ?? '')) return call.rawBody
  try {
    return JSON.parse(call.rawBody) as unknown
  } catch {
    const message = 'The request content is not valid and could not be deserialized: it is not JSON.'
    throw new AzureError(400, 'InvalidRequestContent', message)
  }
}

/** How the body differs from the trigger's schema. A message without attachments fits: its flow fails later. */
function mismatchOf(body: unknown): string | undefined {
  if (kindOf(body) !== 'Object') return `Invalid type. Expected Object but got ${kindOf(body)}.`
  const { type, attachments } = asObject(body)
  if (type !== undefined && typeof type !== 'string') {
    return `Invalid type. Expected String but got ${kindOf(type)}.`
  }
  if (attachments === undefined || attachments === null) return undefined
  if (!Array.isArray(attachments)) return `Invalid type. Expected Array but got ${kindOf(attachments)}.`
  for (const item of attachments as unknown[]) {
    if (kindOf(item) !== 'Object') return `Invalid type. Expected Object but got ${kindOf(item)}.`
    const missing = ['contentType', 'contentUrl', 'content'].filter((name) => !(name in asObject(item)))
    if (missing.length > 0) return `Required properties are missing from object: ${missing.join(', ')}.`
  }
  return undefined
}

function kindOf(value: unknown): string {
  if (value === null) return 'Null'
  if (Array.isArray(value)) return 'Array'
  const kind = typeof value
  return `${kind[0]?.toUpperCase() ?? ''}${kind.slice(1)}`
}

function schemaError(details: string): AzureError {
  const what = `The input body for trigger 'manual' of type 'Request' did not match its schema definition.`
  return new AzureError(400, 'TriggerInputSchemaMismatch', `${what} Error details: '${details}'.`)
}
