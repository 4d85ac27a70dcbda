import { beforeEach, describe, expect, it } from 'vitest'
import type { WorkState } from '../../../shared/domain/target-work.ts'
import { Checkpoints } from '../../../shared/ledger/checkpoints.ts'
import { keyOf } from '../../../shared/ledger/keys.ts'
import { TargetWork } from '../../../shared/ledger/target-work.ts'
import { MemoryTable, type StorageHook } from '../../support/memory-table.ts'
import { id, target } from '../../support/request-parts.ts'
import { seriesAt } from '../../support/fake-work.ts'

const at = Date.parse('2026-11-21T08:00:00.123Z')
let hook: StorageHook
let table: MemoryTable

beforeEach(() => {
  hook = () => undefined
  table = new MemoryTable(
    'small',
    () => new Date(at),
    (when, call) => {
      hook(when, call)
    },
  )
})

describe('a text that is kept between runs', () => {
  it('is there again under its name', async () => {
    const checkpoints = new Checkpoints(table)
    expect(await checkpoints.read('evaluated-by')).toBeUndefined()
    await checkpoints.write('evaluated-by', 'hash-1')
    await checkpoints.write('evaluated-by', 'hash-2')
    expect(await checkpoints.read('evaluated-by')).toBe('hash-2')
    expect(await checkpoints.read('other')).toBeUndefined()
    expect(table.rows()).toEqual([
      { partitionKey: 'checkpoint', rowKey: 'evaluated-by', columns: { schemaVersion: 1, text: 'hash-2' } },
    ])
    await table.putDerived({
      partitionKey: 'checkpoint',
      rowKey: 'evaluated-by',
      columns: { schemaVersion: 2, text: 'hash-3' },
    })
    expect(await checkpoints.read('evaluated-by')).toBeUndefined()
  })
})

describe('the state of a target’s work', () => {
  const due: WorkState = { kind: 'due', series: seriesAt(at, { attempt: 3 }), dueAt: at + 1000 }
  let work: TargetWork

  beforeEach(() => {
    work = new TargetWork(table, () => new Date(at))
  })

  const put = (write: WorkState | 'keep' | 'remove') => work.change(target, () => ({ write, result: 'said' }))

  it('is one for each target, however its id is spelled', async () => {
    expect(await put(due)).toBe('said')
    const upper = id(target.id.toUpperCase())
    const found = await work.change(upper, (state) => ({ write: 'keep', result: state }))
    expect(found).toEqual(due)
    expect(table.rows()).toMatchObject([{ partitionKey: 'target', rowKey: keyOf(target) }])
  })

  it('is none at first, and none any more once it is removed', async () => {
    const state = () => work.change(target, (current) => ({ write: 'keep', result: current }))
    expect(await state()).toBeUndefined()
    await put(due)
    await put('remove')
    expect(await state()).toBeUndefined()
  })

  it('is listed beside the others; one that is refused keeps nobody from it', async () => {
    await put(due)
    await table.insert({ partitionKey: 'target', rowKey: 'a', columns: { schemaVersion: 9 } })
    await table.insert({ partitionKey: 'other', rowKey: 'a', columns: {} })
    const listed = await work.list()
    expect(listed).toHaveLength(2)
    expect(listed).toContainEqual({ kind: 'work', target, state: due })
    expect(listed).toContainEqual({
      kind: 'unreadable',
      row: 'a',
      problem: `Row "a" of partition "target" in table "${table.name}" cannot be used: field "schemaVersion" is 9, expected 1. Run the version of this app that wrote it, or do as follows. Delete the row; the next review of its target writes another.`,
    })
  })

  it('is not listed while storage is away', async () => {
    hook = () => {
      throw new TypeError('Storage is away.')
    }
    await expect(work.list()).rejects.toThrow('Storage is away.')
  })
})
