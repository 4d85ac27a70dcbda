import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { ruleFileJsonSchema } from '../../../shared/allow-list/file/json-schema.ts'
import { readRuleFile } from '../../../shared/allow-list/file/read.ts'
import { factoryId, storageId, subscription, tenant } from './given.ts'

interface ItemSchema {
  readonly properties: Readonly<Record<string, { description?: string; enum?: unknown; examples?: unknown }>>
  readonly allOf?: readonly {
    readonly if: { properties: Readonly<Record<string, { enum: readonly string[] }>> }
    readonly then: { required?: readonly string[]; properties: Readonly<Record<string, false>> }
  }[]
}

const schema = ruleFileJsonSchema() as {
  properties: Readonly<Record<'rules' | 'channels' | 'routes', { items: ItemSchema }>>
}
const rule = schema.properties.rules.items

/** What zod makes of the schema; it does not know conditions, which are checked below by hand. */
function fits(file: unknown): boolean {
  const withoutConditions = JSON.parse(
    JSON.stringify(schema, (name, value: unknown) => (name === 'allOf' ? undefined : value)),
  ) as Parameters<typeof z.fromJSONSchema>[0]
  return z.fromJSONSchema(withoutConditions).safeParse(file).success && conditionsHold(file)
}

function conditionsHold(file: unknown): boolean {
  const lists = file as Partial<Record<string, readonly Record<string, unknown>[]>>
  return (['rules', 'channels', 'routes'] as const).every((list) =>
    (lists[list] ?? []).every((said) => fitsConditions(schema.properties[list].items, said)),
  )
}

function fitsConditions({ allOf = [] }: ItemSchema, said: Readonly<Record<string, unknown>>): boolean {
  return allOf
    .filter(({ if: { properties } }) =>
      Object.entries(properties).every(([name, { enum: values }]) => values.includes(String(said[name]))),
    )
    .every(
      ({ then }) =>
        (then.required ?? []).every((name) => name in said) &&
        !Object.keys(then.properties).some((name) => name in said),
    )
}

function isRead(file: unknown): boolean {
  return readRuleFile(new TextEncoder().encode(JSON.stringify(file)), 'x').rules !== undefined
}

const patterns: string[] = []
JSON.stringify(schema, (name, value: unknown) => {
  if (name === 'pattern') patterns.push(String(value))
  return value
})

const plain = { id: 'a', effect: 'allow', target: storageId, requester: factoryId }
const ask = { id: 'a', effect: 'ask', target: storageId }

