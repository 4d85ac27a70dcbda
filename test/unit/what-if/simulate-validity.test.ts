import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import { RecordedRequests, simulate } from '../../../shared/what-if/simulate.ts'
import { provenFactory, rule, verdictOf } from '../policy/given.ts'
import { entryOf } from './given.ts'

const recordedAt = '2026-11-10T08:00:00.000Z'
const now = new Date('2026-11-21T12:00:00Z')
const between = '2026-11-15T00:00:00.000Z'
const tomorrow = '2026-11-22T00:00:00.000Z'
const nextYear = '2027-06-01T00:00:00.000Z'

const allow = rule()
const deny = rule({ id: 'deny', effect: 'deny', requester: undefined })
const ask = rule({ id: 'ask', effect: 'ask', requester: undefined })

interface Given {
  /** The rules by which the recorded request was decided. */
  readonly then: readonly Rule[]
  readonly tried: readonly Rule[]
  readonly against?: readonly Rule[]
  readonly at?: Date
}

function simulated({ then, tried, against, at }: Given) {
  const verdict = verdictOf(then, provenFactory, new Date(recordedAt))
  const requests = new RecordedRequests()
  requests.add({ ...entryOf(provenFactory, verdict), at: recordedAt })
  const { changes, idleRules } = simulate(requests.all(), tried, { now, at, against })
  const [change] = changes
  return { kind: change?.kind, from: change?.from?.toISOString(), idleRules }
}

describe('a simulation of rules that begin or end', () => {
  it('finds an allow that begins after the recorded request', () => {
    expect(simulated({ then: [], tried: [{ ...allow, validFrom: tomorrow }] })).toEqual({
      kind: 'newly-approved',
      from: tomorrow,
      idleRules: [],
    })
  })

  it('finds an allow that began between the recorded request and now', () => {
    expect(simulated({ then: [], tried: [{ ...allow, validFrom: between }] })).toMatchObject({
      kind: 'newly-approved',
      from: now.toISOString(),
    })
  })

  it('finds an allow that begins long after now and ends', () => {
    const later = { ...allow, validFrom: tomorrow, validUntil: nextYear }
    expect(simulated({ then: [ask], tried: [ask, later] }).kind).toBe('same')
    expect(simulated({ then: [], tried: [later] })).toMatchObject({ kind: 'newly-approved', from: tomorrow })
  })

  it.each([deny, ask])('finds what an allow lets in when the rule above it ends: %s', (above) => {
    const tried = [allow, { ...above, validUntil: nextYear }]
    expect(simulated({ then: tried, tried })).toMatchObject({ kind: 'newly-approved', from: nextYear })
  })

  it('finds what an allow lets in when the deny above it has ended between the request and now', () => {
    const tried = [allow, { ...deny, validUntil: between }]
    expect(simulated({ then: tried, tried })).toMatchObject({
      kind: 'newly-approved',
      from: now.toISOString(),
    })
  })

  it('finds a deny that begins later', () => {
    expect(simulated({ then: [], tried: [{ ...deny, validFrom: tomorrow }] })).toMatchObject({
      kind: 'newly-rejected',
      from: tomorrow,
    })
  })

  it('finds an allow that has ended between the request and now', () => {
    const ended = { ...allow, validUntil: between }
    expect(simulated({ then: [allow], tried: [ended] })).toMatchObject({
      kind: 'no-longer-approved',
      from: now.toISOString(),
    })
  })

  it('says nothing of an allow that ends in the future, as each is meant to', () => {
    expect(simulated({ then: [allow], tried: [{ ...allow, validUntil: nextYear }] })).toEqual({
      kind: 'same',
      from: undefined,
      idleRules: [],
    })
  })

  it('says nothing of a rule that had ended before the request', () => {
    const ended = { ...allow, validUntil: '2026-11-01T00:00:00.000Z' }
    expect(simulated({ then: [], tried: [ended] })).toEqual({
      kind: 'same',
      from: undefined,
      idleRules: ['the-rule'],
    })
  })

  it('compares with other rules at the same moments', () => {
    const later = { ...allow, validFrom: tomorrow }
    expect(simulated({ then: [], tried: [later], against: [later] }).kind).toBe('same')
    expect(simulated({ then: [], tried: [later], against: [] }).kind).toBe('newly-approved')
  })

  it('looks ahead from the given moment, too', () => {
    expect(simulated({ then: [], tried: [{ ...allow, validFrom: tomorrow }], at: now })).toMatchObject({
      kind: 'newly-approved',
      from: tomorrow,
    })
  })

  it('is not led on by a rule that does not match for another reason', () => {
    const other = { ...allow, validFrom: tomorrow, targetTypes: ['Microsoft.Sql/servers'] }
    expect(simulated({ then: [], tried: [other] }).kind).toBe('same')
  })
})
