import { setTimeout as sleep } from 'node:timers/promises'
import { ArmError } from '../../shared/private-link/arm/error.ts'
import { whyNot } from '../../shared/private-link/arm/why-not.ts'
import { sentenceOf } from '../command/explain-error.ts'
import { type CheckResult, fail, type Outcome, type Patient, skipped } from './check.ts'
import { type CheckId, checks } from './checks.ts'
import { checkPlan } from './check-plan.ts'

const maxMilliseconds = 10_000
const lateFix =
  'Look at the network between here and there (firewall, proxy, private endpoint), and run doctor again.'

export interface ExamineOptions {
  readonly onDone: (done: number) => void
  readonly signal: AbortSignal
  /** For each check. */
  readonly milliseconds?: number
}

/**
 * Runs every check, those that depend on nothing open at once. One that fails, throws or hangs stops only those that
 * make no sense without it.
 * @throws the reason of the signal when that is aborted.
 */
export async function examine(
  patient: Patient,
  { onDone, signal, milliseconds = maxMilliseconds }: ExamineOptions,
): Promise<readonly CheckResult[]> {
  const ids = Object.keys(checks) as CheckId[]
  const started = new Map<CheckId, Promise<readonly Outcome[]>>()
  let done = 0
  const start = (id: CheckId): Promise<readonly Outcome[]> => {
    const known = started.get(id)
    if (known) return known
    const outcomes = examineOne(id).finally(() => onDone((done += 1)))
    started.set(id, outcomes)
    return outcomes
  }

  async function examineOne(id: CheckId): Promise<readonly Outcome[]> {
    for (const before of checkPlan[id].after) {
      const outcomes = await start(before)
      if (outcomes.some(({ level }) => level === 'fail' || level === 'skipped')) {
        return [skipped(`"${checks[before].title}" comes first.`)]
      }
    }
    return await inTime(id, patient, signal, milliseconds)
  }

  const all = await Promise.all(
    ids.map(async (check) => (await start(check)).map((outcome) => ({ check, ...outcome }))),
  )
  signal.throwIfAborted()
  return all.flat()
}

async function inTime(
  id: CheckId,
  patient: Patient,
  stop: AbortSignal,
  milliseconds: number,
): Promise<readonly Outcome[]> {
  const heard = new AbortController()
  const signal = AbortSignal.any([stop, AbortSignal.timeout(milliseconds)])
  const isLate = sleep(milliseconds, 'late' as const, { signal: AbortSignal.any([stop, heard.signal]) })
  // A check that goes on after its time must not end the process when it fails.
  const running = Promise.resolve().then(() => checkPlan[id].run(patient, signal))
  running.catch(() => undefined)
  isLate.catch(() => undefined)
  try {
    const first = await Promise.race([running, isLate])
    if (first === 'late') return [fail(`There was no response within ${milliseconds / 1000} s.`, lateFix)]
    return Array.isArray(first) ? (first as readonly Outcome[]) : [first as Outcome]
  } catch (error) {
    return [fail(error instanceof ArmError ? `Azure gives ${whyNot(error)}.` : sentenceOf(error))]
  } finally {
    heard.abort()
  }
}
