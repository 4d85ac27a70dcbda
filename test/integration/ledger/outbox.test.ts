import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Ledger } from '../../../shared/ledger/ledger.ts'
import { Outbox } from '../../../shared/ledger/outbox.ts'
import type { OutboxRef } from '../../../shared/ports/outbox.ts'
import type { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { newTable } from '../../support/ledger-tables.ts'
import { connectionNamed, sampleNotification, stepTo } from '../../support/sample-request.ts'

const minuteMs = 60_000
let azurite: Azurite
let requests: GuardedTable
let index: GuardedTable
let time: number
let outbox: Outbox

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

beforeEach(async () => {
  requests = await newTable(azurite, 'requests')
  index = await newTable(azurite, 'index')
  time = Date.now()
  outbox = host()
})

function refuse(problem: Error): void {
  throw problem
}

function host(): Outbox {
  return new Outbox(requests, index, refuse, () => new Date(time))
}

async function waiting(name: string): Promise<OutboxRef> {
  const subject = connectionNamed(name)
  const at = new Date(time).toISOString()
  const step = stepTo('open', { notification: sampleNotification({ id: name }), entry: { at } }, subject)
  const { notificationRef } = await new Ledger(requests, index, refuse).write(subject, undefined, step)
  if (notificationRef === undefined) throw new Error('There is no notification.')
  return notificationRef
}

async function dueRowCount(): Promise<number> {
  return (await Array.fromAsync(index.query(`PartitionKey eq 'due'`))).length
}

describe('the outbox in storage', () => {
  it('gives each of many notifications to exactly one of two hosts', async () => {
    const refs = await Promise.all(Array.from({ length: 10 }, (_, number) => waiting(`n${String(number)}`)))
    const [one, two] = [host(), host()]
    const claims = await Promise.all(refs.flatMap((ref) => [one.claim(ref), two.claim(ref)]))
    const taken = claims.filter((claim) => claim !== undefined)
    expect(taken.map(({ notification }) => notification.id).toSorted()).toEqual(
      refs.map((_, number) => `n${String(number)}`),
    )
    await Promise.all(taken.map((claim) => outbox.delivered(claim, 'c-1')))
    time += minuteMs
    expect(await outbox.due(100)).toEqual([])
    expect(await dueRowCount()).toBe(0)
  })

  it('lets another host take over after a minute, and the first one record nothing any more', async () => {
    const ref = await waiting('a')
    const slow = await outbox.claim(ref)
    expect(await outbox.due(10)).toEqual([])
    time += minuteMs
    expect(await outbox.due(10)).toEqual([ref])
    const fast = await host().claim(ref)
    if (!slow || !fast) throw new Error('Nothing to claim.')
    await outbox.failed(slow, 5, 'too slow')
    await outbox.delivered(slow, 'c-1')
    expect(await outbox.claim(ref)).toBeUndefined()
    await outbox.failed(fast, 30, 'no')
    time += 30_000
    const again = await outbox.claim(ref)
    expect(again).toMatchObject({ attempts: 2, notification: sampleNotification({ id: 'a' }) })
  })

  it('lists what is due in the order of waiting', async () => {
    const refs: OutboxRef[] = []
    for (const name of ['a', 'b', 'c']) {
      refs.push(await waiting(name))
      time += 10
    }
    expect(await outbox.due(2)).toEqual(refs.slice(0, 2))
    expect(await outbox.due(3)).toEqual(refs)
  })
})
