import { describe, expect, it } from 'vitest'
import { contentHash } from '../../../shared/allow-list/rule/hash.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import type {
  AddedBy,
  Addition,
  ListToAddTo,
  RuleAdditionsPort,
} from '../../../shared/ports/rule-additions.ts'
import type { RememberCode } from '../../../shared/remember/refusal.ts'
import { rememberRule, type ToRemember } from '../../../shared/remember/remember-rule.ts'
import {
  facts,
  confirmed,
  factoryId,
  now,
  provenFactory,
  rule,
  storageId,
  subscription,
} from '../policy/given.ts'
import { kim, ruleAdmin, ruleFor } from './given.ts'

const made = ruleFor(provenFactory)
const toRemember: ToRemember = { ...made, shownHash: contentHash(made.content), person: ruleAdmin, now }
const asRule = (change: Partial<Rule> = {}): Rule => ({
  ...made.content,
  version: 1,
  changedBy: kim,
  changedAt: now.toISOString(),
  ...change,
})

/** A list that holds these rules, and what is written to it. */
function listOf(rules: readonly Rule[], change: Partial<ListToAddTo> = {}) {
  const written: [string, AddedBy][] = []
  let reads = 0
  const additions: Pick<RuleAdditionsPort, 'read'> = {
    read() {
      reads += 1
      return Promise.resolve({
        rules,
        lastChange: undefined,
        add(content, by) {
          written.push([content.id, by])
          return Promise.resolve<Addition>({ kind: 'added', version: 1 })
        },
        ...change,
      })
    },
  }
  return { additions, written, reads: () => reads }
}

async function refusedBy(list: ReturnType<typeof listOf>, change: Partial<ToRemember> = {}) {
  const remembered = await rememberRule(list, { ...toRemember, ...change })
  expect(list.written).toEqual([])
  return remembered.kind === 'refused' ? remembered.refusal : undefined
}

describe('remembering a rule', () => {
  it('writes it once, by the object id of the person, with the hash of what was shown', async () => {
    const list = listOf([])
    expect(await rememberRule(list, toRemember)).toEqual({
      kind: 'written',
      rule: 'remembered-stdata-0123456789ab.1 v1',
      wasThere: false,
    })
    expect(list.written).toEqual([
      [
        made.content.id,
        { who: kim, at: now, source: 'approve-and-remember', sourceSha256: toRemember.shownHash },
      ],
    ])
  })

  it('finds it written after a crash, in whatever version, and also after its end', async () => {
    const list = listOf([asRule({ version: 3 })])
    expect(await rememberRule(list, { ...toRemember, now: new Date('2028-01-01') })).toEqual({
      kind: 'written',
      rule: 'remembered-stdata-0123456789ab.1 v3',
      wasThere: true,
    })
    expect(list.written).toEqual([])
  })

  it('reads again when it is overtaken, and gives up after ten times', async () => {
    const list = listOf([], { add: () => Promise.resolve({ kind: 'changed-meanwhile' }) })
    expect(await refusedBy(list)).toMatchObject({ code: 'list-busy' })
    expect(list.reads()).toBe(10)
  })

  it('does not try again by itself when the table cannot be written', async () => {
    const list = listOf([], { add: () => Promise.resolve({ kind: 'failed', why: 'Table x: 403.' }) })
    expect(await refusedBy(list)).toEqual({
      code: 'list-unavailable',
      sentence: 'Table x: 403. Try again: the rule is written once, however often.',
    })
    expect(list.reads()).toBe(1)
  })
})

