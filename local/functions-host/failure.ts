/** A reason not to start that the user can fix; its message is one sentence and is shown without a stack. */
export class StartFailure extends Error {
  override name = 'StartFailure'
}

/**
 * The message of anything thrown; for a storage service's refusal the service's own message, which the SDK keeps apart.
 */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { code, details } = error as { code?: unknown; details?: { message?: unknown } }
  const said = typeof details?.message === 'string' ? details.message : error.message
  const first = said.split('\n')[0] ?? ''
  if (typeof code !== 'string' || first.includes(code)) return first
  return first === '' ? code : `${code}: ${first}`
}

/** The stack of an error; anything else as text. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
