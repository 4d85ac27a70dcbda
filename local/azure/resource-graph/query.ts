import { AzureError } from '../http/exchange.ts'
import { asObject } from '../http/exchange.ts'
import type { JsonObject } from '../http/exchange.ts'

/** Turns rows into rows. */
export type Step = (rows: JsonObject[]) => JsonObject[]

const understood =
  'understood is: resources | where isnotnull(p), p contains "x", array_length(p) > n, p =~|==|!= "x", p in|in~ ("x", …), joined by "and" | mv-expand name = properties.privateEndpointConnections [limit n] | where … status =~ "Pending" (or another status) | project column[= p | tostring(p) | tolower(p)], … | order by column [asc|desc]'

/** The status of a connection, as a query compares it. */
const ofStatus =
  /^where\b.*\bprivateLinkServiceConnectionState\.status ?=~ ?["'](Pending|Approved|Rejected|Disconnected)["']/i

/** Types, as a query compares them. */
const ofTypes = /^where\b.*\btype ?(in~? ?\(|=~|==)/i

/**
 * Parses the supported shapes of query: the published search for connections of one status, and resources by their
 * type. Throws 400 that lists what is supported for anything else.
 */
export function parseQuery(text: string): Step[] {
  const [source = '', ...stages] = splitOutside(text.replace(/\s+/g, ' '), '|').map((stage) => stage.trim())
  if (source.toLowerCase() !== 'resources') throw queryError(`it reads from "${source}"`)
  const expands = stages.filter((stage) => /^mv-?expand\b/i.test(stage))
  if (expands.length > 1) throw queryError('it expands privateEndpointConnections more than once')
  const expected = expands.length === 1 ? ofStatus : ofTypes
  if (!stages.some((stage) => expected.test(stage))) {
    throw queryError('it filters neither for a status of connections nor for types')
  }
  if (!stages.some((stage) => /^project\b/i.test(stage))) throw queryError('it does not project')
  return stages.map(parseStage)
}

function parseStage(stage: string): Step {
  const [, word = '', rest = ''] = /^([\w-]+) (.*)$/.exec(stage) ?? []
  const parse = stageParsers[word.toLowerCase()]
  if (parse === undefined) throw queryError(`it has the stage "${stage}"`)
  return parse(rest)
}

const stageParsers: Readonly<Record<string, (rest: string) => Step>> = {
  where: parseWhere,
  'mv-expand': parseExpand,
  mvexpand: parseExpand,
  project: parseProject,
  order: parseOrder,
  sort: parseOrder,
}

function parseWhere(rest: string): Step {
  const conditions = splitOutside(rest, ' and ').map((part) => parseCondition(part.trim()))
  return (rows) => rows.filter((row) => conditions.every((holds) => holds(row)))
}

const comparisons: Readonly<Record<string, (seen: string, expected: string) => boolean>> = {
  '=~': (seen, expected) => seen.toLowerCase() === expected.toLowerCase(),
  '==': (seen, expected) => seen === expected,
  '!=': (seen, expected) => seen !== expected,
  '!~': (seen, expected) => seen.toLowerCase() !== expected.toLowerCase(),
  contains: (seen, expected) => seen.toLowerCase().includes(expected.toLowerCase()),
  startswith: (seen, expected) => seen.toLowerCase().startsWith(expected.toLowerCase()),
}

function parseCondition(text: string): (row: JsonObject) => boolean {
  const notNull = /^(isnotnull|isnotempty)\((.+)\)$/i.exec(text)
  if (notNull !== null) {
    const read = parseValue(notNull[2] ?? '')
    return (row) => asText(read(row)) !== ''
  }
  const length = /^array_length\((.+)\) ?> ?(\d+)$/i.exec(text)
  if (length !== null) {
    const read = parseValue(length[1] ?? '')
    return (row) => listOf(read(row)).length > Number(length[2])
  }
  const among = /^(.+?) in(~?) ?\((.+)\)$/i.exec(text)
  if (among !== null) {
    const read = parseValue(among[1] ?? '')
    const fold = (value: string): string => (among[2] === '~' ? value.toLowerCase() : value)
    const values = splitOutside(among[3] ?? '', ',').map((value) => fold(unquote(value.trim())))
    return (row) => values.includes(fold(asText(read(row))))
  }
  const compared = /^(.+?) ?(=~|==|!=|!~|\bcontains\b|\bstartswith\b) ?(["'].*["'])$/i.exec(text)
  const compare = comparisons[(compared?.[2] ?? '').toLowerCase()]
  if (compare === undefined) throw queryError(`it has the condition "${text}"`)
  const read = parseValue(compared?.[1] ?? '')
  const expected = unquote(compared?.[3] ?? '')
  return (row) => compare(asText(read(row)), expected)
}

/** How many rows mv-expand makes of one (Microsoft documentation). */
const expandedRows = { usually: 128, atMost: 400 }

function parseExpand(rest: string): Step {
  const found = /^(\w+) ?= ?(properties\.privateEndpointConnections)(?: limit (\d+))?$/i.exec(rest)
  if (found === null) throw queryError(`it expands "${rest}"`)
  const name = found[1] ?? ''
  const read = parseValue(found[2] ?? '')
  const limit = Number(found[3] ?? expandedRows.usually)
  if (limit < 1 || limit > expandedRows.atMost) {
    throw queryError(`it expands into ${limit} rows; expected: 1 to ${expandedRows.atMost}`)
  }
  return (rows) =>
    rows.flatMap((row) =>
      listOf(read(row))
        .slice(0, limit)
        .map((item) => ({ ...row, [name]: item })),
    )
}

function parseProject(rest: string): Step {
  const columns = splitOutside(rest, ',').map((column) => {
    const [name = '', value] = column.split(/=(.*)/s).map((part) => part.trim())
    return { name, read: parseValue(value ?? name) }
  })
  return (rows) =>
    rows.map((row) => Object.fromEntries(columns.map(({ name, read }) => [name, read(row) ?? null])))
}

/** Without a direction the order is descending (Kusto documentation). */
function parseOrder(rest: string): Step {
  const found = /^by (\w+)( asc| desc)?$/i.exec(rest)
  if (found === null) throw queryError(`it orders "${rest}"`)
  const column = found[1] ?? ''
  const sign = found[2]?.trim().toLowerCase() === 'asc' ? 1 : -1
  return (rows) => [...rows].sort((a, b) => sign * (asText(a[column]) < asText(b[column]) ? -1 : 1))
}

function parseValue(text: string): (row: JsonObject) => unknown {
  const call = /^(tostring|tolower) ?\((.+)\)$/i.exec(text.trim())
  if (call !== null) {
    const read = parseValue(call[2] ?? '')
    const isLower = call[1]?.toLowerCase() === 'tolower'
    return (row) => (isLower ? asText(read(row)).toLowerCase() : asText(read(row)))
  }
  if (!/^\w+(\.\w+)*$/.test(text.trim())) throw queryError(`it has the expression "${text}"`)
  const path = text.trim().split('.')
  return (row) => path.reduce<unknown>((value, part) => asObject(value)[part], row)
}

function asText(value: unknown): string {
  if (value === undefined || value === null) return ''
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function unquote(text: string): string {
  return text.replace(/^["'](.*)["']$/, '$1')
}

/** Splits at a separator, in any case, outside quotes and parentheses. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = []
  let depth = 0
  let quote = ''
  let start = 0
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charAt(at)
    if (quote !== '') quote = letter === quote ? '' : quote
    else if (letter === '"' || letter === "'") quote = letter
    else if (letter === '(') depth += 1
    else if (letter === ')') depth -= 1
    const isOutside = depth === 0 && quote === ''
    if (isOutside && text.slice(at, at + separator.length).toLowerCase() === separator) {
      parts.push(text.slice(start, at))
      start = at + separator.length
    }
  }
  return [...parts, text.slice(start)]
}

function queryError(reason: string): AzureError {
  return new AzureError(
    400,
    'BadRequest',
    `The simulated Resource Graph cannot run this query: ${reason}; ${understood}.`,
  )
}
