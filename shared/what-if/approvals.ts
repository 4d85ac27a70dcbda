import type { Connection } from '../domain/connection.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import { endpointIdOf, subjectId, type Request } from '../domain/request.ts'
import { foldCase } from '../domain/fold-case.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import type { Rule } from '../domain/rule.ts'
import { spokenState } from '../domain/spoken-state.ts'
import { minuteOf } from '../domain/time.ts'
import type { Facts, Verdict } from '../domain/verdict.ts'
import { evaluate, prepareRules, type PreparedRules } from '../policy/index.ts'
import { endOfApproval } from './approval-end.ts'
import { hingeOf } from './hinge.ts'
import { factsOf } from './recorded.ts'
import { whyUnsupported } from './unsupported.ts'

/**
 * Standing of an approval today.
 * - `unsupported`: today's rules would not approve it.
 * - `past-end`: the time for which it was approved is over.
 * - `uncertain`: facts that today's rules need were not recorded.
 * - `outside`: not approved by this app.
 * - `supported`: a rule of today would approve it again.
 */
export const approvalStandings = ['unsupported', 'past-end', 'uncertain', 'outside', 'supported'] as const
export type ApprovalStanding = (typeof approvalStandings)[number]

/** Standings of approvals that should be ended or need a rule. */
export const unsupportedStandings: readonly ApprovalStanding[] = ['unsupported', 'past-end']

/** The newest of a connection in the ledger. */
export interface Recorded {
  readonly request: Request
  readonly lastEntry: LogEntry
}

export interface ApprovalsInput {
  /** What Azure shows as Approved today. */
  readonly shown: readonly Connection[]
  /**
   * Types of targets whose connections Azure's search does not show, in ASCII lower case: the ledger is used for them.
   */
  readonly typesNotShown: ReadonlySet<string>
  readonly recorded: readonly Recorded[]
  readonly rules: readonly Rule[]
  readonly now: Date
}

/** One approval of today. */
export interface ApprovalFinding {
  readonly standing: ApprovalStanding
  readonly connectionId: string
  readonly targetId: string
  readonly endpointId: string | undefined
  readonly groupIds: readonly string[] | undefined
  /** Where it was seen: `azure`, or only in the `ledger`, where it may have changed since. */
  readonly seenIn: 'azure' | 'ledger'
  /** `{rule} v{version}` that supports it. */
  readonly supportedBy: string | undefined
  /** For display. Text from outside in it is printable. */
  readonly why: string
  /** ISO 8601; undefined for what this app did not approve. */
  readonly approvedAt: string | undefined
  readonly endsAt: string | undefined
  readonly decisionId: string | undefined
}

export interface Approvals {
  /** Those to act upon first. */
  readonly findings: readonly ApprovalFinding[]
  /** Approvals of this app that Azure's search does not show any more: decided otherwise since, removed, or late. */
  readonly notShown: readonly string[]
}

/** Evaluates every current approval by today's rules, with the facts recorded at its decision. Ends nothing. */
export function reviewApprovals(input: ApprovalsInput): Approvals {
  const { shown, recorded, typesNotShown, rules } = input
  const today: Today = {
    ...input,
    prepared: prepareRules({ complete: true, rules, hash: '' }),
    byId: new Map(rules.map((rule) => [rule.id, rule])),
    onTarget: Map.groupBy(shown, ({ target }) => target.key),
  }
  const ofConnections = recorded.filter(({ request }) => request.subject.kind === 'connection')
  const records = new Map(ofConnections.map((record) => [foldCase(idOf(record)), record]))
  const shownKeys = new Set(shown.map(({ id }) => id.key))
  const fromAzure = shown.map((connection) => findingOf(connection, records.get(connection.id.key), today))
  const others = ofConnections.filter(
    (record) => isApproved(record.request) && !shownKeys.has(foldCase(idOf(record))),
  )
  const isHidden = ({ request }: Recorded): boolean =>
    typesNotShown.has(foldCase(parseResourceId(request.subject.targetId)?.type ?? ''))
  const fromLedger = others.filter(isHidden).map((record) => reviewed(record, 'ledger', today))
  return {
    findings: [...fromAzure, ...fromLedger].toSorted(byStanding),
    notShown: others.filter((record) => !isHidden(record)).map(idOf),
  }
}

function idOf({ request }: Recorded): string {
  return subjectId(request.subject)
}

function isApproved({ state }: Request): boolean {
  return state.name === 'applied' && state.outcome === 'approve'
}

interface Today extends ApprovalsInput {
  readonly prepared: PreparedRules
  readonly byId: ReadonlyMap<string, Rule>
  readonly onTarget: ReadonlyMap<string, readonly Connection[]>
}

