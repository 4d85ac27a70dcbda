import { describe, expect, it } from 'vitest'
import { caseFormIn, caseNotTaken } from '../../../shared/pages/case-form.ts'

const version = (digit: string) => digit.repeat(64)
const form = (...fields: readonly (readonly [string, string])[]) =>
  new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]))
const versions = [
  ['version.a.1.1', version('a')],
  ['version.b.1.1', version('b')],
] as const
const read = (...fields: readonly (readonly [string, string])[]) => caseFormIn('case', form(...fields))

describe('the form of a case', () => {
  it('decides what was chosen, each as it was shown', () => {
    expect(read(...versions, ['request', 'b.1.1'], ['do', 'approve'], ['reason', ' Known.\r\n '])).toEqual({
      kind: 'decide',
      decision: {
        caseId: 'case',
        reason: 'Known.',
        scope: {
          kind: 'some',
          items: [{ decisionId: 'b.1.1', version: version('b'), outcome: 'approve' }],
        },
      },
    })
  })

  it('takes what is chosen twice once', () => {
    const twice = read(...versions, ['request', 'a.1.1'], ['request', 'a.1.1'], ['do', 'reject'])
    expect(twice).toMatchObject({ decision: { scope: { items: [{ decisionId: 'a.1.1' }] } } })
    expect(twice).not.toMatchObject({ decision: { scope: { items: [{}, {}] } } })
  })

  it('rejects all by the time at which the page was shown, whatever is chosen', () => {
    const shownAt = '2026-12-01T08:00:00.000Z'
    expect(read(...versions, ['request', 'a.1.1'], ['shownAt', shownAt], ['do', 'reject-all'])).toMatchObject(
      {
        decision: { scope: { kind: 'reject-all', shownAt } },
      },
    )
  })

  it('decides nothing where all are to be approved: that is asked once more', () => {
    expect(read(...versions, ['do', 'approve-all'])).toMatchObject({ kind: 'confirm' })
  })

  it.each([
    ['a.1.1', ['approve', 'reject']],
    ['none', ['reject', 'reject']],
  ])('which: %s', (which, outcomes) => {
    const items = outcomes.map((outcome) => ({ outcome }))
    expect(read(...versions, ['which', which], ['do', 'which'])).toMatchObject({
      decision: { scope: { kind: 'which', items } },
    })
  })

  it('which: nothing is chosen', () => {
    expect(read(...versions, ['do', 'which'])).toEqual({ kind: 'nothing-chosen' })
  })

  const odd: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
    'without a button': versions,
    'with a button that there is not': [...versions, ['do', 'approve-everything']],
    'with a request of which no version was shown': [...versions, ['request', 'c.1.1'], ['do', 'approve']],
    'with a version that is none': [
      ['version.a', 'x'],
      ['request', 'a'],
      ['do', 'approve'],
    ],
    'with two versions of one request': [versions[0], ['version.a.1.1', version('c')], ['do', 'approve']],
    'with an id that is none': [
      ["version.' or 1 eq 1", version('a')],
      ['do', 'approve-all'],
    ],
    'with a choice that was not shown': [...versions, ['which', 'c.1.1'], ['do', 'which']],
    'without the time of the page': [...versions, ['do', 'reject-all']],
    'with a time that is none': [...versions, ['shownAt', '2026'], ['do', 'reject-all']],
    'with more requests than a page shows': Array.from(
      { length: 51 },
      (_, index) => [`version.r.1.${index}`, version('a')] as const,
    ),
    'with 10,000 requests': [
      ...versions,
      ...Array.from({ length: 10_000 }, (_, index) => ['request', `r.1.${index}`] as const),
      ['do', 'reject'],
    ],
  }
  it.each(Object.entries(odd))('%s is none of the app', (_, fields) => {
    expect(() => read(...fields)).toThrow('form-incomplete')
  })
})

describe('why nothing was decided', () => {
  it.each([
    ['nothing-chosen', 422],
    ['reason-missing', 422],
    ['reason-too-long', 422],
    ['not-of-case', 409],
    ['changed', 409],
  ] as const)('%s', (kind, status) => {
    const { problem, status: actual } = caseNotTaken({ kind })
    expect([problem?.title, actual]).toEqual([expect.stringMatching(/^Nothing was decided: /), status])
  })

  it('is that others decide it: as for one request', () => {
    const obstacle = { code: 'not-an-approver', sentence: 'The rule names other approvers.' } as const
    expect(caseNotTaken({ kind: 'refused', obstacle })).toMatchObject({
      status: 403,
      problem: { sentence: obstacle.sentence },
    })
  })
})
