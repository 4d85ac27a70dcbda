/** A reason not to start that the reader can act on; its message is one sentence and is shown without a stack. */
export class StartFailure extends Error {
  override name = 'StartFailure'
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** The stack of an error, or what else was thrown as text. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
