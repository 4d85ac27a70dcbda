import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { inParallel } from '../../../shared/storage/in-parallel.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { CaseWorld } from '../../support/case-world.ts'
import { newTable } from '../../support/ledger-tables.ts'

let azurite: Azurite
let world: CaseWorld

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

beforeEach(async () => {
  const [requests, index] = [await newTable(azurite, 'requests'), await newTable(azurite, 'index')]
  world = new CaseWorld({ requests, index })
})

const names = (count: number) => Array.from({ length: count }, (_, index) => `c${index}`)

async function burst(count: number): Promise<string> {
  const caseId = world.burstOf('c0')
  await inParallel(names(count), 16, (name) => world.opened(name, { caseId }))
  return caseId
}

describe('a decision on a case in storage', () => {
  it('reaches each request once, whoever of three hosts carries it on', async () => {
    const caseId = await burst(120)
    const host = world.host()
    host.jobs.openParts = () => {
      throw new Error('The host dies here.')
    }
    const shownAt = world.delivery.now.toISOString()
    await world.decide(caseId, { kind: 'reject-all', shownAt }, { host })
    expect(await world.results(caseId)).toBe('0/0/120 open')
    world.delivery.time += 120_000
    await Promise.all([world.later(0), world.later(0), world.later(0)])
    await world.later()
    expect(await world.results(caseId)).toBe('120/120/120')
    expect(new Set(await world.choices(...names(120)))).toEqual(new Set(['reject Ann Approver']))
    expect(await world.host().jobs.due(10)).toEqual([])
  })

  it('of 4,000 requests fits into one transaction, and its rows are read again', async () => {
    const items = Array.from({ length: 4_000 }, (_, index) => ({
      ...{ decisionId: `${String(index).padStart(20, '0')}.999999.999999`, version: 'f'.repeat(64) },
      ...({ outcome: 'reject', result: undefined } as const),
    }))
    const at = world.delivery.now.toISOString()
    const job = {
      ...({ caseId: 'case', caseKind: 'burst', reason: 'x'.repeat(300), at, isOrdered: false } as const),
      person: { objectId: 'o', name: 'n', tenantId: 't', groups: [] },
      ...{ total: 4_000, toApprove: 0, done: 0, recorded: 0, dueAt: at, settledAt: undefined },
    }
    const { jobs } = world.host()
    let claimed = await jobs.add(job, items)
    let seen = 0
    for await (const part of jobs.openParts(claimed.ref)) {
      seen += part.items.length
      // The longest result that a request can have, in the widest characters.
      const result = { kind: 'refused', sentence: '\u{1F512}'.repeat(150) } as const
      const after = part.items.map((item) => ({ ...item, result }))
      const recorded = await jobs.record(claimed, { ...job, done: seen }, { before: part, items: after })
      if (!recorded) throw new Error('Nobody else has the job.')
      claimed = recorded
    }
    expect(seen).toBe(4_000)
    expect((await jobs.ofCase('case', 3, 20))[0]?.notRecorded).toHaveLength(20)
  })
})
