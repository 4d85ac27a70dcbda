import { beforeEach, describe, expect, it } from 'vitest'
import { LedgerConflict } from '../../../shared/ports/ledger.ts'
import { MemoryLedger } from '../../support/memory-ledger.ts'
import { sampleConnection, sampleRequest, sampleTarget, stepTo } from '../../support/sample-request.ts'

const start = Date.parse('2026-11-21T08:00:00.000Z')
const elevenMinutesMs = 660_000
const dayMs = 86_400_000
let time: number
let memory: MemoryLedger

beforeEach(() => {
  time = start
  memory = new MemoryLedger(() => new Date(time))
})

const sweep = () => memory.ledger.repairIndexes(new Date(time - dayMs))
const pointers = (kind: 'state' | 'target') =>
  memory.index
    .rows()
    .filter(({ partitionKey }) => partitionKey.startsWith(`${kind}:`))
    .map(({ partitionKey }) => partitionKey)

async function lose(kind: 'state' | 'target'): Promise<void> {
  for (const { partitionKey, rowKey } of memory.index.rows())
    if (partitionKey.startsWith(`${kind}:`)) await memory.index.removeDerived(partitionKey, rowKey)
}

/** The same step by two hosts: the second one meets a conflict. */
async function conflict(): Promise<void> {
  const opened = await memory.ledger.write(sampleConnection, undefined, stepTo('open'))
  await memory.ledger.write(sampleConnection, opened, stepTo('withdrawn'))
  const late = memory.ledger.write(sampleConnection, opened, stepTo('applying'))
  await expect(late).rejects.toThrow(LedgerConflict)
}

describe('the sweep', () => {
  it.each(['state', 'target'] as const)(
    'finds an open record that has lost its pointer by %s days after its last step',
    async (kind) => {
      await memory.ledger.write(sampleConnection, undefined, stepTo('open'))
      time += 3 * dayMs
      await lose(kind)
      expect(await sweep()).toBe(1)
      expect(await memory.ledger.unfinishedOn(sampleTarget)).toHaveLength(1)
      expect(await Array.fromAsync(memory.ledger.inState('open'))).toHaveLength(1)
      expect(await sweep()).toBe(0)
    },
  )

  it('removes the pointers that a conflict has left, once no step can be on its way', async () => {
    await conflict()
    expect(pointers('state').toSorted()).toEqual(['state:applying', 'state:withdrawn'])
    await sweep()
    expect(pointers('state')).toHaveLength(2)
    time += elevenMinutesMs
    expect(await sweep()).toBe(1)
    expect(pointers('state')).toEqual(['state:withdrawn'])
    expect(pointers('target')).toEqual([])
  })

  it('removes a pointer by target that was written late, after the record was closed', async () => {
    const opened = await memory.ledger.write(sampleConnection, undefined, stepTo('open'))
    const late = memory.index.rows().find(({ partitionKey }) => partitionKey.startsWith('target:'))
    await memory.ledger.write(sampleConnection, opened, stepTo('withdrawn'))
    if (!late) throw new Error('There is no pointer.')
    await memory.index.putDerived(late)
    time += elevenMinutesMs
    await sweep()
    expect(pointers('target')).toEqual([])
  })

  it('removes a pointer of a finished state that a conflict has left', async () => {
    const opened = await memory.ledger.write(sampleConnection, undefined, stepTo('open'))
    await memory.ledger.write(sampleConnection, opened, stepTo('applying'))
    const late = memory.ledger.write(sampleConnection, opened, stepTo('decided-elsewhere'))
    await expect(late).rejects.toThrow(LedgerConflict)
    time += elevenMinutesMs
    await sweep()
    expect(pointers('state')).toEqual(['state:applying'])
    expect(pointers('target')).toHaveLength(1)
  })

  it('leaves the pointers of what is under way', async () => {
    await memory.ledger.write(sampleConnection, undefined, stepTo('open'))
    const request = sampleRequest('applying')
    await memory.ledger.write(
      sampleConnection,
      await memory.ledger.read(sampleConnection),
      stepTo('applying', { request }),
    )
    time += elevenMinutesMs
    expect(await sweep()).toBe(0)
    expect(pointers('state')).toEqual(['state:applying'])
  })
})
