import type { Connection } from './connection.ts'
import type { Proof } from './proof.ts'
import type { AtExpiry, Effect, RuleMode, Tag } from './rule.ts'

export type Outcome = 'approve' | 'escalate' | 'reject'

/** Three values: an unknown fact is neither a match nor a mismatch. */
export type Match = 'yes' | 'no' | 'unknown'

/** The input of the policy. Freshly read; nothing in it comes from an event. */
export interface Facts {
  readonly connection: Connection
  readonly proof: Proof
  readonly context: Context
}

/** Facts around a connection. Only those that a rule needs are read; undefined: unknown. */
export interface Context {
  readonly targetTags: readonly Tag[] | undefined
  /** Of the target's subscription. */
  readonly targetGroups: ManagementGroups | undefined
  /** Of the endpoint's subscription. */
  readonly endpointGroups: ManagementGroups | undefined
  /** Of the subscription of a confirmed requester, if it has one. */
  readonly requesterGroups: ManagementGroups | undefined
  /** Connections of the target that are Approved, may be by now, or may become so without another decision. */
  readonly approved: readonly ApprovedConnection[] | undefined
}

/** What is counted of a connection that counts as Approved. */
export type ApprovedConnection = Pick<Connection, 'id' | 'endpoint'>

export const nothingKnown: Context = {
  targetTags: undefined,
  targetGroups: undefined,
  endpointGroups: undefined,
  requesterGroups: undefined,
  approved: undefined,
}

/** The management groups that a subscription lies under. */
export interface ManagementGroups {
  /** ASCII lower case. */
  readonly names: readonly string[]
  /** False when there may be others that may not be read. */
  readonly isWhole: boolean
}

/** Terms that the deciding rule sets for the decision. */
export interface Terms {
  /** See `RuleContent`. */
  readonly approvalEndsAfter: string | undefined
  readonly approvers: readonly string[]
  readonly requiredApprovals: number
  readonly reasonRequired: boolean
  readonly expiresAfter: string | undefined
  readonly atExpiry: AtExpiry
}

/** The conditions that a rule can have, and what each is called: as a label, and in a sentence before its value. */
export const conditions = {
  target: { label: 'target', inSentence: 'the target' },
  targetTypes: { label: 'target type', inSentence: 'the target type' },
  targetTags: { label: 'tags', inSentence: 'the tags' },
  groupIds: { label: 'groups', inSentence: 'the group ids' },
  requester: { label: 'requester', inSentence: 'the requester' },
  endpointName: { label: 'endpoint name', inSentence: 'the endpoint name' },
  proof: { label: 'proof', inSentence: 'proof' },
  letters: { label: 'letters', inSentence: undefined },
  maxConnections: { label: 'number of connections', inSentence: undefined },
  valid: { label: 'time', inSentence: 'the time' },
} as const

export type ConditionName = keyof typeof conditions

/** One condition of one rule against the facts. */
export interface Condition {
  readonly name: ConditionName
  readonly match: Match
  readonly expected: string
  readonly actual: string
}

export interface RuleExplanation {
  readonly ruleId: string
  readonly ruleVersion: number
  readonly effect: Effect
  readonly mode: RuleMode
  readonly match: Match
  readonly conditions: readonly Condition[]
}

/** A rule of the allow-list at some time. */
export type VersionOfRule = Pick<RuleExplanation, 'ruleId' | 'ruleVersion'>

/** Stable codes: they appear in the log, in messages and in the API. */
export type ReasonCode =
  | 'allowed-by-rule'
  | 'denied-by-rule'
  | 'asked-by-rule'
  | 'may-be-denied'
  | 'may-be-asked'
  | 'no-rule-matched'
  | 'unproven-requester'
  | 'rules-unreadable'
  | 'refused-by-azure'
  | 'final-state'
  | 'endpoint-changed'
  | 'shown-late'
  | 'changed-outside'
  | 'azure-fails'
  | 'unknown-status'
  | 'no-approving-operation'
  | 'type-not-in-table'
  | 'target-unreadable'
  | 'burst-limit'
  | 'competing-claim-before'
  | 'rejected-before'
  | 'claims-unreadable'
  | 'decided-by-person'
  | 'choice-outdated'
  | 'requested-by-approver'

export interface Reason {
  readonly code: ReasonCode
  /** One sentence for display. */
  readonly sentence: string
}

/** The decision of the policy, and why. */
export interface Verdict {
  readonly outcome: Outcome
  readonly reason: Reason
  /** The rule that decided; undefined when none did. */
  readonly decidedBy: RuleExplanation | undefined
  /** Of the rule that decided. */
  readonly terms: Terms | undefined
  /** Every rule that was evaluated, deciding rules first. */
  readonly explanation: readonly RuleExplanation[]
  /** Every rule of the list that may apply to the target at another time: whichever management groups it lies under. */
  readonly rulesOver: readonly VersionOfRule[]
  /** The `allow` or `ask` rule that came nearest to matching. */
  readonly nearest: RuleExplanation | undefined
  /** Audit rules that matched: what they would have done. */
  readonly audited: readonly RuleExplanation[]
  /** Hash of the rule set that was used; undefined when it could not be read. */
  readonly ruleSetHash: string | undefined
}
