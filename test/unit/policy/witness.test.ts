import { describe, expect, it } from 'vitest'
import type { Refusal } from '../../../shared/domain/proof.ts'
import { type RefusalCode, refusalCodes } from '../../../shared/domain/refusal-codes.ts'
import { facts, foreignEndpointId, foreignSubscription, platform, rule, verdictOf } from './given.ts'

const takesPlatform = rule({
  requester: { kind: 'scope', pattern: `/subscriptions/${foreignSubscription}` },
  proof: 'platform',
})
const codes = Object.entries(refusalCodes).map(
  ([code, { witness }]) => [code as RefusalCode, witness] as const,
)

function refused(...found: readonly RefusalCode[]) {
  const refusals: readonly Refusal[] = found.map((code) => ({ code, sentence: `Found ${code}.` }))
  return facts({ ...platform('foreign'), refusals }, { endpoint: foreignEndpointId })
}

function proofOf(...found: readonly RefusalCode[]) {
  const verdict = verdictOf([takesPlatform], refused(...found))
  const proof = verdict.explanation[0]?.conditions.find(({ name }) => name === 'proof')
  return { outcome: verdict.outcome, reason: verdict.reason.code, match: proof?.match, actual: proof?.actual }
}

describe('an allow with proof platform', () => {
  it.each(codes.filter(([, witness]) => witness === 'unreadable'))(
    'approves where the app may not read the witness: %s',
    (code) => {
      expect(proofOf(code)).toMatchObject({ outcome: 'approve', match: 'yes' })
    },
  )

  it.each(codes.filter(([, witness]) => witness === 'contradicts'))(
    'does not approve what a witness contradicts: %s',
    (code) => {
      expect(proofOf(code)).toEqual({
        outcome: 'escalate',
        reason: 'unproven-requester',
        match: 'no',
        actual: 'contradicted by a second witness',
      })
    },
  )

  it.each(codes.filter(([, witness]) => witness === 'not-heard'))(
    'waits for a witness that was not heard: %s',
    (code) => {
      expect(proofOf(code)).toEqual({
        outcome: 'escalate',
        reason: 'unproven-requester',
        match: 'unknown',
        actual: 'unknown, because no second witness was heard',
      })
    },
  )

  it('takes one contradiction for stronger than any number of witnesses that were not heard', () => {
    expect(proofOf('endpoint-not-readable', 'could-not-ask', 'endpoint-points-elsewhere').match).toBe('no')
  })

  it('takes a witness that was not heard for stronger than one that cannot be read', () => {
    expect(proofOf('endpoint-not-readable', 'could-not-ask').match).toBe('unknown')
  })

  it.each([
    'endpoint-points-elsewhere',
    'endpoint-not-pending',
    'endpoint-not-found',
    'group-ids-differ',
    'tenant-not-managed',
    'endpoint-id-differs',
    'competing-claim',
  ] as const)('counts as contradicted: %s', (code) => {
    expect(refusalCodes[code].witness).toBe('contradicts')
  })

  it('has one code only with which it approves', () => {
    const approving = codes.filter(([code]) => proofOf(code).outcome === 'approve').map(([code]) => code)
    expect(approving).toEqual(['endpoint-not-readable'])
  })
})
