import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { keyOf } from '../../../shared/ledger/keys.ts'
import { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { TargetWork } from '../../../shared/ledger/target-work.ts'
import type { Lease, NextLook } from '../../../shared/ports/work.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { id, target } from '../../support/fake-review.ts'

const silent = { info() {}, warn() {}, error() {} }
let azurite: Azurite
let table: GuardedTable
let time: number
let work: TargetWork
let tableCount = 0

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

beforeEach(async () => {
  tableCount += 1
  const client = TableClient.fromConnectionString(azurite.connectionString, `work${tableCount}`, {
    allowInsecureConnection: true,
  })
  table = new GuardedTable(client)
  await table.create()
  time = Date.parse('2026-11-21T08:00:00Z')
  work = new TargetWork(table, silent, () => new Date(time))
})

const event = { attempt: 0, isFollowUp: false, isFromEndpoint: false }

function after(afterSeconds: number, attempt: number): NextLook {
  return { attempt, afterSeconds, notSooner: false }
}

function followUp(attempt: number) {
  return { attempt, isFollowUp: true, isFromEndpoint: false }
}

async function taken(look = event): Promise<Lease> {
  const lease = await work.begin(target, look)
  if (typeof lease === 'string') throw new Error(`The target is ${lease}.`)
  return lease
}

describe('the lease of a target', () => {
  it('is had by one of fifty who ask at once; one further look is owed to the others', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => work.begin(target, event)))
    const leases = all.filter((lease) => typeof lease !== 'string')
    expect(leases).toHaveLength(1)
    expect(await leases[0]?.finish(undefined)).toMatchObject({ lookAgain: { attempt: 0 } })
    expect(await leases[0]?.finish(undefined)).toBe('done')
  })

  it('of another target is free', async () => {
    const held = await taken()
    const other = await work.begin(id(target.id.replace('stlake', 'stother')), event)
    expect(other).not.toBe('busy')
    await held.finish(undefined)
    if (typeof other !== 'string') await other.finish(undefined)
  })

  it('passes on the lowest number of looks of those who asked meanwhile', async () => {
    const lease = await taken({ attempt: 4, isFollowUp: false, isFromEndpoint: false })
    for (const attempt of [3, 1, 2])
      await work.begin(target, { attempt, isFollowUp: false, isFromEndpoint: false })
    expect(await lease.finish(undefined)).toMatchObject({ lookAgain: { attempt: 1 } })
    await lease.finish(undefined)
  })

  it('given back leaves nothing to come back to', async () => {
    await (await taken()).finish(undefined)
    time += 3600_000
    expect(await work.overdue()).toEqual([])
    expect(await work.begin(target, event)).not.toBe('busy')
  })

  it('passes to the next when its holder has not been heard of for 20 seconds', async () => {
    await taken()
    time += 19_000
    expect(await work.begin(target, event)).toBe('busy')
    time += 2_000
    expect(await work.begin(target, event)).not.toBe('busy')
  })
})

describe('the looks that follow an event', () => {
  it('come in one series: a newer event supersedes what followed the older one', async () => {
    await (await taken()).finish(after(1, 1))
    await (await taken(followUp(1))).finish(after(2, 2))
    await (await taken()).finish(after(1, 1))
    expect(await work.begin(target, followUp(2))).toBe('superseded')
    await (await taken(followUp(1))).finish(after(2, 2))
  })

  it('are superseded while somebody looks, and asked for by nobody', async () => {
    const lease = await taken()
    expect(await work.begin(target, followUp(0))).toBe('superseded')
    expect(await lease.finish(undefined)).toBe('done')
  })

  it('end with the last of them', async () => {
    await (await taken()).finish(undefined)
    expect(await work.begin(target, followUp(1))).toBe('superseded')
  })

  it('of fifty events at once are one series', async () => {
    for (let copies = 0; copies < 50; copies += 1) await (await taken()).finish(after(1, 1))
    const all = await Promise.all(Array.from({ length: 50 }, () => work.begin(target, followUp(1))))
    expect(all.filter((lease) => lease !== 'superseded')).toHaveLength(1)
  })
})

describe('a series of looks that waits', () => {
  const lastLook = { attempt: 7, isFollowUp: false, isFromEndpoint: false }

  it('goes on although our own answer is announced meanwhile', async () => {
    await (await taken()).finish(after(1, 1))
    const own = await taken(lastLook)
    expect(own.attempt).toBe(0)
    await own.finish(after(1, 1))
    expect(typeof (await work.begin(target, followUp(1)))).toBe('object')
  })

  it('is not cut short by word that is left while somebody looks', async () => {
    const lease = await taken()
    await work.begin(target, lastLook)
    expect(await lease.finish(after(1, 1))).toMatchObject({ lookAgain: { attempt: 0 } })
  })

  it('asked for by an event during a look that failed is not forgotten', async () => {
    const sweep = await taken(lastLook)
    await work.begin(target, event)
    expect(await sweep.finish(undefined)).toMatchObject({ lookAgain: { attempt: 0 } })
    await sweep.abandon()
    expect((await taken(lastLook)).attempt).toBe(0)
  })

  it('is taken over from a holder that died', async () => {
    await taken()
    time += 21_000
    expect((await taken(lastLook)).attempt).toBe(0)
  })

  it('goes on where it was after a look that failed', async () => {
    await (await taken()).finish(after(1, 1))
    await (await taken(followUp(1))).abandon()
    const again = await taken(followUp(1))
    expect(again.attempt).toBe(1)
  })
})

