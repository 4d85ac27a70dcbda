import { describe, expect, it } from 'vitest'
import type { Claim } from '../../../shared/domain/claim.ts'
import { barrierOf, type Remembered } from '../../../shared/request/claim-barrier.ts'
import { ago, byNewRule, endpoint, lake, now, rule, verdict } from './given.ts'

const approve = verdict('approve')
const known = ['sales v1']

function claim(name: string, change: Partial<Claim> = {}): Claim {
  return {
    endpointId: endpoint(name).id,
    firstSeenAt: ago(60),
    lastSeenAt: ago(60),
    connections: [],
    approvedAt: undefined,
    refusal: undefined,
    doubt: undefined,
    held: undefined,
    crowdedAt: undefined,
    ...change,
  }
}

const no = (at: string, knownRules: readonly string[] | 'too-many' = known) =>
  ({ at, fate: 'rejected-by-person', knownRules }) as const
const other = claim('b')
const barrier = (remembered: Partial<Remembered>, said = approve) =>
  barrierOf(
    endpoint('a'),
    { own: claim('a'), competing: [], refused: [], isCrowded: false, ...remembered },
    said,
    now,
  )
const codeOf = (remembered: Partial<Remembered>, said = approve) => barrier(remembered, said)?.reason.code

describe('a competing claim', () => {
  const held = (at: string, rules: readonly string[] | 'too-many' = known) =>
    claim('a', { held: { at, knownRules: rules } })

  it.each<[string, Partial<Remembered>, typeof approve, boolean]>([
    ['there is none', {}, approve, false],
    ['there is one', { competing: [other] }, approve, true],
    [
      'the endpoint itself is not remembered',
      { own: undefined, competing: [other] },
      byNewRule.verdict,
      true,
    ],
    [
      'the rule is new, and nobody was notified of this endpoint yet',
      { competing: [other] },
      byNewRule.verdict,
      true,
    ],
    [
      'the rule is new since people were notified',
      { own: held(ago(60)), competing: [other] },
      byNewRule.verdict,
      false,
    ],
    ['a third endpoint came after that', { own: held(ago(61)), competing: [other] }, byNewRule.verdict, true],
    [
      'the rule was known when people were notified',
      { own: held(ago(1)), competing: [other] },
      approve,
      true,
    ],
    [
      'too many rules were known',
      { own: held(ago(1), 'too-many'), competing: [other] },
      byNewRule.verdict,
      true,
    ],
    [
      'a person approved this endpoint after it',
      { own: claim('a', { approvedAt: ago(59) }), competing: [other] },
      approve,
      false,
    ],
    [
      'a person approved this endpoint when it was first seen',
      { own: claim('a', { approvedAt: ago(60) }), competing: [other] },
      approve,
      true,
    ],
    [
      'the newest of two came after the approval',
      { own: claim('a', { approvedAt: ago(59) }), competing: [other, claim('c', { firstSeenAt: ago(5) })] },
      approve,
      true,
    ],
    [
      'the proof found one',
      { own: claim('a', { doubt: { at: ago(9), sentence: 'c2 hides.' } }) },
      approve,
      true,
    ],
    [
      'the proof found one ninety days ago',
      { own: claim('a', { doubt: { at: ago(90 * 24 * 3600), sentence: 'c2 hides.' } }) },
      approve,
      false,
    ],
  ])('keeps a rule from approving: %s', (_, remembered, said, isKept) => {
    expect(codeOf(remembered, said)).toBe(isKept ? 'competing-claim-before' : undefined)
  })

  it('is noted with the rules that are known when it first keeps one from approving, and again after a new one', () => {
    const said = verdict('approve', { rulesOver: [rule(1), rule(4, { ruleId: 'other' })] })
    const noted = claim('a', { held: { at: now.toISOString(), knownRules: ['sales v1', 'other v4'] } })
    expect(barrier({ competing: [other] }, said)?.changed).toEqual([noted])
    expect(barrier({ own: held(ago(60)), competing: [other] }, said)?.changed).toEqual([])
    expect(barrier({ own: held(ago(61)), competing: [other] }, said)?.changed).toEqual([noted])
    expect(barrier({ own: undefined, competing: [other] }, said)?.changed).toEqual([])
  })

  it('is named with the newest two of many, and what became of them', () => {
    const many = [4, 3, 2, 1].map((age) =>
      claim(`b${age}`, {
        firstSeenAt: ago(age),
        connections: [
          {
            ...{ connectionId: endpoint('c').id, status: 'Approved', description: '' },
            ...{ fate: 'approved-by-app', since: ago(age) },
          },
        ],
      }),
    )
    expect(barrier({ competing: many })?.reason.sentence).toBe(
      `Another endpoint claimed the same name: ${endpoint('b1').id}, first seen at ${ago(1)} (this app approved it); ${endpoint('b2').id}, first seen at ${ago(2)} (this app approved it); and 2 more. A person decides on ${endpoint('a').id} in Azure; a new rule, or a new version of a rule, releases it.`,
    )
  })

  it('says that no rule releases an endpoint that is not remembered itself', () => {
    expect(barrier({ own: undefined, competing: [other] })?.reason.sentence).toMatch(
      /in Azure; no rule decides before what is remembered is 90 days old\.$/,
    )
  })

  it('may be that of a connection that hides its endpoint, which is named by its own id', () => {
    const connectionId = lake().id.id
    const connections = [
      { connectionId, status: 'Pending', description: '', fate: 'waiting', since: ago(5) },
    ] as const
    const hidden = claim('b', { endpointId: undefined, firstSeenAt: ago(5), connections })
    expect(barrier({ competing: [hidden] })?.reason).toEqual({
      code: 'competing-claim-before',
      sentence: `Another connection hid its endpoint, which may have claimed the same name: ${connectionId}, first seen at ${ago(5)} (it waited). A person decides on ${endpoint('a').id} in Azure; a new rule, or a new version of a rule, releases it.`,
    })
    expect(codeOf({ own: held(ago(5)), competing: [hidden] }, byNewRule.verdict)).toBeUndefined()
    expect(codeOf({ own: held(ago(6)), competing: [hidden] }, byNewRule.verdict)).toBeDefined()
  })

  it('that is one of more than are remembered is released by nobody', () => {
    const own = claim('a', { held: { at: ago(1), knownRules: known }, approvedAt: ago(1) })
    expect(barrier({ own, isCrowded: true }, byNewRule.verdict)?.reason).toEqual({
      code: 'competing-claim-before',
      sentence: `More claims were seen on this target than are remembered. A person decides on ${endpoint('a').id} in Azure; no rule decides before what is remembered is 90 days old.`,
    })
  })
})

