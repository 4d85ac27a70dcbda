import { foldCase } from '../../domain/fold-case.ts'
import { quote } from '../../domain/quote.ts'
import { type FileNode, Misread } from '../../located-text/node.ts'
import type { Places } from '../../located-text/places.ts'
import type { Form } from '../rule/form.ts'
import { checkItem, type Complaint, placeIn } from './check-item.ts'

/** A rule, channel or route of a file, and its first line, counted from 1. */
export interface Located<Content> {
  readonly content: Content
  readonly line: number
}

/** One of the three lists of a file. */
export class ListBeingRead<Content extends object> {
  readonly form: Form<Content>
  readonly located: Located<Content>[] = []
  readonly #firstWithId = new Map<string, Id>()
  /** By id; undefined where nothing is said of items later, because those of a long list need much memory. */
  readonly #nodes: Map<string, FileNode> | undefined
  #count = 0

  constructor(form: Form<Content>, keepsPlaces: boolean) {
    this.form = form
    this.#nodes = keepsPlaces ? new Map() : undefined
  }

  /** Complaints that name the item, in order of place. */
  take(node: FileNode | Misread, places: Places): readonly Complaint[] {
    this.#count++
    if (node instanceof Misread) return [{ at: node.at, sentence: node.message }]
    const id = idIn(this.form, node)
    const who = this.#spoken(id === undefined ? `no. ${this.#count}` : quote(id.text))
    const { content, complaints = [] } = checkItem(this.form, node)
    if (content !== undefined) this.located.push({ content, line: places.of(node.at).line })
    if (id !== undefined) this.#nodes?.set(id.text, node)
    return [...complaints, ...this.#complaintsAboutId(id, places)]
      .sort((a, b) => a.at - b.at)
      .map(({ at, sentence }) => ({
        at,
        sentence: `${who}: ${sentence}${sentence.endsWith('?') ? '' : '.'}`,
      }))
  }

  /** A complaint about an item that was taken before. */
  complaintAbout(id: string, field: string, index: number | undefined, sentence: string): Complaint {
    const node = this.#nodes?.get(id)
    const at = node === undefined ? 0 : placeIn(node, field, index)
    return { at, sentence: `${this.#spoken(quote(id))}: ${sentence}.` }
  }

  #spoken(id: string): string {
    const { one } = this.form
    return `${one.charAt(0).toUpperCase()}${one.slice(1)} ${id}`
  }

  /** Ids that differ only in case are different keys of the table, but easily confused in the log. */
  #complaintsAboutId(id: Id | undefined, places: Places): readonly Complaint[] {
    if (id === undefined) return []
    const key = foldCase(id.text)
    const first = this.#firstWithId.get(key)
    if (first === undefined) {
      this.#firstWithId.set(key, id)
      return []
    }
    const { one, idField } = this.form
    const { line } = places.of(first.at)
    const what = first.text === id.text ? `is also that of` : `differs only by case from that of`
    return [
      {
        at: id.at,
        sentence: `${idField} ${what} the ${one} in line ${line}; each ${one} needs one of its own`,
      },
    ]
  }
}

interface Id {
  readonly at: number
  readonly text: string
}

function idIn({ idField }: Form, item: FileNode): Id | undefined {
  const id = item.kind === 'map' ? item.entries.find(({ name }) => name === idField)?.value : undefined
  return id?.kind === 'text' ? { at: id.at, text: id.value } : undefined
}
