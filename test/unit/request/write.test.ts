import { describe, expect, it } from 'vitest'
import { maxDescriptionLength } from '../../../shared/request/identity.ts'
import { writeOf } from '../../../shared/request/write.ts'
import { applied, applying, decisionId, open } from './given.ts'

describe('what is sent to Azure', () => {
  it.each([
    ['sales v1', 'approve', 'Approved'],
    [undefined, 'reject', 'Rejected'],
  ] as const)(
    'names the decision, and never the rule %s: the requester reads it',
    (rule, outcome, status) => {
      expect(writeOf(applying({ rule, outcome }))).toEqual({
        status,
        description: `${status} by private-endpoint-approver, decision ${decisionId}`,
      })
    },
  )

  it('is not longer than what Azure keeps, with the longest id of a decision', () => {
    const withMaxLength = `${'f'.repeat(20)}.999999999.999999`
    const { description } = writeOf({ ...applying(), decisionId: withMaxLength })
    expect(description.length).toBeLessThanOrEqual(maxDescriptionLength)
    expect(description).toContain(withMaxLength)
  })

  it.each([undefined, open(), applied()])('is nothing without an intent: %#', (request) => {
    expect(() => writeOf(request)).toThrow('A decision is applied only after its intent is recorded.')
  })
})
