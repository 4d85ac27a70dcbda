import { createHash } from 'node:crypto'
import { printable, visible } from '../../domain/printable.ts'
import { quote } from '../../domain/quote.ts'
import { foldCase } from '../../domain/fold-case.ts'
import type { RuleContent } from '../../domain/rule.ts'
import { type FileNode, Misread } from '../../located-text/node.ts'
import { Places } from '../../located-text/places.ts'
import type { FileProblem } from '../../located-text/problem.ts'
import { textOfBytes } from '../../located-text/text-of-bytes.ts'
import { checkRule, type Complaint } from './check-rule.ts'
import { rulesOfText } from './rules-of-text.ts'

/** A rule of a file, and its first line, counted from 1. */
export interface LocatedRule {
  readonly content: RuleContent
  readonly line: number
}

/** All rules of a file, or its problems in order of line. */
export type FileReading =
  | { readonly rules: readonly LocatedRule[]; readonly sha256: string; readonly problems?: undefined }
  | { readonly rules?: undefined; readonly problems: readonly FileProblem[] }

const maxProblemsShown = 20

/**
 * Reads a rule file: YAML or JSON in UTF-8, at most 20 MiB. Never throws. A file with any problem gives no rules; at
 * most 20 problems are reported, and then that there are more. `name` is the file's name in messages. Runs without a
 * pause, for some seconds on a file of the maximum length. Rules, values, empty lines and comments are limited, and
 * each rule is parsed alone, so that the time grows in proportion to the length.
 * @param onProgress characters read so far.
 */
export function readRuleFile(
  bytes: Uint8Array,
  name: string,
  onProgress?: (characters: number) => void,
): FileReading {
  const { text, misread } = textOfBytes(bytes)
  const file = new FileBeingRead(text)
  if (misread !== undefined) file.complain(misread.at, misread.message)
  else takeRules(text, file, onProgress)
  const problems = file.problems(name)
  if (problems.length > 0) return { problems }
  return { rules: file.rules, sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** Stops when there are more problems than are reported. */
function takeRules(
  text: string,
  file: FileBeingRead,
  onProgress: ((characters: number) => void) | undefined,
): void {
  for (const found of rulesOfText(text)) {
    if (file.isHopeless) return
    file.take(found)
    onProgress?.(found.at)
  }
}

class FileBeingRead {
  readonly rules: LocatedRule[] = []
  readonly #places: Places
  readonly #complaints: Complaint[] = []
  readonly #firstWithId = new Map<string, Id>()
  #count = 0

  constructor(text: string) {
    this.#places = new Places(text)
  }

  complain(at: number, sentence: string): void {
    if (!this.isHopeless) this.#complaints.push({ at, sentence })
  }

  get isHopeless(): boolean {
    return this.#complaints.length > maxProblemsShown
  }

  take(found: FileNode | Misread): void {
    this.#count++
    if (found instanceof Misread) {
      this.complain(found.at, found.message)
      return
    }
    const id = idOf(found)
    const who = id === undefined ? `Rule no. ${this.#count}` : `Rule ${quote(id.text)}`
    const { content, complaints = [] } = checkRule(found)
    const all = [...complaints, ...this.#complaintsAboutId(id)].sort((a, b) => a.at - b.at)
    for (const { at, sentence } of all)
      this.complain(at, `${who}: ${sentence}${sentence.endsWith('?') ? '' : '.'}`)
    if (content !== undefined) this.rules.push({ content, line: this.#places.of(found.at).line })
  }

  /** In order of line; the last one says that there are more. */
  problems(name: string): readonly FileProblem[] {
    const all = this.#complaints
      .toSorted((a, b) => a.at - b.at)
      .map(({ at, sentence }) => ({ ...this.#places.of(at), sentence: visible(sentence) }))
    const last = all[maxProblemsShown]
    if (last === undefined) return all
    const more = `From here on ${printable(name)} has more problems; these are the first ${maxProblemsShown}.`
    return [...all.slice(0, maxProblemsShown), { ...last, sentence: more }]
  }

  /** Ids that differ only in case are different keys of the table, but easily confused in the log. */
  #complaintsAboutId(id: Id | undefined): readonly Complaint[] {
    if (id === undefined) return []
    const key = foldCase(id.text)
    const first = this.#firstWithId.get(key)
    if (first === undefined) {
      this.#firstWithId.set(key, id)
      return []
    }
    const { line } = this.#places.of(first.at)
    const what = first.text === id.text ? `is also that of` : `differs only by case from that of`
    return [{ at: id.at, sentence: `id ${what} the rule in line ${line}; each rule needs one of its own` }]
  }
}

interface Id {
  readonly at: number
  readonly text: string
}

function idOf(rule: FileNode): Id | undefined {
  const id = rule.kind === 'map' ? rule.entries.find(({ name }) => name === 'id')?.value : undefined
  return id?.kind === 'text' ? { at: id.at, text: id.value } : undefined
}
