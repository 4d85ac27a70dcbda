import { beforeEach, describe, expect, it } from 'vitest'
import { isUnfinished, type StateName } from '../../../shared/domain/request.ts'
import type { RequestRecord } from '../../../shared/ports/ledger.ts'
import { MemoryLedger } from '../../support/memory-ledger.ts'
import { connectionNamed, sampleConnection, sampleRequest, stepTo } from '../../support/sample-request.ts'

const start = Date.parse('2026-11-21T08:00:00.000Z')
const caseId = 'beef00beef00beef00be.1.1'
let time: number
let memory: MemoryLedger

beforeEach(() => {
  time = start
  memory = new MemoryLedger(() => new Date(time))
})

function step(state: StateName, subject = sampleConnection, inCase: string | undefined = caseId) {
  return stepTo(state, { request: sampleRequest(state, { caseId: inCase }, subject) })
}

const inCase = (id = caseId, max = 100) => memory.ledger.openInCase(id, max)
const ofCases = () => memory.index.rows().filter(({ partitionKey }) => partitionKey.startsWith('case-'))

async function write(record: RequestRecord | undefined, state: StateName, subject = sampleConnection) {
  return memory.ledger.write(subject, record, step(state, subject))
}

describe('the requests that keep a case open', () => {
  it('are found by its id, from the step that puts them into it to the step that finishes them', async () => {
    expect(await inCase()).toEqual({ requests: [], isWhole: true })
    const open = await write(undefined, 'open')
    expect(await inCase()).toEqual({ requests: [open.request], isWhole: true })
    const applying = await write(open, 'applying')
    expect((await inCase()).requests).toEqual([applying.request])
    await write(applying, 'decided-elsewhere')
    expect(await inCase()).toEqual({ requests: [], isWhole: true })
    expect(ofCases()).toEqual([])
  })

  it('are those that were withdrawn, too, for a day', async () => {
    const hold = { kind: 'burst', knownRules: [] } as const
    const request = sampleRequest('withdrawn', { caseId, hold })
    await memory.ledger.write(
      sampleConnection,
      await write(undefined, 'open'),
      stepTo('withdrawn', { request }),
    )
    time += 24 * 3_600_000 - 1
    expect((await inCase()).requests).toEqual([request])
    time += 1
    expect((await inCase()).requests).toEqual([])
    expect(ofCases()).toEqual([])
  })

  it('are not those that were withdrawn without a hold', async () => {
    await write(await write(undefined, 'open'), 'withdrawn')
    expect([(await inCase()).requests, ofCases()]).toEqual([[], []])
  })

  it('are not those of another case, or of none', async () => {
    await memory.ledger.write(sampleConnection, undefined, step('open', sampleConnection, 'other.1.1'))
    const loner = connectionNamed('stlake.2')
    const request = sampleRequest('open', {}, loner)
    await memory.ledger.write(loner, undefined, stepTo('open', { request }))
    expect((await inCase()).requests).toEqual([])
    expect((await inCase('other.1.1')).requests).toHaveLength(1)
  })

  it('that come into another case are found there alone', async () => {
    const open = await write(undefined, 'open')
    await memory.ledger.write(sampleConnection, open, step('open', sampleConnection, 'other.1.1'))
    expect((await inCase()).requests).toEqual([])
    expect((await inCase('other.1.1')).requests).toHaveLength(1)
  })

  it('are read up to a number, and the answer says that there may be more', async () => {
    for (const name of ['a', 'b', 'c']) await write(undefined, 'open', connectionNamed(name))
    expect(await inCase(caseId, 2)).toMatchObject({ isWhole: false, requests: [{}, {}] })
    expect(await inCase(caseId, 3)).toMatchObject({ isWhole: true, requests: [{}, {}, {}] })
  })

  it('of which one cannot be read are not all, and it is reported', async () => {
    await write(undefined, 'open')
    const [row] = memory.requests.rows().filter(({ rowKey }) => rowKey === 'state')
    if (!row) throw new Error('There is no row.')
    await memory.requests.putDerived({ ...row, columns: { ...row.columns, request: 'x' } })
    expect(await inCase()).toEqual({ requests: [], isWhole: false })
    expect(memory.unreadable).toHaveLength(1)
  })

  it('are found after a crash at any call to storage', async () => {
    for (let calls = 1; ; calls += 1) {
      memory = new MemoryLedger(() => new Date(time))
      let left = calls
      memory.hook = (when) => {
        if (when === 'before' && (left -= 1) === 0) throw new Error('dead')
      }
      const died = await write(undefined, 'open').then(
        () => false,
        () => true,
      )
      memory.hook = () => undefined
      const record = await memory.ledger.read(sampleConnection)
      expect((await inCase()).requests).toHaveLength(record && isUnfinished(record.request) ? 1 : 0)
      if (!died) break
    }
  })

  it('are found by repair where their index row is missing', async () => {
    await write(undefined, 'open')
    for (const { partitionKey, rowKey } of ofCases()) await memory.index.removeDerived(partitionKey, rowKey)
    expect((await inCase()).requests).toEqual([])
    await memory.ledger.repairIndexes(new Date(start))
    expect((await inCase()).requests).toHaveLength(1)
  })

  it('are read from rows that an earlier version wrote, which named no version of that index row', async () => {
    const open = await write(undefined, 'open')
    const [row] = memory.requests.rows().filter(({ rowKey }) => rowKey === 'state')
    if (!row) throw new Error('There is no row.')
    const columns = Object.entries(row.columns).filter(([name]) => name !== 'byCase')
    await memory.requests.putDerived({ ...row, columns: Object.fromEntries(columns) })
    const record = await memory.ledger.read(sampleConnection)
    expect(record?.request).toEqual(open.request)
    await write(record, 'withdrawn')
    time += 600_001
    expect((await inCase()).requests).toEqual([])
    expect(ofCases()).toEqual([])
  })
})
