import { AzureError } from '../http/exchange.ts'
import { nameKey, parseResourceId, sameId } from '../ids.ts'
import type { ActivityRecord } from '../state.ts'

const keptDays = 90
const day = 24 * 60 * 60 * 1000
/** A member, an operator and a text, in which a quote is doubled. */
const term = /^(\w+) (eq|ge|le) '((?:[^']|'')*)'(?: and (?=.)|$)/

interface Term {
  readonly member: string
  readonly operator: string
  readonly text: string
}

/** What one term lets through, by its member and operator. Those of `alone` exclude each other. */
const tests: Readonly<Record<string, (record: ActivityRecord, text: string) => boolean>> = {
  'eventTimestamp ge': ({ at }, text) => at >= momentOf(text),
  'eventTimestamp le': ({ at }, text) => at <= momentOf(text),
  'eventChannels eq': (_, text) => text.includes('Operation'),
  'resourceUri eq': ({ resourceUri }, text) => sameId(resourceUri, text),
  'resourceGroupName eq': ({ resourceUri }, text) =>
    nameKey(parseResourceId(resourceUri)?.resourceGroup ?? '') === nameKey(text),
  'resourceProvider eq': ({ operationName }, text) =>
    nameKey(operationName.split('/')[0] ?? '') === nameKey(text),
  'correlationId eq': ({ id }, text) => id === text.toLowerCase(),
}
const alone = ['resourceUri', 'resourceGroupName', 'resourceProvider', 'correlationId']

/**
 * Reads a `$filter` of the documented forms: a time from which on, maybe one up to which, and at most one of a resource, a
 * group, a provider and a correlation id.
 * @throws AzureError 400 that names what is not understood, and for a time more than 90 days ago.
 */
export function parseFilter(filter: string): (record: ActivityRecord) => boolean {
  const terms = termsOf(filter)
  const names = terms.map(({ member, operator }) => `${member} ${operator}`)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw refusal(filter, `"${twice}" stands there twice`)
  if (terms.filter(({ member }) => alone.includes(member)).length > 1) {
    throw refusal(filter, `at most one of ${alone.join(', ')} is possible`)
  }
  const start = terms.find(({ member, operator }) => member === 'eventTimestamp' && operator === 'ge')
  if (start === undefined) throw refusal(filter, "eventTimestamp ge '…' is missing")
  const oldest = Date.now() - keptDays * day
  for (const { member, text } of terms) {
    if (member === 'eventTimestamp' && Number.isNaN(momentOf(text)))
      throw refusal(filter, `"${text}" is no time`)
  }
  if (momentOf(start.text) < oldest) throw refusal(filter, `${start.text} is more than ${keptDays} days ago`)
  return (record) =>
    terms.every(({ member, operator, text }) => tests[`${member} ${operator}`]?.(record, text) ?? false)
}

function termsOf(filter: string): Term[] {
  const terms: Term[] = []
  let rest = filter
  while (rest !== '') {
    const [whole = '', member = '', operator = '', text = ''] = term.exec(rest) ?? []
    if (!(`${member} ${operator}` in tests)) throw refusal(filter, `"${rest}" is not understood`)
    terms.push({ member, operator, text: text.replaceAll("''", "'") })
    rest = rest.slice(whole.length)
  }
  return terms
}

function momentOf(text: string): number {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$/.test(text) ? Date.parse(text) : Number.NaN
}

function refusal(filter: string, why: string): AzureError {
  return new AzureError(400, 'BadRequest', `$filter is "${filter}": ${why}.`)
}
