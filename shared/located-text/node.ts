/** A value in a file, and where it begins: in UTF-16 units from the beginning of the text. */
export type FileNode = TextNode | OtherNode | ListNode | MapNode

interface TextNode {
  readonly kind: 'text'
  readonly at: number
  readonly value: string
}

/** A number, true, false or null, and how it is written. */
interface OtherNode {
  readonly kind: 'other'
  readonly at: number
  readonly value: number | boolean | null
  readonly source: string
}

interface ListNode {
  readonly kind: 'list'
  readonly at: number
  readonly items: readonly FileNode[]
}

export interface MapNode {
  readonly kind: 'map'
  readonly at: number
  readonly entries: readonly FileEntry[]
}

/** A name and its value. The same name may occur twice. */
export interface FileEntry {
  readonly at: number
  readonly name: string
  readonly value: FileNode
}

/** Text that is not YAML or JSON, or uses features that rule files do not. The message is a whole sentence. */
export class Misread extends Error {
  override name = 'Misread'
  readonly at: number

  constructor(at: number, sentence: string) {
    super(sentence)
    this.at = at
  }
}

/** Rules need three levels below their list. */
export const deepest = 8

export const tooDeep = `Lists and maps are nested more than ${deepest} deep here; a rule needs three.`
