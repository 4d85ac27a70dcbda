import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { GuardedTable } from '../../../shared/ledger/tables.ts'
import { TargetWork } from '../../../shared/ledger/target-work.ts'
import type { Lease } from '../../../shared/review/ports.ts'
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

async function taken(attempt = 0): Promise<Lease> {
  const lease = await work.begin(target, attempt)
  if (lease === 'busy') throw new Error('The target is busy.')
  return lease
}

describe('the lease of a target', () => {
  it('is had by one of fifty who ask at once; one further look is owed to the others', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => work.begin(target, 0)))
    const leases = all.filter((lease) => lease !== 'busy')
    expect(leases).toHaveLength(1)
    expect(await leases[0]?.finish()).toEqual({ lookAgain: 0 })
    expect(await leases[0]?.finish()).toBe('done')
  })

  it('of another target is free', async () => {
    const held = await taken()
    const other = await work.begin(id(target.id.replace('stlake', 'stother')), 0)
    expect(other).not.toBe('busy')
    await held.finish()
    if (other !== 'busy') await other.finish()
  })

  it('passes on the lowest number of looks of those who asked meanwhile', async () => {
    const lease = await taken(4)
    await work.begin(target, 3)
    await work.begin(target, 1)
    await work.begin(target, 2)
    expect(await lease.finish()).toEqual({ lookAgain: 1 })
    await lease.finish()
  })

  it('given back leaves nothing to come back to', async () => {
    await (await taken()).finish()
    time += 3600_000
    expect(await work.overdue()).toEqual([])
    expect(await work.begin(target, 0)).not.toBe('busy')
  })

  it('passes to the next when its holder has not been heard of for 20 seconds', async () => {
    await taken()
    time += 19_000
    expect(await work.begin(target, 0)).toBe('busy')
    time += 2_000
    expect(await work.begin(target, 0)).not.toBe('busy')
  })
})

describe('open work', () => {
  it('is handed out when its holder died, once in a minute', async () => {
    await taken()
    expect(await work.overdue()).toEqual([])
    time += 21_000
    expect((await work.overdue()).map(({ id }) => id)).toEqual([target.id])
    expect(await work.overdue()).toEqual([])
    time += 61_000
    expect(await work.overdue()).toHaveLength(1)
  })

  it('is handed out when its time has come', async () => {
    await (await taken()).finish(30)
    time += 29_000
    expect(await work.overdue()).toEqual([])
    time += 2_000
    expect(await work.overdue()).toHaveLength(1)
  })

  it('stays on the list after a failed review', async () => {
    await (await taken()).abandon()
    time += 61_000
    expect(await work.overdue()).toHaveLength(1)
  })

  it('can be put off', async () => {
    await work.postpone(target, 600)
    time += 601_000
    expect(await work.overdue()).toHaveLength(1)
  })
})
