import type { Person } from '../domain/caller.ts'
import type { CaseRequestsPort } from '../ports/case-requests.ts'
import { type CaseDecision, type CaseProblem, plannedJob } from './plan-job.ts'
import { type JobPorts, noteFailed, runJob } from './run-job.ts'
import { untilApplied } from './until-applied.ts'

export interface CasePorts extends JobPorts {
  readonly cases: CaseRequestsPort
}

/** `begun`: the job is stored, and its requests are decided, here or by another host. */
export type CaseDecided = { readonly kind: 'begun' } | CaseProblem

/** Longer than a claim lasts: then another host goes on, if this one died. */
const safetySeconds = 62
/** For the decisions; the rest of the time is for their being applied. */
const shareToDecide = 0.75
/** The results of larger ones come up on the page. */
const maxAwaited = 50

/**
 * Stores what a person decides about a case as a job, and carries out of it what can be done in so many milliseconds;
 * other hosts go on with the rest.
 * @throws StoredUnreadable, or an error of the storage; then nothing is decided.
 */
export async function decideCase(
  ports: CasePorts,
  decision: CaseDecision,
  person: Person,
  maxMs: number,
): Promise<CaseDecided> {
  const until = performance.now() + maxMs
  const planned = await plannedJob(ports, decision, person, ports.now())
  if (planned.kind !== 'planned') return planned
  const claimed = await ports.jobs.add(planned.job, planned.items)
  await ports.hints.hint(claimed.ref, safetySeconds)
  try {
    await runJob(ports, claimed, shareToDecide * maxMs)
    for (const { decisionId } of planned.items.slice(0, maxAwaited))
      await untilApplied(ports.requests, decisionId, until - performance.now())
  } catch (error) {
    noteFailed(ports, claimed.ref, error)
  }
  return { kind: 'begun' }
}