describe('a person’s “no”', () => {
  const refusedOwn = (approvedAt?: string) => claim('a', { refusal: no(ago(60)), approvedAt })
  const refusedOther = claim('b', { refusal: no(ago(60)) })

  it.each<[string, Partial<Remembered>, typeof approve, boolean]>([
    ['to this endpoint', { own: refusedOwn(), refused: [refusedOwn()] }, approve, true],
    ['to another endpoint of the name', { refused: [refusedOther] }, approve, true],
    ['to one that is not remembered itself', { own: undefined, refused: [refusedOther] }, approve, true],
    ['before a new rule', { refused: [refusedOther] }, byNewRule.verdict, false],
    [
      'while the allow-list could not be used',
      { refused: [claim('b', { refusal: { ...no(ago(60)), knownRules: undefined } })] },
      byNewRule.verdict,
      true,
    ],
    [
      'while too many rules were known',
      { refused: [claim('b', { refusal: no(ago(60), 'too-many') })] },
      byNewRule.verdict,
      true,
    ],
    [
      'before a person approved this endpoint',
      { own: refusedOwn(ago(59)), refused: [refusedOwn(ago(59))] },
      approve,
      false,
    ],
    [
      'at the time at which a person approved this endpoint',
      { own: refusedOwn(ago(60)), refused: [refusedOwn(ago(60))] },
      approve,
      true,
    ],
    [
      'after a person approved this endpoint',
      { own: refusedOwn(ago(61)), refused: [refusedOwn(ago(61))] },
      approve,
      true,
    ],
    [
      'to the other one, when a person approved this endpoint',
      { own: claim('a', { approvedAt: ago(60) }), refused: [refusedOther] },
      approve,
      false,
    ],
  ])('keeps a rule from approving: %s', (_, remembered, said, isKept) => {
    expect(codeOf(remembered, said)).toBe(isKept ? 'rejected-before' : undefined)
  })

  it('that came while the allow-list could not be used is noted with the rules that are known now', () => {
    const unknown = claim('b', { refusal: { ...no(ago(60)), knownRules: undefined } })
    expect(barrier({ refused: [unknown] })?.changed).toEqual([claim('b', { refusal: no(ago(60)) })])
    expect(barrier({ refused: [refusedOther] })?.changed).toEqual([])
  })

  it('beside a competing claim is noted together with it, so that one new version releases both', () => {
    const own = claim('a', { refusal: { ...no(ago(60)), knownRules: undefined } })
    const found = barrier({ own, refused: [own], competing: [other] })
    expect(found?.reason.code).toBe('rejected-before')
    expect(found?.changed).toEqual([
      claim('a', { refusal: no(ago(60)), held: { at: now.toISOString(), knownRules: known } }),
    ])
    const [after] = found?.changed ?? []
    if (!after) throw new Error('Nothing was noted.')
    expect(barrier({ own: after, refused: [after], competing: [other] }, byNewRule.verdict)).toBeUndefined()
  })
})
