import { describe, expect, it } from 'vitest'
import { writeOf } from '../../../shared/request/write.ts'
import { applied, applying, decisionId, open } from './given.ts'

describe('what is sent to Azure', () => {
  it('names the decision and the rule', () => {
    expect(writeOf(applying())).toEqual({
      status: 'Approved',
      description: `Approved by private-endpoint-approver, decision ${decisionId}, rule sales v1`,
    })
  })

  it('names no rule where none decided', () => {
    expect(writeOf(applying({ outcome: 'reject', rule: undefined }))).toEqual({
      status: 'Rejected',
      description: `Rejected by private-endpoint-approver, decision ${decisionId}`,
    })
  })

  it('is at most 140 characters long, and names the decision whole', () => {
    const { description } = writeOf(applying({ rule: `${'r'.repeat(100)} v1` }))
    expect(description).toHaveLength(140)
    expect(description).toContain(decisionId)
  })

  it.each([undefined, open(), applied()])('is nothing without an intent: %#', (request) => {
    expect(() => writeOf(request)).toThrow('A decision is applied only after its intent is recorded.')
  })
})
