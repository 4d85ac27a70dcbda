import type { Person } from '../domain/caller.ts'
import { type DecisionJob, type ItemResult, type JobItem, maxJobMs } from '../domain/decision-job.ts'
import { isBeingApplied } from '../domain/request.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import type { ClaimedJob, DecisionJobsPort, JobPart, JobRef } from '../ports/decision-jobs.ts'
import { StoredUnreadable } from '../ports/ledger.ts'
import type { ReviewQueuePort } from '../ports/queue.ts'
import type { FoundRequest } from '../ports/requests.ts'
import { asSearched } from '../review/ask-for-review.ts'
import { type Decided, decide, type DecidePorts } from './decide.ts'

export interface JobPorts extends DecidePorts {
  readonly jobs: DecisionJobsPort
}

const atOnce = 8
/** Well below the time that the host gives a function. */
const maxRunMs = 120_000

/** Goes on with a job that nobody works on. @throws when storage cannot be read or written. */
export async function continueJob(ports: JobPorts, ref: JobRef): Promise<void> {
  const claimed = await ports.jobs.claim(ref)
  if (claimed) await runJob(ports, claimed, maxRunMs)
}

/** Goes on with every job whose hint was lost or whose host died. What fails is tried again later. */
export async function continueDueJobs(ports: JobPorts): Promise<void> {
  for (const ref of await ports.jobs.due(atOnce)) {
    try {
      await continueJob(ports, ref)
    } catch (error) {
      noteFailed(ports, ref, error)
    }
  }
}

/** It is stored: another host goes on with it, and the page says how far it is. */
export function noteFailed({ log }: Pick<JobPorts, 'log'>, ref: JobRef, error: unknown): void {
  const facts = { metric: 'decisions.job-failed', ref, error: String(error) }
  log.error('A decision on a case could not be carried on; it is tried again.', facts)
}

/**
 * Decides the requests of a claimed job, one part after the other, for so many milliseconds at most; the rest is left to
 * others. Each step can be repeated: a choice is bound to what was shown, and what was recorded before is recognized.
 */
export async function runJob(ports: JobPorts, claimed: ClaimedJob, maxMs: number): Promise<void> {
  const { jobs, hints, log, now } = ports
  const until = now().getTime() + maxMs
  let current = claimed
  for await (const part of jobs.openParts(claimed.ref)) {
    if (now().getTime() >= until) {
      await jobs.release(current)
      return hints.hint(claimed.ref)
    }
    const items = await decidedItems(ports, current.job, part)
    const after = await jobs.record(current, counted(current.job, part, items), { before: part, items })
    if (!after) return
    current = after
  }
  const settled = { ...current.job, settledAt: now().toISOString() }
  if (!(await jobs.record(current, settled))) return
  const { total, recorded, caseKind, caseId } = settled
  log.info('A person has decided a case.', {
    ...{ metric: 'decisions.case', caseId, caseKind, total, recorded },
  })
}

function counted(job: DecisionJob, { items: before }: JobPart, after: readonly JobItem[]): DecisionJob {
  const added = (isOne: (item: JobItem) => boolean) =>
    after.filter(isOne).length - before.filter(isOne).length
  return {
    ...job,
    done: job.done + added(({ result }) => result !== undefined),
    recorded: job.recorded + added(({ result }) => result?.kind === 'recorded'),
  }
}

async function decidedItems(ports: JobPorts, job: DecisionJob, part: JobPart): Promise<readonly JobItem[]> {
  if (ports.now().getTime() - Date.parse(job.at) > maxJobMs)
    return part.items.map((item) => ({ ...item, result: item.result ?? tooLate }))
  const reviews = new ReviewsOnce(ports.queue)
  const one = (item: JobItem) => decidedItem({ ...ports, queue: reviews }, job, item)
  const items = job.isOrdered ? await inOrder(job, part.items, one) : await inGroups(part.items, one)
  await reviews.flush()
  return items
}

const tooLate: ItemResult = {
  kind: 'given-up',
  sentence: 'It was not tried within an hour: the storage did not respond. Decide it again.',
}
const afterAnother: ItemResult = {
  kind: 'left-out',
  sentence: 'It was not tried, because another request of this decision had changed.',
}