function findingOf(connection: Connection, record: Recorded | undefined, today: Today): ApprovalFinding {
  const outside = whyOutside(connection, record)
  if (record === undefined || outside !== undefined) {
    return {
      standing: 'outside',
      connectionId: connection.id.id,
      targetId: connection.target.id,
      endpointId: connection.endpoint?.id,
      groupIds: connection.groupIds,
      seenIn: 'azure',
      supportedBy: undefined,
      why: outside ?? '',
      approvedAt: undefined,
      endsAt: undefined,
      decisionId: record?.request.decisionId,
    }
  }
  return reviewed(record, 'azure', today)
}

/** Undefined when this app approved that very endpoint. */
function whyOutside({ endpoint }: Connection, record: Recorded | undefined): string | undefined {
  if (record === undefined) return 'This app has never seen it wait.'
  const { state, subject } = record.request
  if (state.name === 'decided-elsewhere') return 'Somebody decided it outside this app.'
  if (!isApproved(record.request)) {
    const then = spokenState(state.name, record.lastEntry.outcome)
    return `This app has it as ${then}; somebody approved it since.`
  }
  return foldCase(endpointIdOf(subject) ?? '') === (endpoint?.key ?? '')
    ? undefined
    : 'Another endpoint stands behind it than the one this app approved.'
}

function reviewed(record: Recorded, seenIn: ApprovalFinding['seenIn'], today: Today): ApprovalFinding {
  const { request, lastEntry } = record
  const facts = factsWithNeighbours(lastEntry, today)
  const verdict = facts && evaluate(facts, today.prepared, today.now)
  const endsAt = endOfApproval(lastEntry)
  const hasEnded = endsAt !== undefined && endsAt.getTime() <= today.now.getTime()
  return {
    ...(hasEnded
      ? { standing: 'past-end' as const, why: whyEnded(lastEntry, endsAt, verdict) }
      : standingOf(lastEntry, facts, verdict, today)),
    connectionId: idOf(record),
    targetId: request.subject.targetId,
    endpointId: endpointIdOf(request.subject),
    groupIds: lastEntry.groupIds,
    seenIn,
    supportedBy:
      verdict?.outcome === 'approve' && verdict.decidedBy
        ? `${verdict.decidedBy.ruleId} v${verdict.decidedBy.ruleVersion}`
        : undefined,
    approvedAt: lastEntry.at,
    endsAt: endsAt?.toISOString(),
    decisionId: request.decisionId,
  }
}

/** Which other connections were Approved is not recorded; what is Approved today counts. */
function factsWithNeighbours(entry: LogEntry, { onTarget, typesNotShown }: Today): Facts | undefined {
  const facts = factsOf(entry)
  if (!facts || typesNotShown.has(foldCase(facts.connection.target.type))) return facts
  const approved = onTarget.get(facts.connection.target.key) ?? []
  return { ...facts, context: { ...facts.context, approved } }
}

function standingOf(
  entry: LogEntry,
  facts: Facts | undefined,
  verdict: Verdict | undefined,
  { byId }: Today,
): Pick<ApprovalFinding, 'standing' | 'why'> {
  if (!facts || !verdict) {
    return { standing: 'uncertain', why: 'The log does not hold what it was approved by.' }
  }
  if (verdict.outcome === 'approve') return { standing: 'supported', why: verdict.reason.sentence }
  const hinge = hingeOf(verdict, facts, byId)
  if (hinge?.mayApprove) {
    const why = `Rule ${hinge.ruleId} may support it; not recorded is ${hinge.missing.join(', and ')}.`
    return { standing: 'uncertain', why }
  }
  return { standing: 'unsupported', why: whyUnsupported(entry, verdict, byId) }
}

function whyEnded(entry: LogEntry, endsAt: Date, verdict: Verdict | undefined): string {
  const rule = entry.decidedBy?.ruleId ?? 'the rule'
  const until = minuteOf(endsAt.toISOString())
  const today =
    verdict?.outcome === 'approve'
      ? ' The rules of today would approve it anew.'
      : ' The rules of today would not approve it anew.'
  return `Rule ${rule} approved it for ${entry.terms?.approvalEndsAfter ?? 'a time'}, which ended on ${until} UTC.${today}`
}

function byStanding(a: ApprovalFinding, b: ApprovalFinding): number {
  const order = approvalStandings.indexOf(a.standing) - approvalStandings.indexOf(b.standing)
  if (order !== 0) return order
  return foldCase(a.connectionId) < foldCase(b.connectionId) ? -1 : 1
}
