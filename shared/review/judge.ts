import { isPending, type Connection } from '../domain/connection.ts'
import type { Facts, Reason, Verdict } from '../domain/verdict.ts'
import { evaluate, type PreparedRules } from '../policy/index.ts'
import type { Hold } from './held-back.ts'
import type { Look } from './look.ts'

/** The policy's verdict; what this app cannot or must not answer goes to a person, whatever the rules say. */
export function judge(facts: Facts, rules: PreparedRules, { ports, unreadable }: Look): Verdict {
  const verdict = evaluate(facts, rules, ports.now())
  const reason = unanswerable(facts.connection, verdict.reason) ?? amongUnreadable(unreadable)
  return reason ? { ...verdict, outcome: 'escalate', reason, decidedBy: undefined } : verdict
}

/** A verdict that is turned into a question to a person; the rule that would have decided stays named. */
export function keptBack(verdict: Verdict, { reason }: Hold): Verdict {
  return { ...verdict, outcome: 'escalate', reason }
}

/** Why a connection is not answered by this app at all; undefined when it may be. */
function unanswerable(connection: Connection, { sentence }: Reason): Reason | undefined {
  const { target, status, answering } = connection
  if (!isPending(connection)) {
    const words = `The connection's status is "${status.slice(0, 50)}", which is not known here.`
    return { code: 'unknown-status', sentence: words }
  }
  if (answering === 'no-operation') {
    const words = `Azure publishes no operation that answers connections of ${target.type}; a person has to, in the portal.`
    return { code: 'no-approving-operation', sentence: `${words} ${sentence}` }
  }
  if (answering === 'unlisted-type') {
    const words = `${target.type} is not in the table of resource types, so nothing is answered for it here.`
    return { code: 'type-not-in-table', sentence: `${words} ${sentence}` }
  }
  return undefined
}

/** Whoever cannot be read may claim the same as this one: of two that do, neither is answered. */
function amongUnreadable(unreadable: string | undefined): Reason | undefined {
  if (unreadable === undefined) return undefined
  const words =
    'Other connections of this target cannot be read, so nobody knows whether one claims the same.'
  return { code: 'target-unreadable', sentence: `${words} ${unreadable}` }
}
