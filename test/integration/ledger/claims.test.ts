import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Claim } from '../../../shared/domain/claim.ts'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import { Claims } from '../../../shared/ledger/claims.ts'
import { LedgerConflict } from '../../../shared/ports/ledger.ts'
import { review } from '../../../shared/review/review-target.ts'
import type { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { connection, endpoint, FakeReview, id, target } from '../../support/fake-review.ts'
import { newTable } from '../../support/ledger-tables.ts'

const other = id(target.id.replace('stlake', 'stother'))
const first = '2026-11-21T08:00:00.000Z'
let azurite: Azurite
let table: GuardedTable
let claims: Claims

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

beforeEach(async () => {
  table = await newTable(azurite, 'claims')
  claims = new Claims(table)
})

function claimOf({ id: endpointId }: ResourceId, lastSeenAt = first): Claim {
  return {
    endpointId,
    firstSeenAt: first,
    lastSeenAt,
    connections: [],
    approvedAt: undefined,
    refusal: undefined,
    doubt: undefined,
    held: { at: first, knownRules: ['sales v1'] },
    crowdedAt: undefined,
  }
}

const write = (where: ResourceId, name: string, lastSeenAt?: string) =>
  claims.write(where, endpoint(name), undefined, claimOf(endpoint(name), lastSeenAt))

describe('what is remembered of a target', () => {
  it('is nothing in the beginning', async () => {
    expect(await claims.of(target)).toEqual({ claims: [], problem: undefined })
  })

  it('is there for every host as it was written, and none of another target', async () => {
    await write(target, 'a')
    await write(target, 'b')
    await write(other, 'c')
    const found = await new Claims(table).of(id(target.id.toUpperCase()))
    expect(
      found.claims
        .map(({ claim }) => claim)
        .sort((a, b) => ((a.endpointId ?? '') < (b.endpointId ?? '') ? -1 : 1)),
    ).toEqual([claimOf(endpoint('a')), claimOf(endpoint('b'))])
  })

  it('is forgotten by one who read it as it is, and by no other', async () => {
    const stored = await write(target, 'a')
    const changed = await claims.write(
      target,
      endpoint('a'),
      stored,
      claimOf(endpoint('a'), '2026-11-22T08:00:00.000Z'),
    )
    await expect(claims.forget(target, endpoint('a'), stored)).rejects.toThrow(LedgerConflict)
    await claims.forget(target, endpoint('a'), changed)
    expect(await claims.of(target)).toEqual({ claims: [], problem: undefined })
  })

  it('is not overwritten by one who did not read it', async () => {
    const stored = await write(target, 'a')
    const later = await claims.write(
      target,
      endpoint('a'),
      stored,
      claimOf(endpoint('a'), '2026-11-22T08:00:00.000Z'),
    )
    await expect(write(target, 'a')).rejects.toThrow(LedgerConflict)
    await expect(claims.write(target, endpoint('a'), stored, claimOf(endpoint('a')))).rejects.toThrow(
      LedgerConflict,
    )
    expect((await claims.of(target)).claims).toEqual([later])
  })

  it('names a row that was changed by hand, and gives the others', async () => {
    await write(target, 'a')
    await write(target, 'b')
    const [row] = await Array.fromAsync(table.query(''))
    await table.putDerived({
      partitionKey: String(row?.columns['partitionKey']),
      rowKey: String(row?.columns['rowKey']),
      columns: { schemaVersion: 1, claim: '{}' },
    })
    const { claims: rest, problem } = await claims.of(target)
    expect(rest).toHaveLength(1)
    expect(problem).toMatch(
      /^Row ".*" of partition ".*" in table "claims\d+" cannot be used: field "claim.firstSeenAt"/,
    )
  })

  it('is forgotten by the time it was last seen', async () => {
    await write(target, 'a')
    await write(target, 'b', '2026-11-22T08:00:00.000Z')
    expect(await claims.forgetBefore(new Date(first))).toBe(0)
    expect(await claims.forgetBefore(new Date('2026-11-22T08:00:00.000Z'))).toBe(1)
    expect((await claims.of(target)).claims.map(({ claim }) => claim.endpointId)).toEqual([endpoint('b').id])
  })

  it('keeps two reviews from approving what both of two endpoints claim, one after the other', async () => {
    const world = new FakeReview()
    const { rules } = world
    const pass = () => review({ ...world.ports, claims }, world.message())
    world.rules = { complete: false, problem: 'Row x has no target.' }
    world.live = [connection('mpe')]
    await pass()
    world.rules = rules
    world.live = [
      connection('other', { endpoint: id(endpoint('adf-sales.mpe').id.replace('-1-rg', '-2-rg')) }),
    ]
    await pass()
    expect(world.writes).toEqual([])
    expect(world.log.at(-1)?.reason.code).toBe('competing-claim-before')
  })
})
