import { describe, expect, it } from 'vitest'
import { Requests } from '../../../shared/ledger/requests.ts'
import { SharedReads } from '../../../shared/ledger/shared-reads.ts'
import { MemoryLedger } from '../../support/memory-ledger.ts'
import { connectionNamed, stepTo } from '../../support/sample-request.ts'

/** Requests that wait, of one burst case, and the calls to storage of those who read them. */
async function waiting(count: number) {
  const memory = new MemoryLedger(() => new Date('2026-12-01T08:00:00Z'))
  const requests = new Requests(memory.requests, memory.index, (problem) => {
    throw problem
  })
  for (let number = 0; number < count; number += 1) {
    const subject = connectionNamed(`n${number}`)
    const step = stepTo('open', {}, subject)
    await memory.ledger.write(subject, undefined, {
      ...step,
      request: step.request,
    })
  }
  const calls: string[] = []
  memory.hook = (when, call) => {
    if (when === 'before') calls.push(call)
  }
  const callsOf = async (readers: number, read: () => Promise<unknown>) => {
    calls.length = 0
    await Promise.all(Array.from({ length: readers }, read))
    return calls.length
  }
  return { memory, requests, callsOf }
}

describe('a list that many read at once', () => {
  it('costs as many calls to storage as two readers, however many read it', async () => {
    const { requests, callsOf } = await waiting(200)
    const read = (of: Requests) => of.open(50)
    const ofOne = await callsOf(1, () => read(requests))
    expect(ofOne).toBe(51)
    expect(await callsOf(10, () => read(requests))).toBeLessThanOrEqual(2 * ofOne)
    expect(await callsOf(100, () => read(requests))).toBeLessThanOrEqual(2 * ofOne)
  })

  it('shows each of them what was written before they asked', async () => {
    const { memory, requests } = await waiting(3)
    const before = requests.open(50)
    await memory.ledger.write(connectionNamed('late'), undefined, stepTo('open', {}, connectionNamed('late')))
    const after = await Promise.all([requests.open(50), requests.open(50)])
    expect(after.map(({ total }) => total)).toEqual([4, 4])
    expect((await before).total).toBeGreaterThanOrEqual(3)
  })

  it('is never that of another one', async () => {
    const { requests } = await waiting(3)
    const [all, few] = await Promise.all([requests.open(50), requests.open(1)])
    expect([all.records.length, few.records.length]).toEqual([3, 1])
  })
})

describe('shared reads', () => {
  /** Reads that end when they are told to. */
  function reads() {
    const shared = new SharedReads<number>()
    const ends: PromiseWithResolvers<number>[] = []
    const read = () =>
      shared.read('list', () => {
        const end = Promise.withResolvers<number>()
        ends.push(end)
        return end.promise
      })
    return { ends, read }
  }

  it('begin at once, and again for all who ask meanwhile', async () => {
    const { ends, read } = reads()
    const all = [read(), read(), read()]
    expect(ends).toHaveLength(1)
    ends[0]?.resolve(1)
    await expect(all[0]).resolves.toBe(1)
    await expect.poll(() => ends.length).toBe(2)
    ends[1]?.resolve(2)
    expect(await Promise.all(all)).toEqual([1, 2, 2])
    expect(ends).toHaveLength(2)
  })

  it('that fail, fail for those who share them only', async () => {
    const { ends, read } = reads()
    const all = Promise.allSettled([read(), read()])
    ends[0]?.reject(new Error('storage is away'))
    await expect.poll(() => ends.length).toBe(2)
    ends[1]?.resolve(2)
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'fulfilled'])
  })

  it('leave nothing behind: the next one reads anew', async () => {
    const { ends, read } = reads()
    const first = read()
    ends[0]?.resolve(1)
    await first
    void read()
    await expect.poll(() => ends.length).toBe(2)
  })
})
