import type { Readable } from 'node:stream'

/** What a program has around it: the process itself, or what a test puts in its place. */
export interface Streams {
  readonly stdin: Readable & { readonly isTTY?: boolean }
  readonly stdout: TerminalStream
  readonly stderr: TerminalStream
  /** Values of a settings file are added to it, so that the Azure SDK finds them. */
  readonly env: Record<string, string | undefined>
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal
}

export type TerminalStream = NodeJS.WritableStream & {
  readonly isTTY?: boolean
  readonly columns?: number
}
