import { availableParallelism } from 'node:os'
import { StartFailure } from './failure.ts'
import { logLevels } from './rpc.ts'
import type { LogLevel } from './rpc.ts'
import { parseTimeSpan } from './time-span.ts'

export interface QueueSettings {
  /** Messages fetched at once, 1 to 32. */
  batchSize: number
  /** The next batch is fetched when no more than this many messages are running. */
  newBatchThreshold: number
  /** How long a message stays hidden after a failed try. */
  retryDelayMs: number
  /** After this many tries the message goes to the poison queue. */
  maxDequeueCount: number
  maxPollingIntervalMs: number
  messageEncoding: 'base64' | 'none'
}

export interface TimerLockSettings {
  /** How long the lease of a timer lasts when its host does not renew it, 15 to 60 s. */
  periodMs: number
  /** After that, a host that did not get the lease asks again. */
  recoveryPollingMs: number
}

export interface HostSettings {
  routePrefix: string
  customHeaders: Record<string, string>
  queues: QueueSettings
  timerLock: TimerLockSettings
  /** undefined: no limit. */
  functionTimeoutMs: number | undefined
  /** Level by category; "default" for the rest. */
  logLevels: Record<string, LogLevel>
}

const minLockMs = 15_000
const maxLockMs = 60_000

type Section = Record<string, unknown>

/**
 * Reads the parsed host.json. Sections that this host does not use are ignored. Defaults: Microsoft documentation
 * ("host.json reference"); the threshold as seen with host 4.1037.
 * @throws StartFailure for a value of the wrong kind
 */
export function readHostJson(json: unknown): HostSettings {
  const root = section(json, 'host.json')
  const extensions = section(root['extensions'], 'extensions')
  const http = section(extensions['http'], 'extensions.http')
  const queues = section(extensions['queues'], 'extensions.queues')
  const singleton = section(root['singleton'], 'singleton')
  const batchSize = integer(queues, 'extensions.queues.batchSize', 16, 1, 32)
  const timeout = root['functionTimeout']
  return {
    routePrefix: text(http, 'extensions.http.routePrefix', 'api').replace(/^\/+|\/+$/g, ''),
    customHeaders: headers(http['customHeaders']),
    queues: {
      batchSize,
      newBatchThreshold: integer(
        queues,
        'extensions.queues.newBatchThreshold',
        Math.floor(batchSize / 2) * availableParallelism(),
        0,
      ),
      retryDelayMs: duration(queues, 'extensions.queues.visibilityTimeout', 0),
      maxDequeueCount: integer(queues, 'extensions.queues.maxDequeueCount', 5, 1),
      maxPollingIntervalMs: Math.max(100, duration(queues, 'extensions.queues.maxPollingInterval', 60_000)),
      messageEncoding: encoding(queues['messageEncoding']),
    },
    timerLock: {
      periodMs: lockTime(singleton, 'singleton.listenerLockPeriod', maxLockMs),
      recoveryPollingMs: lockTime(singleton, 'singleton.listenerLockRecoveryPollingInterval'),
    },
    functionTimeoutMs:
      timeout === '-1' || timeout === -1 ? undefined : duration(root, 'functionTimeout', 30 * 60_000),
    logLevels: levels(section(root['logging'], 'logging')['logLevel']),
  }
}

function section(value: unknown, name: string): Section {
  if (value === undefined) return {}
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Section
  throw new StartFailure(`host.json: ${name} is ${JSON.stringify(value)}, expected an object.`)
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1)
}

function text(from: Section, path: string, fallback: string): string {
  const value = from[lastPart(path)] ?? fallback
  if (typeof value === 'string') return value
  throw new StartFailure(`host.json: ${path} is ${JSON.stringify(value)}, expected a text.`)
}

function integer(from: Section, path: string, fallback: number, min: number, max = Infinity): number {
  const value = from[lastPart(path)] ?? fallback
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value
  const expected = max === Infinity ? `${min} or more` : `from ${min} to ${max}`
  throw new StartFailure(
    `host.json: ${path} is ${JSON.stringify(value)}, expected a whole number ${expected}.`,
  )
}

function duration(from: Section, path: string, fallbackMs: number): number {
  const value = from[lastPart(path)]
  if (value === undefined) return fallbackMs
  const parsed = typeof value === 'string' ? parseTimeSpan(value) : undefined
  if (parsed !== undefined) return parsed
  throw new StartFailure(`host.json: ${path} is ${JSON.stringify(value)}, expected a time like "00:00:30".`)
}

/** Limits and defaults as in azure-webjobs-sdk, SingletonOptions; those of the lease are the limits of Azure Storage. */
function lockTime(from: Section, path: string, maxMs = Infinity): number {
  const ms = duration(from, path, maxLockMs)
  if (ms >= minLockMs && ms <= maxMs) return ms
  const expected = maxMs === Infinity ? '"00:00:15" or more' : 'from "00:00:15" to "00:01:00"'
  throw new StartFailure(
    `host.json: ${path} is ${JSON.stringify(from[lastPart(path)])}, expected a time ${expected}.`,
  )
}

function headers(value: unknown): Record<string, string> {
  const all = section(value, 'extensions.http.customHeaders')
  return Object.fromEntries(Object.keys(all).map((name) => [name, text(all, name, '')]))
}

function encoding(value: unknown): 'base64' | 'none' {
  const expected = typeof value === 'string' ? value.toLowerCase() : value
  if (expected === undefined || expected === 'base64') return 'base64'
  if (expected === 'none') return 'none'
  throw new StartFailure(
    `host.json: extensions.queues.messageEncoding is ${JSON.stringify(value)}, expected "base64" or "none".`,
  )
}

function levels(value: unknown): Record<string, LogLevel> {
  const all = section(value, 'logging.logLevel')
  return Object.fromEntries(
    Object.entries(all).map(([category, level]) => {
      const known = logLevels.find((each) => each === String(level).toLowerCase())
      if (known) return [category, known]
      throw new StartFailure(
        `host.json: logging.logLevel.${category} is ${JSON.stringify(level)}, expected one of ${logLevels.join(', ')}.`,
      )
    }),
  )
}