describe('a series of looks that is begun anew again and again', () => {
  const minute = 60_000

  it('has one look in four minutes that has waited long', async () => {
    const waits: boolean[] = []
    for (let minutes = 0; minutes < 14; minutes += 1) {
      const lease = await taken()
      waits.push(lease.hasWaitedLong)
      await lease.finish(after(1, 1))
      time += minute
    }
    expect(waits.flatMap((hasWaitedLong, minutes) => (hasWaitedLong ? [minutes] : []))).toEqual([5, 10])
  })

  it('has waited long for the look that follows one of more than four minutes', async () => {
    const lease = await taken()
    await work.begin(target, event)
    time += 5 * minute
    expect(await lease.finish(after(1, 1))).toMatchObject({ lookAgain: { hasWaitedLong: true } })
    expect(await lease.finish(after(1, 1))).toBe('done')
    expect((await taken()).hasWaitedLong).toBe(false)
  })

  it('still has waited long after a look that failed, and after one whose holder died', async () => {
    await (await taken()).finish(after(1, 1))
    time += 5 * minute
    await (await taken()).abandon()
    const failedBefore = await taken()
    expect(failedBefore.hasWaitedLong).toBe(true)
    time += 21_000
    expect(await work.overdue()).toHaveLength(1)
    expect((await taken()).hasWaitedLong).toBe(true)
  })

  it('waits from the first look on where the row was written by an earlier version', async () => {
    const columns = { targetId: target.id, holder: '', leaseUntil: '', dueAt: '', notBefore: '', attempt: 1 }
    await table.insert({ partitionKey: 'target', rowKey: keyOf(target), columns })
    const lease = await taken()
    expect([lease.hasWaitedLong, lease.isFromEndpoint]).toEqual([false, false])
    await lease.finish(after(1, 1))
    time += 5 * minute
    expect((await taken()).hasWaitedLong).toBe(true)
  })
})

describe('a series of looks at a target that an endpoint names', () => {
  const fromEndpoint = { attempt: 0, isFollowUp: false, isFromEndpoint: true }

  it.each([
    ['before', [fromEndpoint, event]],
    ['after', [event, fromEndpoint]],
  ])(
    'is one at a target of ours, when an event of the target comes %s the endpoint’s',
    async (_when, looks) => {
      for (const look of looks) await (await taken(look)).finish(after(1, 1))
      expect((await taken({ ...followUp(1), isFromEndpoint: true })).isFromEndpoint).toBe(false)
    },
  )

  it('is one at a target of ours, when word of the target is left while somebody looks', async () => {
    const lease = await taken(fromEndpoint)
    expect(lease.isFromEndpoint).toBe(true)
    await work.begin(target, event)
    expect(await lease.finish(after(1, 1))).toMatchObject({ lookAgain: { isFromEndpoint: false } })
  })

  it('stays what it was after a holder that died', async () => {
    await taken(fromEndpoint)
    time += 21_000
    expect(await work.overdue()).toEqual([{ target, isFromEndpoint: true }])
    expect((await taken(fromEndpoint)).isFromEndpoint).toBe(true)
  })
})

describe('a wait that Azure asked for', () => {
  const wait: NextLook = { attempt: 3, afterSeconds: 20, notSooner: true }

  it('is kept although somebody asked for another look meanwhile', async () => {
    const lease = await taken()
    await work.begin(target, event)
    expect(await lease.finish(wait)).toBe('done')
  })

  it('keeps new events away until it is over, when the look that was sent for it comes', async () => {
    await (await taken()).finish(wait)
    expect(await work.begin(target, event)).toBe('superseded')
    time += 20_000
    const lease = await taken(followUp(3))
    expect(lease.attempt).toBe(0)
  })
})

describe('open work', () => {
  it('is handed out when its holder died, once in a minute', async () => {
    await taken()
    expect(await work.overdue()).toEqual([])
    time += 21_000
    expect(await work.overdue()).toEqual([{ target, isFromEndpoint: false }])
    expect(await work.overdue()).toEqual([])
    time += 61_000
    expect(await work.overdue()).toHaveLength(1)
  })

  it('is handed out when its time has come', async () => {
    await (await taken()).finish(after(30, 1))
    time += 44_000
    expect(await work.overdue()).toEqual([])
    time += 2_000
    expect(await work.overdue()).toHaveLength(1)
  })

  it('stays on the list after a failed review', async () => {
    await (await taken()).abandon()
    time += 76_000
    expect(await work.overdue()).toHaveLength(1)
  })

  it('can be put off', async () => {
    await work.postpone(target, 600)
    time += 601_000
    expect(await work.overdue()).toHaveLength(1)
  })
})
