import type { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { RuleAdditions } from '../../../shared/allow-list/change/rule-additions.ts'
import { contentHash } from '../../../shared/allow-list/rule/hash.ts'
import { AllowListStore } from '../../../shared/allow-list/table/store.ts'
import { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import type { RuleContent } from '../../../shared/domain/rule.ts'
import { lintRules } from '../../../shared/lint/index.ts'
import { rememberRule, type ToRemember } from '../../../shared/remember/remember-rule.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { mail, route } from '../../unit/allow-list/given-routing.ts'
import { onlyRules } from '../../unit/allow-list/given.ts'
import { confirmed, facts, factoryId, now, provenFactory, storageId } from '../../unit/policy/given.ts'
import { kim, pinned, ruleAdmin, ruleFor } from '../../unit/remember/given.ts'
import {
  adminOf,
  applied,
  author,
  clientOf,
  newTable,
  requestsOf,
  rowsOf,
  rule,
  rules,
} from '../allow-list/given.ts'

const jo = '0b1c2d3e-4f50-4172-8394-a5b6c7d8e9f0'
const made = ruleFor(provenFactory)
const { content } = made
const elsewhere = { target: storageId.replace('stdata', 'stother') }
const first = rule('first', elsewhere)

let azurite: Azurite
let table: TableClient
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())
beforeEach(async () => {
  table = await newTable(azurite.connectionString)
  await applied(table, [first])
})

function remember(change: Partial<ToRemember> = {}, client = table) {
  const toRemember = { ...made, person: ruleAdmin, now, ...change }
  const additions = new RuleAdditions(new GuardedTable(client))
  return rememberRule({ additions }, { shownHash: contentHash(toRemember.content), ...toRemember })
}

function another(): TableClient {
  return clientOf(azurite.connectionString, table.tableName)
}

function load() {
  return new AllowListStore(new GuardedTable(another()), {
    cacheMilliseconds: 0,
    deadlineMilliseconds: 1,
  }).load()
}

async function history() {
  return Array.fromAsync(adminOf(another()).history({ ruleId: content.id }))
}

/** Does something in front of the first transaction of this client, or behind it. */
function around(client: TableClient, when: 'before' | 'after', act: () => Promise<unknown>): void {
  let isDone = false
  client.pipeline.addPolicy({
    name: 'aroundTransaction',
    async sendRequest(request, next) {
      const isFirst = !isDone && request.url.includes('$batch')
      if (isFirst) isDone = true
      if (isFirst && when === 'before') await act()
      const response = await next(request)
      if (isFirst && when === 'after') await act()
      return response
    },
  })
}

describe('a remembered rule', () => {
  it('is in the list and in its history, in one transaction, by the person who was shown it', async () => {
    const sent = requestsOf(table)
    expect(await remember()).toEqual({ kind: 'written', rule: `${content.id} v1`, wasThere: false })
    expect(sent.filter((request) => !request.startsWith('GET'))).toHaveLength(1)
    expect(await load()).toMatchObject({
      complete: true,
      rules: [{ id: 'first' }, { ...content, version: 1, changedBy: kim, changedAt: now.toISOString() }],
    })
    expect(await history()).toMatchObject([
      {
        action: 'added',
        version: 1,
        who: kim,
        fileName: 'approve-and-remember',
        fileSha256: contentHash(content),
      },
    ])
    expect(await adminOf(table).verifyHistory()).toEqual({ sound: 2, broken: undefined })
    expect(await adminOf(table).drift(await adminOf(table).read())).toEqual([])
  })

  it('has no finding of the linter beside the others', async () => {
    await remember()
    const { rules: all } = await adminOf(table).read()
    expect(lintRules(all, now).filter(({ ruleId }) => ruleId === content.id)).toEqual([])
  })

  it('is written once, however often it is tried', async () => {
    await remember()
    const before = await rowsOf(table)
    expect(await remember()).toEqual({ kind: 'written', rule: `${content.id} v1`, wasThere: true })
    expect(await remember({ now: new Date('2028-01-01') })).toMatchObject({ wasThere: true })
    expect(await rowsOf(table)).toEqual(before)
  })

  it('is not written again when its response was lost', async () => {
    around(table, 'after', () => Promise.reject(new Error('the connection was reset')))
    expect(await remember()).toMatchObject({ kind: 'written' })
    expect(await history()).toHaveLength(1)
  })

  it('is not written over a rule of its id, nor beside one whose id differs in case', async () => {
    await remember()
    const other = pinned(provenFactory, {}, { reason: 'Another reason' })
    if (!other.content) throw new Error(other.refused.sentence)
    expect(await remember({ content: other.content })).toMatchObject({ refusal: { code: 'id-taken' } })
    expect(await load()).toMatchObject({ rules: [{ id: 'first' }, content] })

    await applied(table, [{ ...content, id: content.id.toUpperCase() }])
    expect(await remember()).toMatchObject({ refusal: { code: 'id-taken' } })
  })

  it.each([
    ['by a file', () => applied(table, [first])],
    ['by hand', () => table.deleteEntity('rule', content.id)],
  ])('is not written again after it was removed %s', async (_, remove) => {
    await remember()
    await remove()
    expect(await remember()).toMatchObject({ kind: 'refused', refusal: { code: 'removed-since' } })
    expect(await load()).toMatchObject({ rules: [{ id: 'first' }] })
  })

  it('is removed by a file without it, as the plan says, and kept by an exported one', async () => {
    await remember()
    const admin = adminOf(table)
    const state = await admin.read()
    expect(admin.plan(state, onlyRules([first])).removed).toMatchObject([{ id: content.id }])
    expect(await applied(table, state.rules)).toMatchObject({ changes: 0 })
  })
})

describe('a process that dies', () => {
  /** Lets nothing through from the nth request of this client on, or loses all responses from it on. */
  function dying(
    at: number,
    when: 'before' | 'after',
  ): { readonly client: TableClient; readonly sent: () => number } {
    const client = another()
    let sent = 0
    client.pipeline.addPolicy({
      name: 'dying',
      async sendRequest(request, next) {
        const isDead = sent >= at
        sent += 1
        if (isDead && (when === 'before' || sent > at + 1)) throw new Error('The process died.')
        const response = await next(request)
        if (isDead) throw new Error('The process died.')
        return response
      },
    })
    return { client, sent: () => sent }
  }

  it.each(['before', 'after'] as const)(
    '%s any of its requests leaves work that the next try ends once',
    async (when) => {
      for (let at = 0; ; at += 1) {
        table = await newTable(azurite.connectionString)
        await applied(table, [first])
        const { client, sent } = dying(at, when)
        await remember({}, client).catch(() => undefined)
        expect(await remember({}, another())).toMatchObject({ kind: 'written', rule: `${content.id} v1` })
        expect(await history()).toHaveLength(1)
        expect(await load()).toMatchObject({ complete: true, rules: [{ id: 'first' }, { id: content.id }] })
        if (sent() <= at) {
          expect(at).toBeGreaterThan(5)
          return
        }
      }
    },
  )
})

describe('two people at once', () => {
  it('who were shown the same rule write it once', async () => {
    const results = await Promise.all(Array.from({ length: 6 }, () => remember({}, another())))
    for (const result of results) expect(result).toMatchObject({ kind: 'written', rule: `${content.id} v1` })
    expect(results.filter((result) => result.kind === 'written' && !result.wasThere)).toHaveLength(1)
    expect(await history()).toHaveLength(1)
    expect(await adminOf(table).verifyHistory()).toEqual({ sound: 2, broken: undefined })
  })

  it('who wrote different reasons have one winner, and the other is told who', async () => {
    const joContent: RuleContent = { ...content, owner: jo, justification: 'Mine' }
    const results = await Promise.all([
      remember({}, another()),
      remember({ content: joContent, person: { ...ruleAdmin, objectId: jo } }, another()),
    ])
    expect(results.map(({ kind }) => kind).toSorted()).toEqual(['refused', 'written'])
    const loser = results.find(({ kind }) => kind === 'refused')
    const winner = results[0].kind === 'written' ? kim : jo
    expect(loser).toMatchObject({
      refusal: { code: 'id-taken', sentence: expect.stringContaining(`written by ${winner}`) as string },
    })
    expect(await history()).toHaveLength(1)
  })

  it('who remember different requests both get theirs', async () => {
    const accounts = ['a', 'b', 'c', 'd']
    const results = await Promise.all(
      accounts.map((name) =>
        remember(ruleFor(facts(confirmed(factoryId), { target: `${storageId}${name}` })), another()),
      ),
    )
    expect(results.map(({ kind }) => kind)).toEqual(accounts.map(() => 'written'))
    expect(await adminOf(table).verifyHistory()).toEqual({ sound: 5, broken: undefined })
  })
})

describe('a file that is applied at the same time', () => {
  it('and came first: the rule is added to the new list', async () => {
    around(table, 'before', () => applied(another(), [first, rule('second', elsewhere)]))
    expect(await remember()).toMatchObject({ kind: 'written', wasThere: false })
    expect(await load()).toMatchObject({ rules: [{ id: 'first' }, content, { id: 'second' }] })
  })

  it('and came first with a deny: the rule is not written any more', async () => {
    const deny = rule('no', { effect: 'deny', requester: undefined })
    around(table, 'before', () => applied(another(), [first, deny]))
    expect(await remember()).toMatchObject({ refusal: { code: 'overruled' } })
    expect(await load()).toMatchObject({ rules: [{ id: 'first' }, { id: 'no' }] })
  })

  it('and came second by an older plan: the file is stopped, and removes nothing unseen', async () => {
    const admin = adminOf(table)
    const plan = admin.plan(await admin.read(), onlyRules([rule('second', elsewhere)]))
    await remember({}, another())
    await expect(admin.apply(plan, author)).rejects.toThrow(
      `The list was changed meanwhile by "${kim}" with "approve-and-remember"`,
    )
    expect(await load()).toMatchObject({ rules: [{ id: 'first' }, content] })
  })

  it('and is half done: nothing is added, and the file can be finished', async () => {
    const admin = adminOf(table)
    const many = [first, ...rules(120, elsewhere)]
    const plan = admin.plan(await admin.read(), onlyRules(many))
    const stop = new AbortController()
    await expect(admin.apply(plan, author, () => stop.abort(), stop.signal)).rejects.toThrow('Stopped.')
    expect(await remember({}, another())).toMatchObject({
      refusal: {
        code: 'list-unavailable',
        sentence: expect.stringContaining('An apply is not finished: by "jo@contoso.example"') as string,
      },
    })
    await applied(another(), many)
    expect(await remember({}, another())).toMatchObject({ kind: 'written' })
  })
})

describe('a list that cannot be used', () => {
  it('is not added to while a row is no rule, and the row stays', async () => {
    await table.createEntity({ partitionKey: 'rule', rowKey: 'odd', effect: 'deny', colour: 'red' })
    expect(await remember()).toMatchObject({
      refusal: { code: 'list-unavailable', sentence: expect.stringContaining('"odd"') as string },
    })
    expect(await rowsOf(table, 'odd')).toHaveLength(1)
    expect(await history()).toEqual([])
  })

  it('is added to beside a route that cannot be read, and the route stays', async () => {
    const admin = adminOf(table)
    const list = {
      rules: [first],
      channels: [mail('ops')],
      routes: [{ ...route('rest', { default: true }), position: 1 }],
    }
    await admin.apply(admin.plan(await admin.read(), list), author)
    await table.createEntity({ partitionKey: 'rule', rowKey: '~route:odd', colour: 'red' })
    const before = await rowsOf(table, '~route')
    expect(await remember()).toMatchObject({ kind: 'written' })
    expect(await rowsOf(table, '~route')).toEqual(before)
    expect((await load()).complete).toBe(true)
  })

  it('is not made when there is none', async () => {
    table = await newTable(azurite.connectionString, false)
    expect(await remember()).toMatchObject({
      refusal: {
        code: 'list-unavailable',
        sentence: expect.stringContaining('apply a file first') as string,
      },
    })
  })

  it('is not added to when its head is gone', async () => {
    await table.deleteEntity('rule', '~head')
    expect(await remember()).toMatchObject({ refusal: { code: 'list-unavailable' } })
  })
})

it('a table that cannot be written says so, and the next try writes once', async () => {
  let isBroken = true
  table.pipeline.addPolicy({
    name: 'refused',
    async sendRequest(request, next) {
      if (!isBroken || !request.url.includes('$batch')) return next(request)
      return { request, headers: request.headers, status: 403, bodyAsText: '{}' }
    },
  })
  expect(await remember()).toMatchObject({ refusal: { code: 'list-unavailable' } })
  isBroken = false
  expect(await remember()).toMatchObject({ kind: 'written', wasThere: false })
  expect(await history()).toHaveLength(1)
})
