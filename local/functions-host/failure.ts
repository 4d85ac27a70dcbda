/** A reason not to start that the reader can act on; its message is one sentence and is shown without a stack. */
export class StartFailure extends Error {
  override name = 'StartFailure'
}

/** The message of anything thrown; of a storage service's refusal its own words, which the SDK keeps aside. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, details } = error as { code?: unknown; details?: { message?: unknown } }
  const said = typeof details?.message === 'string' ? details.message : error.message
  const first = said.split('\n')[0] ?? ''
  if (typeof code !== 'string' || first.includes(code)) return first
  return first === '' ? code : `${code}: ${first}`
}

/** The stack of an error, or what else was thrown as text. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