describe('the schema of rule files', () => {
  it('is the one in docs', () => {
    const page = readFileSync(new URL('../../../docs/allow-list.schema.json', import.meta.url), 'utf8')
    expect(JSON.parse(page)).toEqual(ruleFileJsonSchema())
  })

  it.each(Object.entries(rule.properties))('says what %s is, with an example', (_name, property) => {
    expect(property.description).toMatch(/\. It must be /)
    expect(property.enum ?? property.examples).toBeInstanceOf(Array)
  })

  it.each([
    {},
    { mode: 'audit', proof: 'confirmed', maxConnections: 2, approvalEndsAfter: 'P90D' },
    { targetTypes: ['Microsoft.Storage/storageAccounts'], groupIds: ['blob'], targetTags: { a: 'b' } },
    { validFrom: '2026-01-01', validUntil: '2027-01-01T08:00:00Z', endpointName: 'adf-prod.*' },
    { owner: 'x', justification: 'one\ntwo', ticket: 'y' },
    { owner: 'platform', justification: 'Copy {x}', ticket: 'anna@contoso.example' },
    { owner: 'Café 🚀', justification: 'Pc{}\t🚀', targetTags: { 'p{C}c🚀': 'Cs p{}🚀' } },
  ])('takes %j, as the reader does', (change) => {
    const file = { rules: [{ ...plain, ...change }] }
    expect([fits(file), isRead(file)]).toEqual([true, true])
  })

  it('has patterns that mean the same with the flag u and without, and that validators outside JavaScript read', () => {
    expect(patterns).not.toEqual([])
    for (const pattern of patterns) {
      expect(pattern).not.toMatch(/\\p|\\uD[89A-F]/i)
      expect(() => [new RegExp(pattern), new RegExp(pattern, 'u')]).not.toThrow()
    }
  })

  it.each([
    { approvers: [tenant, subscription], requiredApprovals: 2 },
    { reasonRequired: true, expiresAfter: 'P60D', atExpiry: 'reject' },
    { reasonRequired: false, expiresAfter: 'PT1H', atExpiry: 'stay-pending' },
  ])('takes an ask with %j, as the reader does', (change) => {
    const file = { $schema: './x.json', rules: [{ ...ask, ...change }] }
    expect([fits(file), isRead(file)]).toEqual([true, true])
  })

  it.each([
    { id: 'a b' },
    { id: 1 },
    { effect: 'permit' },
    { target: 'stdata' },
    { groupIds: 'blob' },
    { groupIds: [] },
    { groupIds: ['*'] },
    { targetTypes: ['storageAccounts'] },
    { targetTags: {} },
    { targetTags: { a: 1 } },
    { targetTags: { 'a/b': 'c' } },
    { targetTags: ['a'] },
    { proof: 'none' },
    { maxConnections: 0 },
    { maxConnections: '2' },
    { maxConnections: 1001 },
    { validUntil: '2027' },
    { approvalEndsAfter: 'P1W' },
    { approvers: ['a@b.c'] },
    { requiredApprovals: 1 },
    { owner: '' },
    { owner: null },
    { ticket: 5 },
    { justification: 'x'.repeat(1001) },
    { owner: 'one\ntwo' },
    { ticket: 'a\u0085b' },
    { justification: 'a\u0000b' },
    { justification: 'a\u202Eb' },
    { targetTags: { 'a\u007Fb': 'c' } },
    { targetTags: { a: 'b\uFEFFc' } },
    { version: 1 },
    { groupId: 'blob' },
    { effect: 'deny', maxConnections: 1 },
    { effect: 'deny', requiredApprovals: 1 },
    { effect: 'ask', proof: 'confirmed' },
    { reasonRequired: false },
    { expiresAfter: 'P3D' },
    { effect: 'deny', atExpiry: 'reject' },
    { effect: 'ask', reasonRequired: 'true' },
    { effect: 'ask', expiresAfter: '3 days' },
    { effect: 'ask', atExpiry: 'approve' },
    { requester: undefined },
    { effect: undefined },
  ])('refuses %j, as the reader does', (change) => {
    const file = { rules: [{ ...plain, ...change }] }
    const said = JSON.parse(JSON.stringify(file)) as unknown
    expect([fits(said), isRead(said)]).toEqual([false, false])
  })

  const mail = { name: 'ops', kind: 'email', to: ['a@b.example'] }
  const usual = { name: 'rest', default: true, channels: ['ops'] }
  const routing = (channel: object, route: object) => ({
    rules: [],
    channels: [{ ...mail, ...channel }],
    routes: [{ ...usual, ...route }],
  })

  it.each<[object, object]>([
    [{}, {}],
    [{ kind: 'teams', to: undefined, urlSetting: 'X_URL' }, { fallback: undefined }],
    [{ kind: 'webhook', to: undefined, url: 'https://a.example/x', secretSetting: 'X_SECRET' }, {}],
    [{ fromTag: 'owner', fromTagDomains: ['b.example'] }, {}],
  ])('takes the channel %j and the route %j, as the reader does', (channel, route) => {
    const file = JSON.parse(JSON.stringify(routing(channel, route))) as unknown
    expect([fits(file), isRead(file)]).toEqual([true, true])
  })

  it.each<[object, object]>([
    [{ name: 'Ops' }, {}],
    [{ kind: 'sms' }, {}],
    [{ to: ['nobody'] }, {}],
    [{ to: [] }, {}],
    [{ urlSetting: 'X_URL' }, {}],
    [{ kind: 'teams', to: undefined }, {}],
    [{ kind: 'teams', to: undefined, urlSetting: 'https://a.example/' }, {}],
    [{ kind: 'webhook', to: undefined, url: 'http://a.example/x', secretSetting: 'X_SECRET' }, {}],
    [{ kind: 'webhook', to: undefined, url: 'https://a.example/x' }, {}],
    [{ colour: 'red' }, {}],
    [{}, { channels: [] }],
    [{}, { channels: undefined }],
    [{}, { default: 'yes' }],
    [{}, { position: 1 }],
    [{}, { risk: 'low' }],
    [{}, { scopes: ['rg'] }],
  ])('refuses the channel %j with the route %j, as the reader does', (channel, route) => {
    const file = JSON.parse(JSON.stringify(routing(channel, route))) as unknown
    expect([fits(file), isRead(file)]).toEqual([false, false])
  })

  it.each(['channels', 'routes'] as const)('says what each field of %s is, with an example', (list) => {
    const { properties } = schema.properties[list].items
    for (const property of Object.values(properties)) {
      expect(property.description).toMatch(/\. It must be /)
      expect(property.enum ?? property.examples).toBeInstanceOf(Array)
    }
  })
})
