import { createHash } from 'node:crypto'
import { printable, visible } from '../../domain/printable.ts'
import type { RuleContent } from '../../domain/rule.ts'
import { Places } from '../../located-text/places.ts'
import type { FileProblem } from '../../located-text/problem.ts'
import { textOfBytes } from '../../located-text/text-of-bytes.ts'
import type { ChannelContent, RouteContent } from '../routing/content.ts'
import { forms } from '../routing/forms.ts'
import { routingProblems } from '../routing/references.ts'
import type { Complaint } from './check-item.ts'
import { type FoundItem, itemsOfText } from './items-of-text.ts'
import { ListBeingRead, type Located } from './list-being-read.ts'

export type LocatedRule = Located<RuleContent>

/** What a file holds, in its order. */
export interface FileContent {
  readonly rules: readonly LocatedRule[]
  readonly channels: readonly Located<ChannelContent>[]
  readonly routes: readonly Located<RouteContent>[]
}

/** All that is in a file, or its problems in order of line. */
export type FileReading =
  | (FileContent & { readonly sha256: string; readonly problems?: undefined })
  | { readonly rules?: undefined; readonly problems: readonly FileProblem[] }

const maxProblemsShown = 20

/**
 * Reads a rule file: YAML or JSON in UTF-8, at most 20 MiB. Never throws. A file with any problem gives nothing; at most
 * 20 problems are reported, and then that there are more. `name` is the file's name in messages. Runs without a pause,
 * for some seconds on a file of the maximum length. Rules, values, empty lines and comments are limited, and each rule is
 * parsed alone, so that the time grows in proportion to the length.
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
  else takeItems(text, file, onProgress)
  const problems = file.problems(name)
  if (problems.length > 0) return { problems }
  return { ...file.content(), sha256: createHash('sha256').update(bytes).digest('hex') }
}

/** Stops when there are more problems than are reported. */
function takeItems(
  text: string,
  file: FileBeingRead,
  onProgress: ((characters: number) => void) | undefined,
): void {
  for (const found of itemsOfText(text)) {
    if (file.isHopeless) return
    file.take(found)
    onProgress?.(found.node.at)
  }
  file.checkReferences()
}

class FileBeingRead {
  readonly #places: Places
  readonly #complaints: Complaint[] = []
  readonly #lists = {
    rules: new ListBeingRead(forms.rules, false),
    channels: new ListBeingRead(forms.channels, true),
    routes: new ListBeingRead(forms.routes, true),
  }

  constructor(text: string) {
    this.#places = new Places(text)
  }

  complain(at: number, sentence: string): void {
    if (!this.isHopeless) this.#complaints.push({ at, sentence })
  }

  get isHopeless(): boolean {
    return this.#complaints.length > maxProblemsShown
  }

  take({ list, node }: FoundItem): void {
    for (const { at, sentence } of this.#lists[list].take(node, this.#places)) this.complain(at, sentence)
  }

  /** Only of a file without other problems: an item that cannot be read may be the one that is missing. */
  checkReferences(): void {
    if (this.#complaints.length > 0) return
    const { channels, routes } = this.content()
    const routing = {
      channels: channels.map(({ content }) => content),
      routes: routes.map(({ content }) => content),
    }
    for (const { list, name, field, index, sentence } of routingProblems(routing)) {
      const complaint = this.#lists[list].complaintAbout(name, field, index, sentence)
      this.complain(complaint.at, complaint.sentence)
    }
  }

  content(): FileContent {
    const { rules, channels, routes } = this.#lists
    return {
      rules: rules.located,
      channels: channels.located,
      routes: routes.located.map(({ content, line }, index) => ({
        content: { ...content, position: index + 1 },
        line,
      })),
    }
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
}
