import fc from 'fast-check'
import { notText } from '../../../shared/domain/printable.ts'
import { foldCase } from '../../../shared/domain/fold-case.ts'
import {
  plainContent,
  type RequesterPattern,
  type Rule,
  type RuleContent,
} from '../../../shared/domain/rule.ts'
import { forms, type ListContent, nothing } from '../../../shared/allow-list/routing/forms.ts'
import { columnsOfItem } from '../../../shared/allow-list/table/columns.ts'
import { itemFromRow } from '../../../shared/allow-list/table/row.ts'

export const subscription = '11111111-1111-1111-1111-111111111111'
export const tenant = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'
export const storageId = `/subscriptions/${subscription}/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts/stdata`
export const factoryId = `/subscriptions/${subscription}/resourceGroups/rg-adf/providers/Microsoft.DataFactory/factories/adf-prod`
export const endpointId = `/subscriptions/${subscription}/resourceGroups/rg-app/providers/Microsoft.Network/privateEndpoints/pe-app`
export const managementGroup = '/providers/Microsoft.Management/managementGroups/Corp-Prod'

/** What the service adds to every row. */
export const serviceColumns = {
  timestamp: '2026-11-21T08:00:00.1234567Z',
  etag: 'W/"datetime\'2026-11-21T08%3A00%3A00.1234567Z\'"',
}

export interface Row extends Record<string, unknown> {
  partitionKey: string
  rowKey: string
}

/** An allow of a factory on a storage account, as the Table client takes and gives a row. */
export function row(change: Record<string, unknown> = {}): Row {
  return {
    partitionKey: 'rule',
    rowKey: 'adf-to-blob',
    effect: 'allow',
    target: storageId,
    requester: factoryId,
    ...change,
  }
}

/** A row read as a rule. */
export function ruleFromRow(given: Record<string, unknown>): { rule?: Rule; problem?: string } {
  const { item, problem } = itemFromRow(forms.rules, given)
  return problem === undefined ? { rule: item } : { problem }
}

export function columnsOfRule(rule: Rule): Readonly<Record<string, string | number>> {
  return columnsOfItem(forms.rules, rule)
}

/** A list without channels and routes. */
export function onlyRules(rules: readonly RuleContent[]): ListContent {
  return { ...nothing, rules }
}

const group = `/subscriptions/${subscription}/resourceGroups/rg-*`
const textless = new RegExp(`[${notText}]`, 'u')
const word = fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/)
const manyWords = fc.array(word, { minLength: 1, maxLength: 5 })
const line = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 200 })
  .filter((text) => text.length <= 200 && !textless.test(text))
const oddLine = fc.constantFrom(
  'yes',
  '1e3',
  'null',
  '~',
  '0x1f',
  '2026-01-01',
  '@home',
  '- a',
  'a: b',
  ' a ',
  '#a',
)
const name = fc.oneof(line, oddLine)
const time = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString())
const day = time.map((text) => `${text.slice(0, 10)}T00:00:00.000Z`)
const tag = fc
  .record({
    name: name.filter((text) => !/[<>%&\\?/]/.test(text)),
    value: fc.oneof(name, fc.constant('')),
  })
  .filter((one) => !/\p{Default_Ignorable_Code_Point}/u.test(one.name + one.value))

function sometimes<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined })
}

function listOf<T>(items: fc.Arbitrary<T[]>): fc.Arbitrary<T[]> {
  return fc.oneof(fc.constant<T[]>([]), items)
}

const anything = fc.record({
  id: word,
  mode: fc.constantFrom('enforce', 'audit'),
  target: fc.constantFrom(`/subscriptions/${subscription}`, group, managementGroup),
  targetTypes: listOf(
    fc.array(
      word.map(() => 'Microsoft.Sql/servers/databases'),
      { minLength: 1, maxLength: 3 },
    ),
  ),
  targetTags: listOf(
    fc.uniqueArray(tag, { minLength: 1, maxLength: 15, selector: (one) => foldCase(one.name) }),
  ).map((tags) => tags.sort((a, b) => (foldCase(a.name) < foldCase(b.name) ? -1 : 1))),
  groupIds: listOf(manyWords),
  endpointName: sometimes(fc.constantFrom('pe-*', 'Ünï.*', '*')),
  validFrom: fc.constant(undefined),
  validUntil: sometimes(fc.oneof(time, day)),
  owner: sometimes(name),
  justification: sometimes(
    fc
      .array(fc.oneof(name, fc.constant('')), { minLength: 1, maxLength: 4 })
      .map((lines) => lines.join('\n'))
      .filter((text) => text !== ''),
  ),
  ticket: sometimes(name),
})

