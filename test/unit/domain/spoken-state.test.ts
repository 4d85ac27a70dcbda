import { expect, it } from 'vitest'
import { spokenState } from '../../../shared/domain/spoken-state.ts'

it.each([
  ['open', 'escalate', 'waiting for manual review'],
  ['applying', 'approve', 'being approved'],
  ['applying', 'reject', 'being rejected'],
  ['applied', 'approve', 'approved'],
  ['applied', 'reject', 'rejected'],
  ['decided-elsewhere', 'escalate', 'decided elsewhere'],
  ['withdrawn', 'approve', 'withdrawn'],
] as const)('%s by %s is %s to people', (state, outcome, word) => {
  expect(spokenState(state, outcome)).toBe(word)
})
