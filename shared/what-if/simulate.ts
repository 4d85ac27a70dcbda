import type { LogEntry } from '../domain/log-entry.ts'
import { subjectId, type StateName } from '../domain/request.ts'
import { foldCase } from '../domain/fold-case.ts'
import type { Rule } from '../domain/rule.ts'
import type { Facts, Outcome, ReasonCode, Verdict } from '../domain/verdict.ts'
import { evaluate, prepareRules, type PreparedRules } from '../policy/index.ts'
import { hingeOf, type Hinge } from './hinge.ts'
import { releases, policyOutcome } from './release.ts'
import { factsOf } from './recorded.ts'
import { momentsOf } from './moments.ts'

/** How the outcome of a request would change. New approvals come first. */
export const changeKinds = [
  'newly-approved',
  'maybe-approved',
  'newly-rejected',
  'newly-escalated',
  'no-longer-approved',
  'not-evaluated',
  'same',
] as const

export type ChangeKind = (typeof changeKinds)[number]

/** One episode of one connection, by the last verdict on it. */
export interface RecordedRequest {
  readonly entry: LogEntry
  /** Its state at the end of the period. */
  readonly ended: StateName
}

/** One recorded request, evaluated again. */
export interface Change {
  readonly kind: ChangeKind
  readonly request: RecordedRequest
  readonly was: Outcome
  /** By the rules that are tried; undefined when nothing could be evaluated. */
  readonly verdict: Verdict | undefined
  /** Missing facts that leave the outcome uncertain. */
  readonly missing: readonly string[]
  /** The moment at which the rules have this outcome; undefined: the one at which they are held against the request. */
  readonly from: Date | undefined
}

export interface Simulation {
  readonly changes: readonly Change[]
  /** Ids of rules that decided nothing, and would not have with more recorded facts. */
  readonly idleRules: readonly string[]
}

export interface SimulationOptions {
  readonly now: Date
  /**
   * When the rules are held against the requests; undefined: each at the time of its verdict. Rules that begin or end
   * after that are held against them again, now and when they begin or end.
   */
  readonly at: Date | undefined
  /** What is compared with: other rules, or undefined for what was decided. */
  readonly against: readonly Rule[] | undefined
}

/** Requests that this app never decides, whatever the rules. */
const neverWritten: readonly ReasonCode[] = ['no-approving-operation', 'type-not-in-table']

/** Gathers the last verdict on each request from entries in the order of the log. */
export class RecordedRequests {
  readonly #requests = new Map<string, RecordedRequest>()

  add(entry: LogEntry): void {
    const { subject, basis, episode } = entry
    const key = `${subject.kind} ${foldCase(subjectId(subject))} ${episode}`
    const before = this.#requests.get(key)
    const verdict = basis === 'verdict' ? entry : before?.entry
    if (verdict) this.#requests.set(key, { entry: verdict, ended: entry.state })
  }

