import { Composer, type CST, type Document, isMap, isScalar, isSeq, type Node, type Pair, Parser } from 'yaml'
import { type FileEntry, type FileNode, Misread } from './node.ts'
import { problemOfTokens } from './yaml-tokens.ts'

const severalDocuments = 'A second document begins here; the file has to be one.'

/**
 * Reads YAML 1.2 with the place of each value; places count from `offset`. The time grows faster than the text:
 * give it one rule at a time. An empty text is null.
 * @throws Misread when the text is not YAML, is nested too deeply, or uses more of YAML than rule files do.
 */
export function readYaml(text: string, offset: number): FileNode {
  const tokens = Array.from(new Parser().parse(text))
  const problem = problemOfTokens(tokens)
  if (problem !== undefined) throw new Misread(problem.at + offset, problem.sentence)
  const [document, second] = composed(tokens)
  if (second !== undefined) throw new Misread(second.range[0] + offset, severalDocuments)
  const [error] = [...(document?.errors ?? []), ...(document?.warnings ?? [])]
  if (error !== undefined)
    throw new Misread(error.pos[0] + offset, `This is not YAML as it is read here: ${error.message}.`)
  return nodeOf(document?.contents ?? null, offset)
}

function composed(tokens: readonly CST.Token[]): readonly Document.Parsed[] {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  return Array.from<Document.Parsed>(composer.compose(tokens))
}

function nodeOf(node: Node | null, offset: number): FileNode {
  const at = (node?.range?.[0] ?? 0) + offset
  if (isMap(node))
    return { kind: 'map', at, entries: node.items.map((pair) => entryOf(pair as YamlPair, at, offset)) }
  if (isSeq(node)) return { kind: 'list', at, items: node.items.map((item) => nodeOf(item as Node, offset)) }
  if (!isScalar(node)) return { kind: 'other', at, value: null, source: '' }
  const { value, source = '' } = node
  return typeof value === 'string'
    ? { kind: 'text', at, value }
    : { kind: 'other', at, value: value as number | boolean | null, source }
}

type YamlPair = Pair<Node, Node | null>

/** A name is always text: `2026: x` is the name 2026. */
function entryOf({ key, value }: YamlPair, mapAt: number, offset: number): FileEntry {
  const at = key.range === undefined || key.range === null ? mapAt : key.range[0] + offset
  if (!isScalar(key)) throw new Misread(at, 'A name must be text, not a list or a map.')
  const name = typeof key.value === 'string' ? key.value : (key.source ?? '')
  const read = nodeOf(value, offset)
  return { at, name, value: value === null ? { ...read, at } : read }
}
