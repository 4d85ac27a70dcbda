import { quote } from '../domain/quote.ts'
import { isPending, type Connection } from '../domain/connection.ts'
import type { Proof } from '../domain/proof.ts'
import type { Context, Facts, Reason, Verdict } from '../domain/verdict.ts'
import { evaluate as evaluateRules, type PreparedRules, requestersToAsk } from '../policy/index.ts'
import type { Evaluated } from '../request/step.ts'
import type { Prover } from '../ports/azure.ts'
import type { BesideList } from './confirm.ts'
import type { Places } from './places.ts'
import type { TargetContext } from './target-context.ts'

/** After that the newest rules decide with the facts read for the former ones: missing facts are unknown. */
const maxTries = 3

/** What the connections of one pass are evaluated by. */
export interface Evaluation extends BesideList {
  readonly newestRules: () => Promise<PreparedRules>
  readonly prover: Prover
  readonly targetContext: TargetContext
  readonly places: Places
  /** Why a part of the target's connections cannot be read; undefined when all can. */
  readonly unreadable: string | undefined
  readonly now: () => Date
}

/**
 * Proves the requester, reads what the rules require, and evaluates. Proving takes a while: if the rules have changed
 * meanwhile, they may match other requesters, so it is repeated.
 * @throws AzureFailed when Azure failed at a fact without which nothing is decided.
 */
export async function evaluate(evaluation: Evaluation, connection: Connection): Promise<Evaluated> {
  const { newestRules, prover, targetContext, claims } = evaluation
  let newest = await newestRules()
  for (let tries = 1; ; tries += 1) {
    const used = newest
    const targetGroups = await targetContext.targetGroups(used)
    const proof = await prover.prove(connection, requestersToAsk(used, connection, targetGroups))
    await claims.note(connection, proof, used)
    const { context: around, problems, failure } = await targetContext.around(used, connection, proof)
    newest = await newestRules()
    if (newest === used || !newest.complete || tries === maxTries) {
      const context = await withPlaces(evaluation, { connection, proof, context: around }, newest)
      const said = verdictOf({ connection, proof, context }, newest, evaluation)
      if (failure && said.outcome === 'escalate') throw failure
      const recalled = await claims.recall(connection, said)
      const verdict = withProblems(recalled, [...unprovenBy(proof), ...problems.map(asSentence)])
      return { connection, proof, context, verdict }
    }
  }
}

/** The facts, with the places that a read has freed where the verdict depends on one. */
async function withPlaces(evaluation: Evaluation, facts: Facts, rules: PreparedRules): Promise<Context> {
  const { context } = facts
  if (context.approved === undefined) return context
  const approved = await evaluation.places.countedFor((counted) => {
    const verdict = verdictOf({ ...facts, context: { ...context, approved: counted } }, rules, evaluation)
    return verdict.outcome === 'approve'
  })
  return { ...context, approved }
}

/** The policy's verdict; what this app cannot or must not decide is escalated, whatever the rules. */
function verdictOf(facts: Facts, rules: PreparedRules, { unreadable, now }: Evaluation): Verdict {
  const verdict = evaluateRules(facts, rules, now())
  const reason = undecidable(facts.connection, verdict.reason) ?? amongUnreadable(unreadable)
  return reason ? { ...verdict, outcome: 'escalate', reason, decidedBy: undefined } : verdict
}

/** Where a person decides, the sentence says what is not proven and what could not be read. */
function withProblems(verdict: Verdict, problems: readonly string[]): Verdict {
  if (verdict.outcome !== 'escalate') return verdict
  const { code, sentence } = verdict.reason
  const unsaid = problems.filter((problem) => !sentence.includes(problem))
  return { ...verdict, reason: { code, sentence: [sentence, ...unsaid].join(' ') } }
}

/** Why the requester is not confirmed: the first reason. */
function unprovenBy({ refusals: [first] }: Proof): readonly string[] {
  return first ? [first.sentence] : []
}

function asSentence(problem: string): string {
  return `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`
}

/** Why this app cannot decide a connection; undefined when it can. */
function undecidable(connection: Connection, { sentence }: Reason): Reason | undefined {
  const { target, status, writeSupport } = connection
  if (!isPending(connection)) {
    const words = `The connection's status is ${quote(status.slice(0, 50))}, which is not known here.`
    return { code: 'unknown-status', sentence: words }
  }
  if (writeSupport === 'no-operation') {
    const words = `Azure publishes no operation that approves or rejects connections of ${target.type}; it has to be done in the portal.`
    return { code: 'no-approving-operation', sentence: `${words} ${sentence}` }
  }
  if (writeSupport === 'unlisted-type') {
    const words = `${target.type} is not in the table of resource types, so nothing is approved or rejected for it.`
    return { code: 'type-not-in-table', sentence: `${words} ${sentence}` }
  }
  return undefined
}

/** A connection that cannot be read may claim the same endpoint name: of two that do, neither is decided. */
function amongUnreadable(unreadable: string | undefined): Reason | undefined {
  if (unreadable === undefined) return undefined
  const words =
    'Other connections of this target cannot be read, so nobody knows whether one claims the same.'
  return { code: 'target-unreadable', sentence: `${words} ${unreadable}` }
}
