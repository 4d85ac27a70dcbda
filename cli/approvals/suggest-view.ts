import { readRuleFile } from '../../shared/allow-list/file/read.ts'
import { writeRuleFile } from '../../shared/allow-list/file/write.ts'
import { nothing } from '../../shared/allow-list/routing/forms.ts'
import type { Connection } from '../../shared/domain/connection.ts'
import { printable, printableName, visible } from '../../shared/domain/printable.ts'
import { type NotProposed, notProposedKinds } from '../../shared/what-if/suggest-refusals.ts'
import type { Proposal } from '../../shared/what-if/suggest.ts'
import { ruleJson } from '../allow-list/rule-json.ts'
import type { Colour, Io } from '../terminal/io.ts'
import { counted } from '../terminal/words.ts'
import { wrapped } from '../terminal/wrap.ts'

export interface Suggested {
  readonly proposals: readonly Proposal[]
  readonly notProposed: readonly NotProposed[]
  readonly gaps: readonly string[]
}

const commentWidth = 100

/** The proposals as a rule file, each with a comment above it. */
export function suggestionFile({ proposals, notProposed, gaps }: Suggested, now: Date): string {
  const connections = proposals.reduce((sum, { supports }) => sum + supports.length, 0)
  const foreign = proposals.filter(({ isForeign }) => isForeign).length
  const lookAlikes = notProposed.filter(({ kind }) => kind === 'look-alike').length
  const head = [
    `Proposed on ${now.toISOString().slice(0, 10)} from what is Approved today: ${counted(proposals.length, 'rule')} for ${counted(connections, 'connection')}.`,
    'Read each before it is applied: that something is Approved does not mean that it should be.',
    ...(foreign > 0 ? [`${counted(foreign, 'rule')} for FOREIGN tenants, marked below.`] : []),
    ...(lookAlikes > 0
      ? [`${counted(lookAlikes, 'connection')} that may be LOOK-ALIKES left out; look at them first.`]
      : []),
    ...(notProposed.length > 0
      ? [`${counted(notProposed.length, 'connection')} without a proposal; standard error says why.`]
      : []),
    ...gaps,
  ]
  return withComments(proposals, head)
}

/** @throws Error when the file with its comments does not read back as the rules it was made from. */
function withComments(proposals: readonly Proposal[], head: readonly string[]): string {
  const plain = writeRuleFile({ ...nothing, rules: proposals.map(({ rule }) => rule) })
  const comments = new Map(
    linesOfRules(plain).map((line, index) => {
      const { because = '', remarks = [] } = proposals[index] ?? {}
      return [line, [...remarks, because]]
    }),
  )
  const lines = plain.split('\n').flatMap((line, index) => {
    const indent = /^\s*/.exec(line)?.[0] ?? ''
    return [...(comments.get(index + 1) ?? []).flatMap((text) => comment(text, indent)), line]
  })
  const text = [...head.flatMap((line) => comment(line, '')), ...lines].join('\n')
  if (linesOfRules(text).length !== proposals.length || stripped(text) !== stripped(plain)) {
    throw new Error('The comments of the proposals changed the rules; nothing is written.')
  }
  return text
}

function linesOfRules(text: string): readonly number[] {
  const { rules = [] } = readRuleFile(Buffer.from(text), 'suggest')
  return rules.map(({ line }) => line)
}

/** Without lines that are comments. */
function stripped(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^\s*#/.test(line))
    .join('\n')
}

/** Comment lines only, for any text. */
function comment(text: string, indent: string): readonly string[] {
  return wrapped(visible(text), commentWidth).map((line) => `${indent}# ${line}`)
}

const colours: Readonly<Record<NotProposed['kind'], Colour>> = {
  'look-alike': 'red',
  foreign: 'red',
  unproven: 'yellow',
  unreadable: 'yellow',
  overruled: 'yellow',
  covered: 'grey',
}

/** What is not proposed, the most important first, and what could not be read. */
export function suggestionNotes({ notProposed, gaps }: Suggested, io: Io): readonly string[] {
  const byKind = Map.groupBy(notProposed, ({ kind }) => kind)
  const blocks = notProposedKinds.flatMap((kind) => {
    const found = byKind.get(kind) ?? []
    if (found.length === 0) return []
    const title = `Not proposed, ${kind}: ${counted(found.length, 'connection')}`
    return [io.coloured(title, colours[kind]), ...found.flatMap((one) => notProposedLines(one, io.width))]
  })
  const unseen = gaps.length === 0 ? [] : [io.coloured('There may be more:', 'yellow'), ...gaps.map(visible)]
  return [...blocks, ...unseen]
}

function notProposedLines({ connection, why }: NotProposed, width: number): readonly string[] {
  const endpoint = connection.endpoint ? printableName(connection.endpoint.name) : 'an endpoint not shown'
  return [
    `  ${printableName(connection.target.name)} from ${endpoint} (${printable(connection.id.name)})`,
    ...wrapped(visible(why), Math.max(40, width - 6)).map((line) => `      ${line}`),
  ]
}

export function suggestionJson({ proposals, notProposed, gaps }: Suggested): string {
  return JSON.stringify({
    proposals: proposals.map(({ rule, because, isForeign, remarks, supports }) => ({
      rule: ruleJson(rule),
      because,
      isForeign,
      remarks,
      supports: supports.map(connectionJson),
    })),
    notProposed: notProposed.map(({ connection, kind, why }) => ({
      ...connectionJson(connection),
      kind,
      why,
    })),
    gaps,
  })
}

function connectionJson({ id, target, endpoint, groupIds, description }: Connection): object {
  return {
    connectionId: id.id,
    targetId: target.id,
    endpointId: endpoint?.id,
    groupIds,
    description: visible(description),
  }
}
