import { messageOf } from '../failure.ts'
import type { TimerFunction } from '../functions.ts'
import type { Invoke, Trigger } from '../invoker.ts'
import type { Log } from '../logger.ts'
import { createPause } from '../queues/pause.ts'
import type { TimerLock, TimerLocks } from './lock.ts'
import { parseSchedule } from './schedule.ts'
import type { Schedule } from './schedule.ts'
import { timeText } from './status.ts'
import type { TimerStatus, TimerStatusStore } from './status.ts'

export interface TimerListenerOptions {
  definition: TimerFunction
  invoke: Invoke
  log: Log
  /** undefined: AzureWebJobsStorage is not set; timers that need a status do not start, others are not locked. */
  timerStorage: Promise<TimerStorage | undefined>
}

/** What hosts of one app share about its timers. */
export interface TimerStorage {
  statuses: TimerStatusStore
  locks: TimerLocks
}

export interface TimerListener {
  name: string
  /** The timer's value for a run by hand now. */
  trigger: (isPastDue?: boolean) => Trigger
  /** Starts no more runs and releases the lease; resolves when the run under way is done. */
  stop: () => Promise<void>
}

// Longer waits overflow Node's timers; a wait that ends early finds that the time has not come.
const maxWaitMs = 24 * 60 * 60_000

/**
 * Runs a function by its schedule, in the one host that has the lease of the timer. Schedules of a minute or more are monitored: their status is in a blob, a run that
 * was missed while the host was down is made up for at the start with `isPastDue`, and without storage such a timer
 * does not start (seen with host 4.1037; monitoring as in Microsoft's documentation of `useMonitor`).
 * @throws StartFailure when the schedule cannot be read
 */
export function startTimerListener(options: TimerListenerOptions): TimerListener {
  const { definition, invoke, log, timerStorage } = options
  const schedule = parseSchedule(definition.schedule, definition.name)
  const category = `Host.Triggers.Timer.${definition.name}`
  const monitored = definition.useMonitor ?? intervalOf(schedule) >= 60_000
  const pause = createPause()
  let stopping = false
  let lock: TimerLock | undefined
  let status: TimerStatus = { last: undefined, next: schedule.next(new Date()), lastUpdated: new Date() }

  function trigger(isPastDue = false): Trigger {
    return {
      value: timerValue(schedule, monitored ? status : undefined, isPastDue),
      metadata: {},
      reason: timerReason,
    }
  }

  async function shared(): Promise<TimerStorage | undefined> {
    while (!stopping) {
      try {
        return await timerStorage
      } catch (error) {
        log('warning', category, `The timer's storage cannot be reached: ${messageOf(error)}`)
        await pause.wait(5000)
      }
    }
    return undefined
  }

  /** Waits until this host has the lease, or is stopped. */
  async function takeLock(locks: TimerLocks): Promise<void> {
    while (!stopping) {
      try {
        lock = await locks.take(definition.name)
      } catch (error) {
        log('warning', category, `The timer's lease cannot be asked for: ${messageOf(error)}`)
      }
      if (lock) return
      await pause.wait(locks.recoveryPollingMs)
    }
  }

  async function releaseLock(): Promise<void> {
    try {
      await lock?.release()
    } catch (error) {
      log('warning', category, `The timer's lease cannot be released: ${messageOf(error)}`)
    }
    lock = undefined
  }

  async function save(statusStore: TimerStatusStore | undefined): Promise<void> {
    try {
      await statusStore?.write(definition.name, status)
    } catch (error) {
      log('warning', category, `The timer's status cannot be written: ${messageOf(error)}`)
    }
  }

  async function run(
    statusStore: TimerStatusStore | undefined,
    due: Date,
    isPastDue: boolean,
  ): Promise<void> {
    const result = await invoke(definition, trigger(isPastDue))
    if (result.error !== undefined)
      log('warning', category, 'The timer failed; it runs again at its next time.')
    status = { last: due, next: schedule.next(due > new Date() ? due : new Date()), lastUpdated: due }
    await save(statusStore)
  }

  async function begin(statusStore: TimerStatusStore | undefined): Promise<void> {
    const stored = await statusStore?.read(definition.name)
    if (stored) status = stored
    else await save(statusStore)
    const pastDue = stored !== undefined && stored.next <= new Date()
    if (pastDue || definition.runOnStartup) await run(statusStore, new Date(), pastDue)
    else if (stored) status.next = schedule.next(new Date())
  }

  async function loop(): Promise<void> {
    const storage = await shared()
    const statusStore = monitored ? storage?.statuses : undefined
    if (monitored && !statusStore) {
      if (!stopping) log('error', category, 'AzureWebJobsStorage is not set: the timer does not start.')
      return
    }
    if (storage) await takeLock(storage.locks)
    while (!stopping) {
      try {
        await begin(statusStore)
        break
      } catch (error) {
        log('warning', category, `The timer's status cannot be read: ${messageOf(error)}`)
        await pause.wait(5000)
      }
    }
    while (!stopping) {
      const due = status.next
      const wait = due.getTime() - Date.now()
      if (wait > 0) await pause.wait(Math.min(wait, maxWaitMs))
      else await run(statusStore, due, false)
    }
  }

  const running = loop()
  return {
    name: definition.name,
    trigger,
    stop: async () => {
      stopping = true
      pause.end()
      await releaseLock()
      await running
      // The lease that was being asked for at that moment.
      await releaseLock()
    },
  }
}

const timerReason = 'Timer fired'

function intervalOf(schedule: Schedule): number {
  const first = schedule.next(new Date())
  return schedule.next(first).getTime() - first.getTime()
}

function timerValue(schedule: Schedule, status: TimerStatus | undefined, isPastDue: boolean) {
  return {
    json: JSON.stringify({
      Schedule: { AdjustForDST: schedule.adjustForDst },
      ScheduleStatus: status
        ? {
            Last: timeText(status.last),
            Next: timeText(status.next),
            LastUpdated: timeText(status.lastUpdated),
          }
        : null,
      IsPastDue: isPastDue,
    }),
  }
}
