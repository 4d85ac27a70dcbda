import { timingSafeEqual } from 'node:crypto'
import type { HostKeys } from '../keys.ts'
import type { IncomingCall } from './incoming-call.ts'

/** The caller by the key in the call; `none` for a missing or unknown key. */
export type Caller = 'none' | 'function' | 'eventGrid' | 'master'

const callers: [keyof HostKeys, Caller][] = [
  ['masterKey', 'master'],
  ['functionKey', 'function'],
  ['eventGridKey', 'eventGrid'],
]

/** Reads the key from the header `x-functions-key`, else from the query's `code` (seen with host 4.1037). */
export function identifyCaller(call: IncomingCall, keys: HostKeys): Caller {
  const header = call.request.headers['x-functions-key']
  const sent = (Array.isArray(header) ? header[0] : header) ?? call.query.get('code') ?? ''
  return callers.find(([name]) => sameText(sent, keys[name]))?.[1] ?? 'none'
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && left.length > 0 && timingSafeEqual(left, right)
}
