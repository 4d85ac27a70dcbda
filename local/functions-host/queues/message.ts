import type { TypedData } from '../rpc.ts'

/** What the host knows of a queue message; the ids are missing for a run that was started by hand. */
export interface QueueMessage {
  text: string
  dequeueCount: number
  insertedOn: Date
  expiresOn: Date | 'never'
  nextVisibleOn: Date | 'never'
  messageId?: string
  popReceipt?: string
}

/** The text of a message body from the queue; undefined when it does not have the encoding. */
export function decodeBody(body: string, encoding: 'base64' | 'none'): string | undefined {
  if (encoding === 'none') return body
  const valid = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(body.trim())
  return valid ? Buffer.from(body, 'base64').toString('utf8') : undefined
}

export function encodeBody(text: string | Uint8Array, encoding: 'base64' | 'none'): string {
  return encoding === 'none' ? Buffer.from(text).toString('utf8') : Buffer.from(text).toString('base64')
}

/**
 * The trigger metadata of a message. The message's own properties (without arrays and nulls, everything that is no
 * object as text) overwrite the host's, whatever their case (names and dates seen with host 4.1037; the rule read in
 * the host's source).
 */
export function queueMetadata(message: QueueMessage): Record<string, TypedData> {
  const metadata = new Map<string, { name: string; value: TypedData }>()
  // A later value of a name that differs in case replaces the earlier one, under the earlier name.
  function set(name: string, value: TypedData): void {
    const key = name.toLowerCase()
    metadata.set(key, { name: metadata.get(key)?.name ?? name, value })
  }
  set('QueueTrigger', { string: message.text })
  set('DequeueCount', { json: String(message.dequeueCount) })
  set('ExpirationTime', date(message.expiresOn))
  set('InsertionTime', date(message.insertedOn))
  set('NextVisibleTime', date(message.nextVisibleOn))
  if (message.messageId !== undefined) set('Id', { string: message.messageId })
  if (message.popReceipt !== undefined) set('PopReceipt', { string: message.popReceipt })
  for (const [name, value] of Object.entries(bodyProperties(message.text))) set(name, value)
  return Object.fromEntries([...metadata.values()].map(({ name, value }) => [name, value]))
}

function date(value: Date | 'never'): TypedData {
  const text =
    value === 'never' ? '9999-12-31T23:59:59.9999999+00:00' : value.toISOString().replace('Z', '+00:00')
  return { json: JSON.stringify(text) }
}

function bodyProperties(text: string): Record<string, TypedData> {
  const trimmed = text.trim()
  if (!trimmed.startsWith('{')) return {}
  let parsed: Record<string, Json | null>
  try {
    parsed = JSON.parse(trimmed) as Record<string, Json | null>
  } catch {
    return {}
  }
  const entries = Object.entries(parsed).flatMap(([name, value]) =>
    value === null || Array.isArray(value) ? [] : [[name, property(value)] as const],
  )
  return Object.fromEntries(entries)
}

type Json = string | number | boolean | object

function property(value: Json): TypedData {
  if (typeof value === 'object') return { json: JSON.stringify(value) }
  // .NET writes booleans with a capital letter, which is not JSON: the app sees a text.
  if (typeof value === 'boolean') return { string: value ? 'True' : 'False' }
  return { string: String(value) }
}

/** A message's text as the value of the trigger; the app's library parses what is JSON. */
export function queueTrigger(message: QueueMessage, queueName: string) {
  return {
    value: { string: message.text },
    metadata: queueMetadata(message),
    reason: `New queue message detected on '${queueName}'.`,
  }
}
