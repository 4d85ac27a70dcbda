import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { BurstWindow } from '../../../shared/domain/burst.ts'
import { Bursts } from '../../../shared/ledger/bursts.ts'
import type { BurstCounterKey } from '../../../shared/ports/bursts.ts'
import { LedgerConflict } from '../../../shared/ports/ledger.ts'
import { RowChanged } from '../../../shared/storage/guarded-table.ts'
import { MemoryTable, type StorageHook } from '../../support/memory-table.ts'
import { factory, id } from '../../support/request-parts.ts'

const now = Date.parse('2026-11-21T08:00:00.000Z')
const ofFactory: BurstCounterKey = { source: `requester:${factory.key}`, outcome: 'approve' }
const counted = [
  { key: 'a', at: now - 1000, isOver: false },
  { key: 'b-_9', at: now, isOver: true },
]
const window: BurstWindow = { counted, caseId: 'beef.1.1', overAt: now }
let hook: StorageHook
let table: MemoryTable
let bursts: Bursts

beforeEach(() => {
  hook = () => undefined
  table = new MemoryTable(
    'bursts',
    () => new Date(now),
    (when, call) => {
      hook(when, call)
    },
  )
  bursts = new Bursts(table)
})

const write = (what: BurstWindow, where = ofFactory) => bursts.change(where, () => ({ window: what }))

/** What another instance finds, without writing. */
async function remembered(where = ofFactory): Promise<BurstWindow | undefined> {
  let found: BurstWindow | undefined
  const probe = new Error('only looking')
  const reading = new Bursts(table).change(where, (before) => {
    found = before
    if (!before) throw probe
    return { window: before }
  })
  await reading.catch((error: unknown) => {
    if (error !== probe) throw error
  })
  return found
}

/** Replaces columns of the only row, as somebody could by hand. */
async function spoil(columns: Readonly<Record<string, string | number>>): Promise<void> {
  const [row] = table.rows()
  if (!row) throw new Error('There is no row.')
  await table.putDerived({ ...row, columns: { ...row.columns, ...columns } })
}

describe('what is remembered of a source', () => {
  it('is nothing at first', async () => {
    expect(await remembered()).toBeUndefined()
  })

  it('is there again as it was written, in columns that people can read', async () => {
    expect(await write(window)).toEqual({ window })
    expect(await remembered()).toEqual(window)
    expect(table.rows()).toEqual([
      {
        partitionKey: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
        rowKey: 'approve',
        columns: {
          schemaVersion: 1,
          source: ofFactory.source,
          caseId: 'beef.1.1',
          overAt: '2026-11-21T08:00:00.000Z',
          newestAt: '2026-11-21T08:00:00.000Z',
          counted: `${(now - 1000).toString(36)}.a ${now.toString(36)}!b-_9`,
        },
      },
    ])
  })

  it('has no case and no time where nothing was over the limit', async () => {
    const calm = { counted: counted.slice(0, 1), caseId: undefined, overAt: undefined }
    await write(calm)
    expect(await remembered()).toEqual(calm)
  })

  it('of nothing counted is as old as can be', async () => {
    await write({ counted: [], caseId: undefined, overAt: undefined })
    expect(table.rows()[0]?.columns).toMatchObject({ newestAt: '1970-01-01T00:00:00.000Z' })
  })

  it('is apart for each source and each outcome', async () => {
    await write(window)
    expect(await remembered({ ...ofFactory, outcome: 'reject' })).toBeUndefined()
    expect(await remembered({ ...ofFactory, source: 'no-endpoint' })).toBeUndefined()
  })

  it('is not written again when it stays as it is', async () => {
    await write(window)
    const calls: string[] = []
    hook = (when, call) => calls.push(`${when} ${call}`)
    await bursts.change(ofFactory, (before) => ({ window: before ?? window }))
    expect(calls).toEqual(['before bursts.read', 'after bursts.read'])
  })

  it.each([
    [{ counted: 'garbage' }, 'field "counted.0" is "garbage", expected a counted request.'],
    [
      { counted: `x${'1'.repeat(60)}` },
      `field "counted.0" is "x${'1'.repeat(60)}", expected a counted request.`,
    ],
    [{ counted: 'abc.key no' }, 'field "counted.1" is "no", expected a counted request.'],
    [{ counted: 'abc.key\n' }, 'field "counted.0" is "abc.key\\n", expected a counted request.'],
    [{ counted: '' }, 'field "counted.0" is "", expected a counted request.'],
    [
      { counted: `a.${'k'.repeat(33)}` },
      `field "counted.0" is "a.${'k'.repeat(33)}", expected a counted request.`,
    ],
    [{ counted: '!a.k' }, 'field "counted.0" is "!a.k", expected a counted request.'],
    [
      { overAt: 'soon' },
      'in table "bursts" cannot be used: field "overAt" is "soon", expected  or datetime. Delete the row: the requests of this source are then counted from here on.',
    ],
    [{ schemaVersion: 2 }, 'field "schemaVersion" is 2, expected 1.'],
  ])('that cannot be read counts for nobody: %j', async (columns, sentence) => {
    await write(window)
    await spoil(columns)
    await expect(remembered()).rejects.toThrow(sentence)
  })
})