const requester: fc.Arbitrary<RequesterPattern> = fc.constantFrom(
  { kind: 'resource', id: endpointId.replace('pe-app', 'Ünï.x') },
  { kind: 'scope', pattern: group },
  { kind: 'management-group', name: 'corp' },
  { kind: 'tenant', tenantId: tenant },
)

const noQuestion = {
  reasonRequired: fc.constant(false),
  expiresAfter: fc.constant(undefined),
  atExpiry: fc.constant('stay-pending' as const),
}

const forAllow = fc.record({
  effect: fc.constant('allow' as const),
  requester: requester.filter(({ kind }) => kind !== 'resource'),
  proof: fc.constantFrom('confirmed', 'platform'),
  maxConnections: sometimes(fc.integer({ min: 1, max: 1000 })),
  approvalEndsAfter: sometimes(fc.constantFrom('P1D', 'PT87600H')),
  approvers: fc.constant([]),
  requiredApprovals: fc.constant(undefined),
  ...noQuestion,
})

const forAsk = fc.record({
  effect: fc.constant('ask' as const),
  requester: sometimes(requester.filter(({ kind }) => kind !== 'resource')),
  proof: fc.constant('confirmed' as const),
  maxConnections: fc.constant(undefined),
  approvalEndsAfter: fc.constant(undefined),
  approvers: listOf(fc.constant([tenant, subscription])),
  requiredApprovals: sometimes(fc.integer({ min: 1, max: 2 })),
  reasonRequired: fc.boolean(),
  expiresAfter: sometimes(fc.constantFrom('PT1H', 'P3D', 'PT1440H')),
  atExpiry: fc.constantFrom('stay-pending', 'reject'),
})

const forDeny = forAsk.map((ask) => ({ ...plainContent, effect: 'deny', requester: ask.requester }) as const)

/** Whatever a rule can say. */
export const anyContent: fc.Arbitrary<RuleContent> = fc
  .tuple(anything, fc.oneof(forAllow, forAsk, forDeny))
  .map(([all, one]) => ({ ...one, ...all }))

/** A rule in which each field is as long as it may be. */
export function maxContent(effect: 'allow' | 'ask'): RuleContent {
  const long = `/subscriptions/${subscription}/resourceGroups/${'x'.repeat(957)}`
  const isAllow = effect === 'allow'
  return {
    id: 'x'.repeat(100),
    effect,
    mode: 'enforce',
    target: long,
    targetTypes: [`A.B/${'x'.repeat(1996)}`],
    targetTags: Array.from({ length: 15 }, (_, at) => ({
      name: `${'"'.repeat(510)}${at + 10}`,
      value: '\\'.repeat(256),
    })),
    groupIds: Array.from({ length: 24 }, () => 'x'.repeat(80)),
    requester: { kind: 'scope', pattern: long },
    endpointName: 'x'.repeat(200),
    proof: isAllow ? 'platform' : 'confirmed',
    maxConnections: isAllow ? 1000 : undefined,
    validFrom: '2026-01-01T00:00:00.123Z',
    validUntil: '2027-01-01T00:00:00.123Z',
    approvalEndsAfter: isAllow ? 'PT87600H' : undefined,
    approvers: isAllow ? [] : Array.from({ length: 52 }, () => tenant),
    requiredApprovals: isAllow ? undefined : 1,
    reasonRequired: !isAllow,
    expiresAfter: isAllow ? undefined : 'PT1440H',
    atExpiry: isAllow ? 'stay-pending' : 'reject',
    owner: 'x'.repeat(200),
    justification: '\n'.repeat(1000),
    ticket: 'x'.repeat(200),
  }
}