  all(): readonly RecordedRequest[] {
    return [...this.#requests.values()]
  }
}

/** Evaluates recorded requests by rules, and compares with the recorded decisions or with other rules. */
export function simulate(
  requests: readonly RecordedRequest[],
  rules: readonly Rule[],
  options: SimulationOptions,
): Simulation {
  const tried: Tried = { prepared: preparedOf(rules), byId: new Map(rules.map((rule) => [rule.id, rule])) }
  const before = options.against && preparedOf(options.against)
  const used = new Set<string>()
  const changes = requests.map((request) => {
    const found = evaluateAtAll(request, tried, before, options)
    for (const one of found) for (const ruleId of rulesUsed(one)) used.add(ruleId)
    return gravest(found)
  })
  return {
    changes: changes.toSorted((a, b) => changeKinds.indexOf(a.kind) - changeKinds.indexOf(b.kind)),
    idleRules: rules.map(({ id }) => id).filter((id) => !used.has(id)),
  }
}

interface Tried {
  readonly prepared: PreparedRules
  readonly byId: ReadonlyMap<string, Rule>
}

function preparedOf(rules: readonly Rule[]): PreparedRules {
  return prepareRules({ complete: true, rules, hash: '' })
}

interface EvaluatedAnew {
  readonly change: Change
  readonly hinge: Hinge | undefined
}

function rulesUsed({ change: { verdict }, hinge }: EvaluatedAnew): readonly string[] {
  const decisive = [verdict?.decidedBy, ...(verdict?.audited ?? [])].flatMap((rule) => rule?.ruleId ?? [])
  return hinge ? [...decisive, hinge.ruleId] : decisive
}

/** What the future may bring: every approval ends one day, which is no finding. */
const countsLater: readonly ChangeKind[] = ['newly-approved', 'maybe-approved', 'newly-rejected']

/** The request at its own time first; then now, and when rules begin or end. */
function evaluateAtAll(
  request: RecordedRequest,
  tried: Tried,
  before: PreparedRules | undefined,
  { now, at }: SimulationOptions,
): readonly [EvaluatedAnew, ...EvaluatedAnew[]] {
  const facts = factsOf(request.entry)
  if (!facts) return [notEvaluated(request)]
  const first = at ?? new Date(request.entry.at)
  const atFirst = evaluateAnew(request, facts, tried, before, first)
  const explanation = atFirst.change.verdict?.explanation ?? []
  const later = momentsOf(explanation, tried.byId, first, now)
    .map((from) => {
      const { change, hinge } = evaluateAnew(request, facts, tried, before, from)
      return { change: { ...change, from }, hinge }
    })
    .filter(({ change: { kind, from } }) => from <= now || countsLater.includes(kind))
  return [atFirst, ...later]
}

function gravest([first, ...later]: readonly [EvaluatedAnew, ...EvaluatedAnew[]]): Change {
  const gravity = ({ change: { kind } }: EvaluatedAnew): number => changeKinds.indexOf(kind)
  return later.reduce((worst, one) => (gravity(one) < gravity(worst) ? one : worst), first).change
}

function evaluateAnew(
  request: RecordedRequest,
  facts: Facts,
  { prepared, byId }: Tried,
  before: PreparedRules | undefined,
  when: Date,
): EvaluatedAnew {
  const { entry } = request
  const verdict = evaluate(facts, prepared, when)
  const was = before ? evaluate(facts, before, when).outcome : policyOutcome(entry)
  if (neverWritten.includes(entry.reason.code))
    return {
      change: { kind: 'same', request, was: 'escalate', verdict, missing: [], from: undefined },
      hinge: undefined,
    }
  const hinge = hingeOf(verdict, facts, byId)
  const release = releases(entry, request.ended, was)
  const kind = kindOf(was, verdict.outcome, hinge, release !== undefined)
  const missing = hinge?.missing ?? []
  const waitsFor = release !== undefined && kind === 'maybe-approved' ? [release] : []
  const change = { kind, request, was, verdict, missing: [...missing, ...waitsFor], from: undefined }
  return { change, hinge }
}

function notEvaluated(request: RecordedRequest): EvaluatedAnew {
  const missing = ['any connection: the target could not be read']
  const unknown = { verdict: undefined, missing, from: undefined }
  return { change: { kind: 'not-evaluated', request, was: 'escalate', ...unknown }, hinge: undefined }
}

function kindOf(was: Outcome, now: Outcome, hinge: Hinge | undefined, isHeld: boolean): ChangeKind {
  if (isHeld && (now === 'approve' || hinge?.mayApprove)) return 'maybe-approved'
  if (hinge && was === 'approve') return 'not-evaluated'
  if (hinge?.mayApprove) return 'maybe-approved'
  if (was === now) return 'same'
  if (now === 'approve') return 'newly-approved'
  if (now === 'reject') return 'newly-rejected'
  return was === 'approve' ? 'no-longer-approved' : 'newly-escalated'
}
