import { visibleJson } from '../domain/printable.ts'
import type { Log } from '../ports/log.ts'

/** The part of a function's invocation context that takes log lines. */
export interface InvocationLogger {
  info(...args: unknown[]): void
  warn(...args: unknown[]): void
  error(...args: unknown[]): void
}

/** Writes a static message and its facts as JSON behind it, so that a monitor can group by message. */
export function functionLog(logger: InvocationLogger): Log {
  const line = (message: string, facts?: Record<string, unknown>) =>
    facts ? `${message} ${visibleJson(JSON.stringify(facts))}` : message
  return {
    info: (message, facts) => logger.info(line(message, facts)),
    warn: (message, facts) => logger.warn(line(message, facts)),
    error: (message, facts) => logger.error(line(message, facts)),
  }
}