describe('nothing is written', () => {
  it.each<[string, Partial<ToRemember>, RememberCode]>([
    [
      'for an approver without the role RuleAdmin',
      { person: { ...ruleAdmin, roles: ['Reader', 'Approver'] } },
      'not-rule-admin',
    ],
    [
      'where another rule was shown',
      { shownHash: contentHash({ ...made.content, groupIds: ['dfs'] }) },
      'changed-since-shown',
    ],
    ['without the hash of what was shown', { shownHash: '' }, 'changed-since-shown'],
  ])('%s, and nothing is read', async (_, change, code) => {
    const list = listOf([])
    expect(await refusedBy(list, change)).toMatchObject({ code })
    expect(list.reads()).toBe(0)
  })

  it('where the list cannot be used', async () => {
    const additions = { read: () => Promise.resolve({ problem: 'Table x cannot be read: 403.' }) }
    expect(await rememberRule({ additions }, toRemember)).toEqual({
      kind: 'refused',
      refusal: { code: 'list-unavailable', sentence: 'Table x cannot be read: 403.' },
    })
  })

  it.each([
    ['says something else', asRule({ owner: undefined })],
    ['differs in the case of its id', asRule({ id: made.content.id.toUpperCase() })],
    ['is wider', asRule({ groupIds: [] })],
  ])('over a rule of that id that %s', async (_, there) => {
    expect(await refusedBy(listOf([there]))).toMatchObject({
      code: 'id-taken',
      sentence: expect.stringContaining('It stays as it is.') as string,
    })
  })

  it('where somebody removed the rule since', async () => {
    const list = listOf([], { lastChange: 'removed by jo at 2026-11-22T08:00:00.000Z.' })
    expect(await refusedBy(list)).toEqual({
      code: 'removed-since',
      sentence:
        'Rule remembered-stdata-0123456789ab.1 was remembered before and is gone:' +
        ' removed by jo at 2026-11-22T08:00:00.000Z. Add it by a file, if it is still needed.',
    })
  })

  it.each([
    [
      'a deny',
      rule({ id: 'no', effect: 'deny', requester: undefined }),
      'while rule no v1 denies: deny goes before allow',
    ],
    [
      'a deny of the whole subscription',
      rule({ id: 'no', effect: 'deny', requester: undefined, target: `/subscriptions/${subscription}` }),
      'while rule no v1 denies',
    ],
    [
      'an ask',
      rule({ id: 'people', effect: 'ask', requester: undefined }),
      'while rule people v1 asks: ask goes before allow',
    ],
    [
      'a deny that may apply',
      rule({
        id: 'no',
        effect: 'deny',
        requester: undefined,
        target: '/providers/Microsoft.Management/managementGroups/corp',
      }),
      'while rule no v1 may apply to such requests, and denies',
    ],
    [
      'an ask that may apply',
      rule({ id: 'tagged', effect: 'ask', requester: undefined, targetTags: [{ name: 'a', value: 'b' }] }),
      'while rule tagged v1 may apply to such requests, and asks',
    ],
  ])('while %s goes before it', async (_, stronger, words) => {
    expect(await refusedBy(listOf([stronger]))).toMatchObject({
      code: 'overruled',
      sentence: expect.stringContaining(words) as string,
    })
  })

  it('where a rule allows it already', async () => {
    expect(await refusedBy(listOf([rule({ id: 'sales' })]))).toEqual({
      code: 'already-allowed',
      sentence: 'Rule sales v1 allows such requests already, so the new rule would change nothing.',
    })
  })

  it('for a rule that is wider than the request, however it was made', async () => {
    const wider = { ...made.content, endpointName: undefined }
    expect(await refusedBy(listOf([]), { content: wider, shownHash: contentHash(wider) })).toEqual({
      code: 'not-exact',
      sentence: 'The rule would also approve an endpoint that is not shown.',
    })
  })

  it.each([
    ['a pattern', { endpointName: 'adf-prod.*' }, 'A name in the rule holds *'],
    ['no type', { targetTypes: [] }, 'The rule would also approve a target that lies under the target.'],
    ['no group ids', { groupIds: [] }, 'The rule would also approve'],
    [
      'no end that is to come',
      { validUntil: '2026-01-01T00:00:00.000Z' },
      'The rule would not approve this request.',
    ],
    ['the effect deny', { effect: 'deny' as const }, 'The rule would not approve this request.'],
    ['the mode audit', { mode: 'audit' as const }, 'The rule would not approve this request.'],
  ])('for a rule with %s, however it was made', async (_, change, words) => {
    const content = { ...made.content, ...change }
    expect(await refusedBy(listOf([]), { content, shownHash: contentHash(content) })).toMatchObject({
      code: 'not-exact',
      sentence: expect.stringContaining(words) as string,
    })
  })

  it('for facts of another request', async () => {
    const other = facts(confirmed(factoryId), { target: storageId.replace('stdata', 'stother') })
    expect(await refusedBy(listOf([]), { facts: other })).toMatchObject({ code: 'not-exact' })
  })
})

it('rules that only watch, that have ended, or lie elsewhere keep nobody from remembering', async () => {
  const list = listOf([
    rule({ id: 'watch', effect: 'deny', requester: undefined, mode: 'audit' }),
    rule({ id: 'old', effect: 'deny', requester: undefined, validUntil: '2026-01-01T00:00:00.000Z' }),
    rule({ id: 'near', effect: 'deny', requester: undefined, groupIds: ['dfs'] }),
  ])
  expect(await rememberRule(list, toRemember)).toMatchObject({ kind: 'written', wasThere: false })
})