describe('a request', () => {
  it('is known by its connection, in whatever case, and its episode', () => {
    const shouted = id(factory.id.replace('adf-sales', 'ADF-SALES'))
    expect(bursts.requestKey(factory, 1)).toMatch(/^[\w-]{16}$/)
    expect(bursts.requestKey(shouted, 1)).toBe(bursts.requestKey(factory, 1))
    expect(bursts.requestKey(factory, 2)).not.toBe(bursts.requestKey(factory, 1))
    expect(bursts.requestKey(id(factory.id.replace('sales', 'other')), 1)).not.toBe(
      bursts.requestKey(factory, 1),
    )
  })
})

describe('requests of one source', () => {
  it('queue up within an instance, and none waits for another source', async () => {
    const reads: string[] = []
    hook = (when, call) => reads.push(`${when} ${call}`)
    await Promise.all([write(window), write({ ...window, caseId: 'other' })])
    expect(reads.map((line) => line.replace('bursts.', ''))).toEqual([
      'before read',
      'after read',
      'before insert',
      'after insert',
      'before read',
      'after read',
      'before replace',
      'after replace',
    ])
    reads.length = 0
    await Promise.all([write(window), write(window, { ...ofFactory, outcome: 'reject' })])
    expect(reads.slice(0, 4).filter((line) => line === 'before bursts.read')).toHaveLength(2)
  })

  it('go on when one of them fails', async () => {
    const failing = bursts.change(ofFactory, () => {
      throw new Error('broken')
    })
    const after = write(window)
    await expect(failing).rejects.toThrow('broken')
    expect(await after).toEqual({ window })
  })

  it('come back later when somebody always writes in between', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0)
    hook = (when, call) => {
      if (when === 'before' && call === 'bursts.insert') throw new RowChanged('Somebody was faster.')
    }
    const tried = write(window)
    await expect(tried).rejects.toThrow(LedgerConflict)
    await expect(tried).rejects.toMatchObject({
      message: 'Others count at the same source.',
      cause: { message: 'Somebody was faster.' },
    })
    vi.restoreAllMocks()
  })

  it('fail as storage does', async () => {
    hook = () => {
      throw new TypeError('Storage is away.')
    }
    await expect(write(window)).rejects.toThrow(new TypeError('Storage is away.'))
  })
})

const none = () => Promise.resolve(false)

describe('an old source', () => {
  const rejecting = { ...ofFactory, outcome: 'reject' } as const

  beforeEach(async () => {
    await write(window)
    await write({ ...window, counted: [{ key: 'late', at: now + 1000, isOver: false }] }, rejecting)
  })

  it('is forgotten, and what was written since is not', async () => {
    expect(await bursts.forgetBefore(new Date(now), none)).toBe(0)
    expect(await bursts.forgetBefore(new Date(now + 1), none)).toBe(1)
    expect(table.rows().map(({ rowKey }) => rowKey)).toEqual(['reject'])
  })

  it('is not forgotten while its case of approvals is open', async () => {
    await write(window)
    const asked: string[] = []
    const isOpen = (caseId: string) => Promise.resolve(asked.push(caseId) > 0)
    expect(await bursts.forgetBefore(new Date(now + 1), isOpen)).toBe(0)
    expect(asked).toEqual(['beef.1.1'])
    expect(await bursts.forgetBefore(new Date(now + 1), none)).toBe(1)
  })

  it('of requests that are rejected or asked about is forgotten, whatever becomes of its case', async () => {
    for (const outcome of ['reject', 'escalate'] as const) await write(window, { ...ofFactory, outcome })
    expect(await bursts.forgetBefore(new Date(now + 5000), () => Promise.resolve(true))).toBe(2)
  })

  it('that somebody writes meanwhile is left, and the others are not', async () => {
    let removals = 0
    hook = (when, call) => {
      if (when !== 'before' || call !== 'bursts.remove') return
      removals += 1
      if (removals === 1) throw new RowChanged('Somebody wrote.')
    }
    expect(await bursts.forgetBefore(new Date(now + 5000), none)).toBe(1)
    expect(table.rows()).toHaveLength(1)
  })

  it('is not forgotten while storage is away', async () => {
    hook = (_when, call) => {
      if (call === 'bursts.remove') throw new TypeError('Storage is away.')
    }
    await expect(bursts.forgetBefore(new Date(now + 5000), none)).rejects.toThrow('Storage is away.')
  })
})
