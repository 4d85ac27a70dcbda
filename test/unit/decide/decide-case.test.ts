import { beforeEach, describe, expect, it } from 'vitest'
import type { ShownItem } from '../../../shared/decide/plan-job.ts'
import type { Terms } from '../../../shared/domain/verdict.ts'
import { CaseWorld } from '../../support/case-world.ts'
import { crashEverywhere } from '../../support/crash.ts'
import { ann, ben } from '../../support/deciding.ts'
import { connectionNamed, stepTo } from '../../support/sample-request.ts'
import { unproven } from '../cases/given.ts'

let world: CaseWorld
const names = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`)
const some = (items: readonly ShownItem[]) => ({ kind: 'some', items }) as const
const terms: Terms = {
  ...{ approvers: [], requiredApprovals: 1, approvalEndsAfter: undefined },
  ...{ reasonRequired: false, expiresAfter: undefined, atExpiry: 'stay-pending' },
}

/** A burst of so many requests; its id. */
async function burst(count: number, into = world): Promise<string> {
  const caseId = into.burstOf('c0')
  for (const name of names(count)) await into.opened(name, { caseId })
  return caseId
}

/** Claims of one endpoint name by several endpoints; the id of their case. */
async function claims(...connections: readonly string[]): Promise<string> {
  for (const name of connections)
    await world.opened(name, { endpointId: endpointOf(name), proof: unproven('competing-claim') })
  return world.caseOf(connections[0] ?? '')
}

function endpointOf(name: string): string {
  return `/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg-${name}/providers/Microsoft.Network/privateEndpoints/adf.one`
}

/** Something is recorded about a request by others. */
async function change(name: string): Promise<void> {
  const key = connectionNamed(name)
  const record = await world.memory.ledger.read(key)
  if (!record) throw new Error('There is no such request.')
  const at = new Date(world.delivery.time).toISOString()
  await world.memory.ledger.write(
    key,
    record,
    stepTo('open', { request: record.request, entry: { at } }, key),
  )
}

beforeEach(() => {
  world = new CaseWorld()
})

describe('some of a case', () => {
  it('are decided, and the others wait', async () => {
    const caseId = await burst(4)
    const [, second, third] = await world.shown(caseId, 'approve')
    expect(await world.decide(caseId, some([second, third].flatMap((one) => one ?? [])))).toEqual({
      kind: 'begun',
    })
    const recorded = (await world.choices(...names(4))).filter((text) => text !== '')
    expect(recorded).toEqual(['approve Ann Approver', 'approve Ann Approver'])
    expect(await world.results(caseId)).toBe('2/2/2')
    const { waiting, underWay } = await world.content(caseId)
    expect([waiting.length, underWay.length]).toEqual([2, 2])
  })

  it('that have changed since are left, and the others decided', async () => {
    const caseId = await burst(3)
    const items = await world.shown(caseId, 'reject')
    await change('c1')
    await world.decide(caseId, some(items))
    expect(await world.choices(...names(3))).toEqual(['reject Ann Approver', '', 'reject Ann Approver'])
    expect(await world.results(caseId)).toBe('2/3/3 changed')
  })

  it('that others may decide only, or somebody has decided, say so', async () => {
    const caseId = world.burstOf('c0')
    await world.opened('c0', { caseId, entry: { terms: { ...terms, approvers: [ben.objectId] } } })
    await world.opened('c1', { caseId })
    const items = await world.shown(caseId, 'approve')
    await world.decide(caseId, some(items), { person: ben })
    await world.decide(caseId, some(items))
    expect(await world.results(caseId)).toBe('0/2/2 refused refused')
    expect(await world.choices('c0', 'c1')).toEqual(['approve Ben Approver', 'approve Ben Approver'])
  })

  it('that require two people wait for the second', async () => {
    const caseId = world.burstOf('c0')
    await world.opened('c0', { caseId, entry: { terms: { ...terms, requiredApprovals: 2 } } })
    await world.decide(caseId, some(await world.shown(caseId, 'approve')))
    await world.decide(caseId, some(await world.shown(caseId, 'approve')))
    expect(await world.choices('c0')).toEqual(['approve Ann Approver'])
    expect(await world.results(caseId)).toBe('0/1/1 refused')
    await world.decide(caseId, some(await world.shown(caseId, 'approve')), { person: ben })
    expect(await world.choices('c0')).toEqual(['approve Ann Approver,approve Ben Approver'])
  })

  it('of a group are found by the messages that they were in', async () => {
    await world.opened('c0')
    await world.opened('c1')
    const caseId = await world.caseOf('c0')
    expect(caseId).toBe(await world.caseOf('c1'))
    await world.decide(caseId, some(await world.shown(caseId, 'reject')))
    expect(await world.results(caseId)).toBe('2/2/2')
  })
})

describe('nothing is decided', () => {
  it('where the form names a request of another case', async () => {
    const caseId = await burst(2)
    const other = await world.opened('z', { caseId: world.burstOf('z') })
    const stored = await world.memory.ledger.read(connectionNamed('z'))
    const items = await world.shown(caseId, 'approve')
    const foreign: ShownItem = { decisionId: other, version: stored?.hash ?? '', outcome: 'approve' }
    for (const list of [[...items, foreign], [foreign]])
      expect(await world.decide(caseId, some(list))).toEqual({ kind: 'not-of-case' })
    expect(await world.choices(...names(2), 'z')).toEqual(['', '', ''])
  })

  it('where a group has not been joined by the request', async () => {
    await world.opened('c0')
    const caseId = await world.caseOf('c0')
    const foreign = await world.opened('z', { caseId: world.burstOf('z') })
    const item: ShownItem = { decisionId: foreign, version: '0'.repeat(64), outcome: 'approve' }
    expect(await world.decide(caseId, some([item]))).toEqual({ kind: 'not-of-case' })
  })

  it.each(['x', '', `${'0'.repeat(20)}.1.1`, `${'0'.repeat(20)}-1`])(
    'in a case that is not there: %j',
    async (id) => {
      await burst(1)
      expect(await world.decide(id, some([]))).toEqual({ kind: 'not-found' })
    },
  )

  it('where nothing was chosen, or the reason is missing or too long', async () => {
    const caseId = world.burstOf('c0')
    await world.opened('c0', { caseId, entry: { terms: { ...terms, reasonRequired: true } } })
    const items = await world.shown(caseId, 'reject')
    expect(await world.decide(caseId, some([]))).toEqual({ kind: 'nothing-chosen' })
    expect(await world.decide(caseId, some(items))).toEqual({ kind: 'reason-missing' })
    expect(await world.decide(caseId, some(items), { reason: 'x'.repeat(301) })).toEqual({
      kind: 'reason-too-long',
    })
    expect(await world.results(caseId)).toBe('0/0/0 open')
    await world.decide(caseId, some(items), { reason: 'Known.' })
    expect(await world.results(caseId)).toBe('1/1/1')
  })
})

describe('all of a case', () => {
  it('are rejected, those that no page shows included', async () => {
    const caseId = await burst(130)
    const shownAt = world.delivery.now.toISOString()
    await world.decide(caseId, { kind: 'reject-all', shownAt })
    expect(await world.results(caseId)).toBe('130/130/130')
    expect(new Set(await world.choices(...names(130)))).toEqual(new Set(['reject Ann Approver']))
  })

  it('but what has changed, or joined, since the page was shown', async () => {
    const caseId = await burst(3)
    const shownAt = world.delivery.now.toISOString()
    world.delivery.time += 1_000
    await change('c1')
    await world.opened('late', { caseId })
    await world.decide(caseId, { kind: 'reject-all', shownAt })
    expect(await world.choices('c0', 'c1', 'c2', 'late')).toEqual([
      ...['reject Ann Approver', '', 'reject Ann Approver', ''],
    ])
  })

  it('ask for one review of a target before, and one after, not for two of each request', async () => {
    const caseId = await burst(50)
    await world.decide(caseId, { kind: 'reject-all', shownAt: world.delivery.now.toISOString() })
    expect(world.reviews.map(({ delaySeconds }) => delaySeconds)).toEqual([65, undefined])
  })
})

describe('which of competing claims', () => {
  const which = (items: readonly ShownItem[], approved?: string) =>
    ({
      kind: 'which',
      items: items.map((item) => ({
        ...item,
        outcome: item.decisionId === approved ? ('approve' as const) : ('reject' as const),
      })),
    }) as const

  it('the others are rejected first, and then the chosen one is approved', async () => {
    const caseId = await claims('a', 'b', 'c')
    const items = await world.shown(caseId, 'reject')
    expect(items).toHaveLength(3)
    const recorded: string[] = []
    const host = world.host()
    const { ledger } = host
    const noting = {
      ...host,
      ledger: {
        ...ledger,
        nextEntryId: ledger.nextEntryId.bind(ledger),
        write: (...[key, before, written]: Parameters<typeof ledger.write>) => {
          recorded.push(`${key.id.name} ${written.request.choices.at(-1)?.outcome}`)
          return ledger.write(key, before, written)
        },
      },
    }
    await world.decide(caseId, which(items, items[0]?.decisionId), { host: noting })
    expect(recorded).toHaveLength(3)
    expect(recorded.at(-1)).toMatch(/ approve$/)
    expect(await world.results(caseId)).toBe('3/3/3')
  })

  it('none of them: all are rejected', async () => {
    const caseId = await claims('a', 'b')
    await world.decide(caseId, which(await world.shown(caseId, 'reject')))
    expect(await world.choices('a', 'b')).toEqual(['reject Ann Approver', 'reject Ann Approver'])
  })

  it('shows one that was asked about before, in another message', async () => {
    await world.opened('old', { endpointId: endpointOf('old') })
    await world.caseOf('old')
    const caseId = await claims('new')
    expect(await world.shown(caseId, 'reject')).toHaveLength(2)
  })

  it('does not show another name on the target', async () => {
    await world.opened('other', { endpointId: endpointOf('other').replace('adf.one', 'adf.two') })
    const caseId = await claims('a', 'b')
    expect(await world.shown(caseId, 'reject')).toHaveLength(2)
  })

  const since: Readonly<Record<string, () => Promise<unknown>>> = {
    'the chosen one has changed': () => change('a'),
    'one of the others has changed': () => change('b'),
    'another claim has come': () =>
      world.opened('third', { endpointId: endpointOf('third'), proof: unproven('competing-claim') }),
  }
  it.each(Object.entries(since))('nothing is done when %s since', async (_, happens) => {
    const caseId = await claims('a', 'b')
    const items = await world.shown(caseId, 'reject')
    await happens()
    expect(await world.decide(caseId, which(items, items[0]?.decisionId))).toEqual({ kind: 'changed' })
    expect(await world.choices('a', 'b')).toEqual(['', ''])
  })

  it.each([
    ['one is left out', (items: readonly ShownItem[]) => items.slice(1)],
    [
      'one is there twice',
      ([one, two]: readonly ShownItem[]) => [one, one, two].flatMap((item) => item ?? []),
    ],
  ])('of a form in which %s, a claim never stays unnoticed', async (_, forged) => {
    const caseId = await claims('a', 'b')
    const items = forged(await world.shown(caseId, 'reject'))
    const decided = await world.decide(caseId, which(items, items[0]?.decisionId))
    expect([
      decided.kind,
      (await world.choices('a', 'b')).filter((text) => text.startsWith('approve')).length,
    ]).toEqual(items.length === 1 ? ['changed', 0] : ['begun', 1])
  })

  it('nothing is approved when a rejection meets a change that comes in between', async () => {
    const caseId = await claims('a', 'b', 'c')
    const items = await world.shown(caseId, 'reject')
    const host = world.host()
    const add = host.jobs.add.bind(host.jobs)
    host.jobs.add = async (...job) => {
      await change('b')
      await change('c')
      return add(...job)
    }
    const ofA = (await world.memory.ledger.read(connectionNamed('a')))?.request.decisionId
    await world.decide(caseId, which(items, ofA), { host })
    expect(await world.choices('a', 'b', 'c')).toEqual(['', '', ''])
    expect(await world.results(caseId)).toBe('0/3/3 changed left-out left-out')
  })

  it('is refused in another kind of case', async () => {
    const caseId = await burst(2)
    expect(await world.decide(caseId, which(await world.shown(caseId, 'reject')))).toEqual({
      kind: 'not-of-case',
    })
  })
})

describe('a host that dies', () => {
  it.each(['some', 'which'] as const)(
    'at each call: every request is decided once, by itself or by another host (%s)',
    async (kind) => {
      const points = await crashEverywhere(
        async () => {
          world = new CaseWorld()
          const caseId = kind === 'some' ? await burst(3, world) : await claims('c0', 'c1')
          const items = await world.shown(caseId, 'reject')
          const scope =
            kind === 'some'
              ? some(items)
              : ({
                  kind,
                  items: items.map((item, index) => ({
                    ...item,
                    outcome: index === 0 ? ('approve' as const) : ('reject' as const),
                  })),
                } as const)
          return { memory: world.memory, world, caseId, scope }
        },
        async (made, point) => {
          made.world.onQueue = point
          // What fails after the job is stored is logged: the host that dies does not get that far.
          await made.world.decide(made.caseId, made.scope)
        },
        async (made, diedAt) => {
          made.world.onQueue = () => undefined
          for (let hosts = 0; hosts < 3; hosts += 1) await made.world.later()
          const count = kind === 'some' ? 3 : 2
          const recorded = (await made.world.choices(...names(count))).filter((text) => text !== '')
          // Before the job is stored, nothing is decided; afterwards all is.
          expect([0, count], diedAt).toContain(recorded.length)
          for (const text of recorded) expect(text, diedAt).toMatch(/^(approve|reject) Ann Approver$/)
          const expected = recorded.length === 0 ? '0/0/0 open' : `${count}/${count}/${count}`
          expect(await made.world.results(made.caseId), diedAt).toBe(expected)
          if (recorded.length > 0) expect(made.world.reviews.length, diedAt).toBeGreaterThan(0)
          if (diedAt === undefined) expect(recorded).toHaveLength(count)
        },
      )
      expect(points).toBeGreaterThan(40)
    },
  )

  it('and hosts that work on one job at once decide each request once', async () => {
    const caseId = await burst(120)
    const shownAt = world.delivery.now.toISOString()
    const host = world.host()
    host.jobs.openParts = () => {
      throw new Error('It dies here.')
    }
    await world.decide(caseId, { kind: 'reject-all', shownAt }, { host })
    expect(await world.results(caseId)).toBe('0/0/120 open')
    world.delivery.time += 120_000
    await Promise.all([world.later(0), world.later(0), world.later(0)])
    expect(await world.results(caseId)).toBe('120/120/120')
    expect(new Set(await world.choices(...names(120)))).toEqual(new Set(['reject Ann Approver']))
  })

  it('and a storage that stays away: after an hour the rest is given up, and says so', async () => {
    const caseId = await burst(60)
    const host = world.host()
    host.jobs.openParts = () => {
      throw new Error('It dies here.')
    }
    await world.decide(caseId, { kind: 'reject-all', shownAt: world.delivery.now.toISOString() }, { host })
    await world.later(61)
    expect(await world.results(caseId)).toMatch(/^0\/60\/60( given-up){50}$/)
    expect((await world.choices('c0'))[0]).toBe('')
  })
})

it('a longer one goes on in another host, which the first one asks for', async () => {
  const caseId = await burst(120)
  const host = world.host()
  const record = host.jobs.record.bind(host.jobs)
  host.jobs.record = (...step) => {
    world.delivery.time += 1_000
    return record(...step)
  }
  await world.decide(caseId, { kind: 'reject-all', shownAt: world.delivery.now.toISOString() }, { host })
  expect(await world.results(caseId)).toBe('50/50/120 open')
  const [first, second] = world.hinted
  expect(first).toMatch(/^job-[0-9a-f]{64}:job:\d{14}-\d{8}$/)
  expect(second).toBe(first)
  await world.later(0)
  expect(await world.results(caseId)).toBe('120/120/120')
})

it('a record that cannot be read does not keep the others from being decided', async () => {
  const caseId = await burst(3)
  const items = await world.shown(caseId, 'reject')
  const host = world.host()
  const add = host.jobs.add.bind(host.jobs)
  host.jobs.add = async (...job) => {
    const row = world.memory.requests
      .rows()
      .find(
        ({ rowKey, partitionKey }) =>
          rowKey === 'state' && partitionKey.startsWith(items[1]?.decisionId.slice(0, 20) ?? '-'),
      )
    if (row) await world.memory.requests.putDerived({ ...row, columns: { ...row.columns, request: '{}' } })
    return add(...job)
  }
  await world.decide(caseId, some(items), { host, person: ann })
  expect(await world.results(caseId)).toBe('2/3/3 refused')
})
