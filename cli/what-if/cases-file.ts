import { visible } from '../../shared/domain/printable.ts'
import { parseTime } from '../../shared/domain/time.ts'
import type { Facts } from '../../shared/domain/verdict.ts'
import { type FileNode, Misread } from '../../shared/located-text/node.ts'
import { Places } from '../../shared/located-text/places.ts'
import type { FileProblem } from '../../shared/located-text/problem.ts'
import { textOfBytes } from '../../shared/located-text/text-of-bytes.ts'
import {
  type LocatedMap,
  mapOf,
  needed,
  oneOf,
  plainValue,
  textOf,
} from '../../shared/located-text/values.ts'
import { readYaml } from '../../shared/located-text/yaml.ts'
import { type Case, policyReasons } from '../../shared/what-if/cases.ts'
import { factsOfWritten, requestFields } from './written-request.ts'

/** A file of test cases that was understood. */
export interface CasesFile {
  /** The rule file that it is for, as it names it. */
  readonly rules: string | undefined
  readonly cases: readonly LocatedCase[]
}

/** A case, and the line that it begins in, counted from 1. */
export interface LocatedCase extends Case {
  readonly line: number
}

export type CasesReading =
  | { readonly file: CasesFile; readonly problems?: undefined }
  | { readonly file?: undefined; readonly problems: readonly FileProblem[] }

const maxCharacters = 1_000_000
const maxNameLength = 200
const nameExpected = `what the case is called, in at most ${maxNameLength} characters`
const timeExpected = 'a day or a time in UTC such as 2027-01-31T08:00:00Z'
const outcomes = ['approve', 'escalate', 'reject'] as const

/**
 * Reads a file of test cases, YAML or JSON. Never throws: problems are returned with line and column, the first one of
 * each case.
 */
export function readCasesFile(bytes: Uint8Array): CasesReading {
  const { text, misread } = textOfBytes(bytes)
  const places = new Places(text)
  const problems: Misread[] = misread ? [misread] : []
  const file = misread ? undefined : read(text, places, problems)
  if (file && problems.length === 0) return { file }
  return {
    problems: problems.map(({ at, message }) => ({ ...places.of(at), sentence: visible(message) })),
  }
}

function read(text: string, places: Places, problems: Misread[]): CasesFile | undefined {
  const orProblem = <T>(readPart: () => T): T | undefined => {
    try {
      return readPart()
    } catch (error) {
      if (!(error instanceof Misread)) throw error
      problems.push(error)
      return undefined
    }
  }
  return orProblem(() => {
    const { rules, cases } = partsOf(text)
    const names = new Set<string>()
    return {
      rules,
      cases: cases.flatMap((item) => {
        const found = orProblem(() => readCase(item, names))
        return found ? [{ ...found, line: places.of(item.at).line }] : []
      }),
    }
  })
}

function partsOf(text: string): { readonly rules: string | undefined; readonly cases: readonly FileNode[] } {
  if (text.length > maxCharacters) {
    throw new Misread(
      0,
      `The file has ${text.length} characters; at most ${maxCharacters} are read. Split it.`,
    )
  }
  const file = mapOf(readYaml(text, 0), 'the file', ['rules', 'cases'])
  const rules = file.values.get('rules')
  const cases = needed(file, 'cases', 'a list of cases')
  if (cases.kind !== 'list') throw new Misread(cases.at, 'cases is no list; expected: a list of cases.')
  return {
    rules: rules && textOf(rules, 'rules', 'the path of a rule file, seen from this file'),
    cases: cases.items,
  }
}

function readCase(node: FileNode, names: Set<string>): Case {
  const map = mapOf(node, 'a case', ['name', 'at', 'request', 'expect', 'rule', 'reason'])
  const at = map.values.get('at')
  const rule = map.values.get('rule')
  const reason = map.values.get('reason')
  return {
    name: nameOf(map, names),
    facts: factsIn(needed(map, 'request', 'target, and the requester')),
    at: at && timeOf(at),
    expect: oneOf(needed(map, 'expect', outcomes.join(', ')), 'expect', outcomes),
    rule: rule && textOf(rule, 'rule', 'the id of a rule'),
    reason: reason && oneOf(reason, 'reason', policyReasons),
  }
}

function nameOf(map: LocatedMap, names: Set<string>): string {
  const value = needed(map, 'name', nameExpected)
  const name = textOf(value, 'name', nameExpected)
  if (name.length > maxNameLength) throw new Misread(value.at, `name is too long; expected: ${nameExpected}.`)
  if (names.has(name)) throw new Misread(value.at, `"${name}" is another case; each needs a name of its own.`)
  names.add(name)
  return name
}

function timeOf(value: FileNode): Date {
  const text = textOf(value, 'at', timeExpected)
  const at = parseTime(text)
  if (!at) throw new Misread(value.at, `at is "${text}"; expected: ${timeExpected}.`)
  return at
}

function factsIn(node: FileNode): Facts {
  const map = mapOf(node, 'a request', requestFields)
  const written = Object.fromEntries([...map.values].map(([name, value]) => [name, plainValue(value)]))
  const { facts, problem } = factsOfWritten(written)
  if (facts) return facts
  throw new Misread(map.values.get(problem.field)?.at ?? node.at, `${problem.field} ${problem.says}.`)
}
