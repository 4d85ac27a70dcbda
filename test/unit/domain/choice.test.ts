import { describe, expect, it } from 'vitest'
import { type Choice, chosenOutcome, spokenChoices, withChoice } from '../../../shared/domain/choice.ts'

function choice(objectId: string, change: Partial<Choice> = {}): Choice {
  return {
    ...({ outcome: 'approve', person: { objectId, name: objectId }, reason: undefined } as const),
    ...{ at: '2026-11-21T08:00:00.000Z', through: undefined, required: 2 },
    shown: { proof: 'confirmed', refusals: [], requesterId: undefined, code: 'no-rule-matched' },
    ...change,
  }
}
const rejection = { outcome: 'reject' } as const

describe('what people chose', () => {
  it.each<[string, readonly Choice[], Choice['outcome'] | undefined]>([
    ['nothing', [], undefined],
    ['one of two', [choice('ann')], undefined],
    ['two of two', [choice('ann'), choice('ben')], 'approve'],
    ['one person twice', [choice('ann'), choice('ann')], undefined],
    ['one person twice, in capitals', [choice('ann'), choice('ANN')], undefined],
    [
      'two, where three were required at some time',
      [choice('ann', { required: 3 }), choice('ben')],
      undefined,
    ],
    ['a rejection', [choice('ann', rejection)], 'reject'],
    ['a rejection beside an approval', [choice('ann'), choice('ben', rejection)], 'reject'],
    ['an approval that follows a rejection', [choice('ann', rejection), choice('ben')], 'reject'],
  ])('%s', (_, choices, outcome) => {
    expect(chosenOutcome(choices)).toBe(outcome)
  })

  it('one more approval counts beside those of others, and in place of the own one', () => {
    const again = choice('ANN', { reason: 'Again.' })
    expect(withChoice([choice('ann'), choice('ben')], again)).toEqual([choice('ben'), again])
  })

  it('a rejection stands alone', () => {
    const no = choice('ben', rejection)
    expect(withChoice([choice('ann')], no)).toEqual([no])
  })

  it('is spoken with reasons, in visible letters', () => {
    expect(spokenChoices([choice('ann', { reason: 'Known.' }), choice('ben')])).toBe(
      'Approved by ann (“Known.”) and ben.',
    )
    expect(spokenChoices([choice('ann', rejection)])).toBe('Rejected by ann.')
  })
})
