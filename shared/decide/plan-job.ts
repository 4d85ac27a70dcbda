import type { Person } from '../domain/caller.ts'
import { maxPersonNameLength, maxReasonLength } from '../domain/choice.ts'
import { type DecisionJob, type JobItem, maxJobItems } from '../domain/decision-job.ts'
import { cutStored } from '../domain/stored-text.ts'
import type { CaseReader, CaseRequestsPort } from '../ports/case-requests.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import type { RequestsPort } from '../ports/requests.ts'
import { isReasonRequired, type Obstacle, obstacleFor } from './may-decide.ts'

/** A request of a case as it was shown, and what becomes of it. */
export type ShownItem = Omit<JobItem, 'result'>

/** What a person decides about requests of one case. */
export interface CaseDecision {
  readonly caseId: string
  readonly reason: string | undefined
  /**
   * - `some`: these, each for itself.
   * - `reject-all`: everything that waits and has not changed since the page was shown, at that time in ISO 8601.
   * - `which`: of competing claims, one at most is approved and the others are rejected; all of it, or nothing.
   */
  readonly scope:
    | { readonly kind: 'some'; readonly items: readonly ShownItem[] }
    | { readonly kind: 'reject-all'; readonly shownAt: string }
    | { readonly kind: 'which'; readonly items: readonly ShownItem[] }
}

/** Why nothing of a decision on a case was taken. */
export type CaseProblem =
  | { readonly kind: 'not-found' }
  | { readonly kind: 'nothing-chosen' }
  | { readonly kind: 'reason-missing' }
  | { readonly kind: 'reason-too-long' }
  /** A request of another case, or none. */
  | { readonly kind: 'not-of-case' }
  /** Of competing claims, some are not as they were shown. */
  | { readonly kind: 'changed' }
  | { readonly kind: 'refused'; readonly obstacle: Obstacle }

export type Planned =
  { readonly kind: 'planned'; readonly job: DecisionJob; readonly items: readonly JobItem[] } | CaseProblem

/** A request of the job, as it is now. */
interface Part {
  readonly record: RequestRecord
  readonly item: ShownItem
}

/** What a decision on a case consists of, before anything of it is recorded. */
export async function plannedJob(
  { cases, requests }: { readonly cases: CaseRequestsPort; readonly requests: Pick<RequestsPort, 'find'> },
  decision: CaseDecision,
  person: Person,
  now: Date,
): Promise<Planned> {
  const { caseId, scope, reason } = decision
  const reader = await cases.find(caseId)
  if (!reader) return { kind: 'not-found' }
  if ((reason?.length ?? 0) > maxReasonLength) return { kind: 'reason-too-long' }
  const parts =
    scope.kind === 'some'
      ? await chosenParts(requests, reader, scope.items)
      : scope.kind === 'which'
        ? await claims(reader, scope.items, person)
        : await everything(reader, scope.shownAt, person)
  if ('kind' in parts) return parts
  if (parts.length === 0) return { kind: 'nothing-chosen' }
  const requiresReason = parts.some(({ record }) => isReasonRequired(record.lastEntry.terms))
  if (reason === undefined && requiresReason) return { kind: 'reason-missing' }
  // Whatever happens in between, nobody has got access before the others were refused it.
  const items = parts
    .map(({ item }) => ({ ...item, result: undefined }))
    .toSorted((one, other) => Number(one.outcome === 'approve') - Number(other.outcome === 'approve'))
  const { objectId, name, tenantId, groups } = person
  const job: DecisionJob = {
    ...{ caseId, caseKind: reader.kind, reason, at: now.toISOString(), isOrdered: scope.kind === 'which' },
    person: { objectId, name: cutStored(name, maxPersonNameLength), tenantId, groups },
    total: items.length,
    toApprove: items.filter(({ outcome }) => outcome === 'approve').length,
    ...{ done: 0, recorded: 0, dueAt: now.toISOString(), settledAt: undefined },
  }
  return { kind: 'planned', job, items }
}

async function chosenParts(
  requests: Pick<RequestsPort, 'find'>,
  reader: CaseReader,
  items: readonly ShownItem[],
): Promise<readonly Part[] | CaseProblem> {
  const parts = await Promise.all(
    items.map(async (item) => {
      const record = (await requests.find(item.decisionId))?.record
      return record && (await reader.has(record)) ? { record, item } : undefined
    }),
  )
  const found = parts.filter((part) => part !== undefined)
  return found.length === items.length ? found : { kind: 'not-of-case' }
}

async function everything(reader: CaseReader, shownAt: string, person: Person): Promise<readonly Part[]> {
  const { waiting } = await reader.content({ waiting: maxJobItems, read: 2 * maxJobItems })
  return waiting
    .filter((record) => record.lastEntry.at <= shownAt && !obstacleInCase(person, record, 'reject'))
    .map((record) => ({ record, item: rejected(record) }))
}

async function claims(
  reader: CaseReader,
  items: readonly ShownItem[],
  person: Person,
): Promise<readonly Part[] | CaseProblem> {
  if (reader.kind !== 'competing-claims') return { kind: 'not-of-case' }
  const { waiting, beyond } = await reader.content({ waiting: items.length + 1, read: maxJobItems })
  const shown = new Map(items.map((item) => [item.decisionId, item]))
  const parts = waiting.flatMap((record) => {
    const item = shown.get(record.request.decisionId)
    return item?.version === record.hash ? [{ record, item }] : []
  })
  if (beyond > 0 || parts.length !== waiting.length || parts.length !== shown.size) return { kind: 'changed' }
  for (const { record, item } of parts) {
    const obstacle = obstacleInCase(person, record, item.outcome)
    if (obstacle) return { kind: 'refused', obstacle }
  }
  return parts
}

function rejected({ request, hash }: RequestRecord): ShownItem {
  return { decisionId: request.decisionId, version: hash, outcome: 'reject' }
}

/** As `obstacleFor`, of a request of a case. */
export function obstacleInCase(
  person: Pick<Person, 'objectId' | 'groups'>,
  record: RequestRecord,
  outcome: 'approve' | 'reject' | undefined,
): Obstacle | undefined {
  return obstacleFor(person, { record, entry: record.lastEntry }, outcome)
}
