import { AsyncLocalStorage } from 'node:async_hooks'
import type { Log } from '../ports/log.ts'

const invocation = new AsyncLocalStorage<Log>()

const silent: Log = { info() {}, warn() {}, error() {} }

/** The log of the current invocation; discards lines outside of one. Adapters live longer than an invocation. */
export const currentLog: Log = {
  info: (message, facts) => (invocation.getStore() ?? silent).info(message, facts),
  warn: (message, facts) => (invocation.getStore() ?? silent).warn(message, facts),
  error: (message, facts) => (invocation.getStore() ?? silent).error(message, facts),
}

/** Runs something with the log of its invocation. */
export function withLog<T>(log: Log, work: () => Promise<T>): Promise<T> {
  return invocation.run(log, work)
}
