/** Why no rule is made, or none is written. Codes are stable: they appear in pages and in the API. */
export const rememberCodes = [
  'whole-target',
  'nothing-evaluated',
  'not-writable',
  'changed-meanwhile',
  'endpoint-not-shown',
  'competing-claim',
  'contradicted',
  'requester-not-proven',
  'group-ids-unknown',
  'decision-id-unreadable',
  'days-out-of-range',
  'reason-unusable',
  'ticket-unusable',
  'owner-unusable',
  'cannot-be-written',
  'not-exact',
  'not-rule-admin',
  'more-approvals-required',
  'approval-not-verified',
  'approval-in-vain',
  'changed-since-shown',
  'list-unavailable',
  'list-full',
  'id-taken',
  'removed-since',
  'already-allowed',
  'overruled',
  'list-busy',
] as const

export type RememberCode = (typeof rememberCodes)[number]

export interface RememberRefusal {
  readonly code: RememberCode
  /** One sentence or two, for display. Text from outside in it is visible and cut. */
  readonly sentence: string
}

export function refusal(code: RememberCode, sentence: string): RememberRefusal {
  return { code, sentence }
}