/** Stops at the first that is not recorded. In a later part as well: what has failed is known by the counts. */
async function inOrder(
  { done, recorded }: DecisionJob,
  items: readonly JobItem[],
  decided: (item: JobItem) => Promise<JobItem>,
): Promise<readonly JobItem[]> {
  const after: JobItem[] = []
  let hasFailed = done > recorded
  for (const item of items) {
    const next = hasFailed && !item.result ? { ...item, result: afterAnother } : await decided(item)
    hasFailed ||= next.result?.kind !== 'recorded'
    after.push(next)
  }
  return after
}

async function inGroups(
  items: readonly JobItem[],
  decided: (item: JobItem) => Promise<JobItem>,
): Promise<readonly JobItem[]> {
  const after: JobItem[] = []
  for (let from = 0; from < items.length; from += atOnce)
    after.push(...(await Promise.all(items.slice(from, from + atOnce).map(decided))))
  return after
}

async function decidedItem(
  ports: DecidePorts & { readonly queue: ReviewsOnce },
  job: DecisionJob,
  item: JobItem,
): Promise<JobItem> {
  if (item.result) return item
  const { decisionId, version, outcome } = item
  const person: Person = { ...job.person, kind: 'person', roles: ['Approver'] }
  const decided = await readable(() =>
    decide(ports, { decisionId, version, outcome, reason: job.reason }, person),
  )
  if (!decided) return { ...item, result: unreadable }
  if (decided.kind === 'chosen') return { ...item, result: recorded }
  const found = 'found' in decided ? decided.found : undefined
  if (!found || !isRecordedBefore(found, job, item)) return { ...item, result: resultOf(decided) }
  // The host that recorded it may have died before it asked for the review.
  const target = parseResourceId(found.record.request.subject.targetId)
  if (target && isBeingApplied(found.record.request)) await ports.queue.enqueue(asSearched(target))
  return { ...item, result: recorded }
}

const recorded: ItemResult = { kind: 'recorded', sentence: '' }

const unreadable: ItemResult = {
  kind: 'refused',
  sentence: 'What is stored about it cannot be read. Whoever runs this app finds the row in its log.',
}

/** One record that cannot be read does not keep the others from being decided. */
async function readable<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof StoredUnreadable)) throw error
    return undefined
  }
}

/** True for the choice of this very job, recorded by a host that died before it could write so. */
function isRecordedBefore({ record }: FoundRequest, { person, at }: DecisionJob, item: JobItem): boolean {
  return record.request.choices.some(
    (choice) =>
      choice.person?.objectId === person.objectId && choice.outcome === item.outcome && choice.at >= at,
  )
}

function resultOf(decided: Exclude<Decided, { kind: 'chosen' }>): ItemResult {
  switch (decided.kind) {
    case 'refused':
      return { kind: 'refused', sentence: decided.obstacle.sentence.slice(0, maxResultLength) }
    case 'not-found':
      return { kind: 'changed', sentence: 'It is not there any more.' }
    case 'reason-missing':
      return { kind: 'changed', sentence: 'Its rule requires a reason by now.' }
    case 'reason-too-long':
    case 'changed':
      return { kind: 'changed', sentence: 'It has changed since it was shown to you.' }
  }
}

/** Fifty of them fit into one row. */
const maxResultLength = 300

/** Asks for a review of each target once: before the first decision, in case the host dies, and after the last one. */
class ReviewsOnce implements Pick<ReviewQueuePort, 'enqueue'> {
  readonly #queue: Pick<ReviewQueuePort, 'enqueue'>
  readonly #before = new Set<string>()
  readonly #after = new Map<string, Parameters<ReviewQueuePort['enqueue']>[0]>()

  constructor(queue: Pick<ReviewQueuePort, 'enqueue'>) {
    this.#queue = queue
  }

  async enqueue(...[message, delaySeconds]: Parameters<ReviewQueuePort['enqueue']>): Promise<void> {
    const { resourceId } = message
    if (delaySeconds === undefined) this.#after.set(resourceId, message)
    else if (!this.#before.has(resourceId)) {
      this.#before.add(resourceId)
      await this.#queue.enqueue(message, delaySeconds)
    }
  }

  async flush(): Promise<void> {
    const messages = [...this.#after.values()]
    for (let from = 0; from < messages.length; from += atOnce)
      await Promise.all(messages.slice(from, from + atOnce).map((one) => this.#queue.enqueue(one)))
  }
}
