import type { LogEntry } from '../../shared/domain/log-entry.ts'
import { visible } from '../../shared/domain/printable.ts'
import { parseTime } from '../../shared/domain/time.ts'
import type { Facts } from '../../shared/domain/verdict.ts'
import { evaluate, prepareRules } from '../../shared/policy/index.ts'
import { hingeOf } from '../../shared/what-if/hinge.ts'
import { factsOf } from '../../shared/what-if/recorded.ts'
import { usableRules } from '../allow-list/usable-rules.ts'
import type { Run } from '../command/run.ts'
import type { PlaceOptions } from '../place/options.ts'
import { CommandFailed, type ExitCode } from '../terminal/io.ts'
import { shortly } from '../terminal/words.ts'
import { wrapped } from '../terminal/wrap.ts'
import { askedFacts, type AskedRequestOptions, isMadeUp } from './asked-request.ts'
import { entryOfDecision } from './decision.ts'
import { explanationOf } from './explanation.ts'
import { readCases } from './read-cases.ts'
import { ruleSetOfFile } from './rules.ts'

/** Options of `explain`. */
export interface ExplainOptions extends PlaceOptions, AskedRequestOptions {
  readonly rules?: string
  readonly at?: string
  readonly case?: string
  readonly cases?: string
  readonly decision?: string
}

/** A request to explain, and its default evaluation time. */
interface Asked {
  readonly facts: Facts
  readonly at: Date
  readonly entry?: LogEntry
}

/** Explains one request. Exit 0 for any verdict. */
export async function explain(run: Run<ExplainOptions>): Promise<ExitCode> {
  const { io, options } = run
  const asked = await askedFor(run)
  const set =
    asked && (options.rules === undefined ? await usableRules(run) : await ruleSetOfFile(run, options.rules))
  if (!asked || !set) return 2
  const { facts, entry } = asked
  const verdict = evaluate(facts, prepareRules(set), timeOf(options) ?? asked.at)
  if (io.isJson) {
    io.out(JSON.stringify(verdict))
    return 0
  }
  const rules = set.complete ? set.rules : []
  if (entry) io.out(thenLine(entry))
  io.out(explanationOf(verdict, rules.length, io))
  const hinge = entry && hingeOf(verdict, facts, new Map(rules.map((rule) => [rule.id, rule])))
  if (hinge) {
    const sentence = `The log does not hold ${hinge.missing.join(', nor ')}: with that, rule ${hinge.ruleId} might match.`
    io.note(wrapped(visible(sentence), io.width).join('\n'))
  }
  return 0
}

async function askedFor(run: Run<ExplainOptions>): Promise<Asked | undefined> {
  const { options } = run
  const ways = [isMadeUp(options), options.decision !== undefined, options.cases !== undefined]
  if (ways.filter(Boolean).length !== 1) {
    throw new CommandFailed(
      'Say which request: made up by --target and more, or --decision ID, or --cases FILE with --case NAME; one of them.',
      2,
    )
  }
  if (options.decision !== undefined) return recorded(run, options.decision)
  if (options.cases !== undefined) return ofCase(run, options.cases)
  return { facts: askedFacts(options), at: run.now() }
}

async function recorded(run: Run<ExplainOptions>, decisionId: string): Promise<Asked> {
  const entry = await entryOfDecision(
    await run.connected.ledger(({ message }) => {
      run.io.note(message)
    }),
    decisionId,
  )
  const facts = factsOf(entry)
  if (facts) return { facts, at: new Date(entry.at), entry }
  throw new CommandFailed(
    `Decision ${visible(decisionId)} is about no connection, so there is nothing to evaluate: ${visible(entry.reason.sentence)} Take another decision, or make a request up with --target.`,
  )
}

async function ofCase(run: Run<ExplainOptions>, path: string): Promise<Asked | undefined> {
  const file = await readCases(run, path)
  if (!file) return undefined
  const chosen = run.options.case
  const found = file.cases.find(({ name }) => name === chosen)
  if (found) return { facts: found.facts, at: found.at ?? run.now() }
  const names = file.cases.map(({ name }) => `"${visible(name)}"`).join(', ')
  throw new CommandFailed(
    `--case is ${chosen === undefined ? 'missing' : `"${visible(chosen)}"`}; there are: ${names}.`,
    2,
  )
}

function timeOf({ at }: ExplainOptions): Date | undefined {
  if (at === undefined) return undefined
  const time = parseTime(at)
  if (time) return time
  throw new CommandFailed(
    `--at is "${visible(at)}"; expected: a day or a time in UTC such as 2027-01-31T08:00:00Z.`,
    2,
  )
}

function thenLine({ at, outcome, reason }: LogEntry): string {
  return `Decided on ${shortly(at)}: ${outcome} (${reason.code}). By these rules:\n`
}
