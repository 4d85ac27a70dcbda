import type { CST } from 'yaml'
import { deepest, tooDeep } from './node.ts'

/** YAML features that rule files do not use: each has hidden meaning, or can grow without end. */
const refused: Readonly<Record<string, string>> = {
  anchor: 'Anchors (&) are not read here; write the value out.',
  alias: 'Aliases (*) are not read here; write the value out, or put text that begins with * in quotes.',
  tag: 'Tags (!) are not read here; leave it out, or put text that begins with ! in quotes.',
  directive: 'Directives (%) are not read here; leave it out.',
  'explicit-key-ind': 'Names that begin with ? are not read here; write "name: value".',
}
interface Problem {
  readonly at: number
  readonly sentence: string
}

type Token = CST.Token | CST.SourceToken | CST.CollectionItem

interface Waiting {
  readonly token: Token
  readonly depth: number
  /** Of the token, or of what contains it. */
  readonly at: number
}

/**
 * The first token of a YAML text that rule files do not use, or that is nested too deeply. Not recursive: it guards
 * recursive code against deep nesting.
 */
export function problemOfTokens(tokens: readonly CST.Token[]): Problem | undefined {
  const waiting = tokens.map((token): Waiting => ({ token, depth: 0, at: 0 })).reverse()
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { token, depth } = next
    const at = 'offset' in token ? token.offset : next.at
    const sentence = 'type' in token ? refused[token.type] : undefined
    if (sentence !== undefined) return { at, sentence }
    if (depth > deepest) return { at, sentence: tooDeep }
    const below = 'items' in token ? depth + 1 : depth
    for (const part of partsOf(token).toReversed()) waiting.push({ token: part, depth: below, at })
  }
  return undefined
}

function partsOf(token: Token): readonly Token[] {
  if ('items' in token) return token.items
  if (!('type' in token))
    return [...token.start, ...optional(token.key), ...(token.sep ?? []), ...optional(token.value)]
  return token.type === 'document' ? [...token.start, ...optional(token.value)] : []
}

function optional(token: CST.Token | null | undefined): readonly CST.Token[] {
  return token === null || token === undefined ? [] : [token]
}
