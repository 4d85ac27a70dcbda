import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Claim, fates } from '../../../shared/domain/claim.ts'
import { claimOf, claimRow } from '../../../shared/ledger/claim-row.ts'
import { keyOf } from '../../../shared/ledger/keys.ts'
import { claimAfter } from '../../../shared/request/claim-seen.ts'
import { UnreadableRow } from '../../../shared/ledger/unreadable-row.ts'
import { checkedEntity } from '../../../shared/storage/sizes.ts'
import { connection, endpoint, id, target } from '../../support/request-parts.ts'

const time = fc
  .date({ min: new Date('2020-01-01'), max: new Date('2090-01-01'), noInvalidDate: true })
  .map((date) => date.toISOString())
const text = fc.string({ unit: 'binary' })
const knownRules = fc.oneof(fc.array(text), fc.constant('too-many' as const))
const optional = <T>(inner: fc.Arbitrary<T>) => fc.option(inner, { nil: undefined })

const claim: fc.Arbitrary<Claim> = fc.record({
  endpointId: fc.constant<string | undefined>(endpoint('a').id),
  firstSeenAt: time,
  lastSeenAt: time,
  connections: fc.array(
    fc.record({
      connectionId: fc.constant(connection('c').id.id),
      status: text,
      description: text,
      fate: fc.constantFrom(...fates),
      since: time,
    }),
  ),
  approvedAt: optional(time),
  refusal: optional(
    fc.record({
      at: time,
      fate: fc.constantFrom('rejected-by-person' as const, 'taken-back' as const),
      knownRules: optional(knownRules),
    }),
  ),
  doubt: optional(fc.record({ at: time, sentence: text })),
  held: optional(fc.record({ at: time, knownRules })),
  crowdedAt: optional(time),
})

const plain: Claim = {
  endpointId: endpoint('a').id,
  firstSeenAt: '2026-11-21T08:00:00.000Z',
  lastSeenAt: '2026-11-21T09:00:00.000Z',
  connections: [
    {
      ...{ connectionId: connection('c').id.id, status: 'Pending', description: '', fate: 'waiting' },
      since: '2026-11-21T08:00:00.000Z',
    },
  ],
  approvedAt: undefined,
  refusal: undefined,
  doubt: undefined,
  held: undefined,
  crowdedAt: undefined,
}

function stored(columns: Readonly<Record<string, unknown>>) {
  const { partitionKey, rowKey, columns: usual } = claimRow(target, endpoint('a'), plain)
  return { columns: { partitionKey, rowKey, ...usual, ...columns }, etag: 'e' }
}

describe('what is remembered of an endpoint', () => {
  it('is read as it was written', () => {
    fc.assert(
      fc.property(claim, (remembered) => {
        const { columns } = claimRow(target, endpoint('a'), remembered)
        expect(claimOf('claims', stored(columns))).toEqual(remembered)
      }),
    )
  })

  it('lies under its target, however the ids are spelled', () => {
    const row = claimRow(target, endpoint('a'), plain)
    const upper = claimRow(id(target.id.toUpperCase()), id(endpoint('a').id.toUpperCase()), plain)
    expect([upper.partitionKey, upper.rowKey]).toEqual([row.partitionKey, row.rowKey])
    expect([row.partitionKey, row.rowKey]).toEqual([keyOf(target), keyOf(endpoint('a'))])
    expect(row.columns).toMatchObject({ schemaVersion: 1, targetId: target.id, lastSeenAt: plain.lastSeenAt })
  })

  it.each([
    ['of another version', { schemaVersion: 2 }, /"schemaVersion" is 2, expected 1/],
    ['that is no JSON', { claim: 'x' }, /"claim" is "x", expected JSON/],
    ['with an endpoint that is none', changed({ endpointId: 'x' }), /"claim.endpointId" is "x"/],
    [
      'of nobody',
      changed({ endpointId: undefined, connections: [] }),
      /"claim" is .*, expected an endpoint, or one connection that hides it/,
    ],
    [
      'with a time that sorts otherwise',
      changed({ lastSeenAt: '2026-11-21T09:00:00Z' }),
      /"claim.lastSeenAt"/,
    ],
    ['with a field that is not known', changed({ more: 1 }), /"claim.more" is not known here/],
    [
      'with a fate that is not known',
      changed({ connections: [{ ...plain.connections[0], fate: 'lost' }] }),
      /"claim.connections.0.fate" is "lost"/,
    ],
  ])('is not guessed from a row %s', (_, columns, problem) => {
    expect(() => claimOf('claims', stored(columns))).toThrow(UnreadableRow)
    expect(() => claimOf('claims', stored(columns))).toThrow(problem)
    expect(() => claimOf('claims', stored(columns))).toThrow(
      /Delete the row: the endpoint is then remembered anew/,
    )
  })

  it('fits into its row at its longest', () => {
    const maxId = 'ä'.repeat(1024)
    const rules = ['x'.repeat(5_990)]
    const at = plain.firstSeenAt
    const news = Array.from({ length: 40 }, (_, index) => ({
      connection: connection('c', {
        id: { ...connection('c').id, id: `${index}`.padEnd(1024, 'ä') },
        status: 's'.repeat(50),
        description: '"'.repeat(140),
      }),
      fate: 'rejected-by-person' as const,
    }))
    const sight = { endpoint: endpoint('a'), listed: [], news, earlierNo: undefined, knownRules: undefined }
    const { connections } = claimAfter(undefined, sight, new Date(at))
    const maxClaim: Claim = {
      ...plain,
      endpointId: maxId,
      crowdedAt: at,
      approvedAt: at,
      connections,
      refusal: { at, fate: 'taken-back', knownRules: rules },
      doubt: { at, sentence: '"'.repeat(400) },
      held: { at, knownRules: rules },
    }
    expect(() => checkedEntity(claimRow(target, endpoint('a'), maxClaim))).not.toThrow()
  })
})

function changed(change: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { claim: JSON.stringify({ ...plain, ...change }) }
}
