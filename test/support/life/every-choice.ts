import type { Choice, Shown } from '../../../shared/domain/choice.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import type { Request } from '../../../shared/domain/request.ts'
import type { Terms } from '../../../shared/domain/verdict.ts'
import type { LifeEvent } from '../../../shared/request/step.ts'
import { factory } from '../request-parts.ts'
import { ago, ahead, now, week } from './times.ts'

/** An approver of rules, and one who made the endpoint. */
export const team = 'team'
export const maker = 'MAKER'

const shownConfirmed: Shown = {
  ...{ proof: 'confirmed', refusals: [], requesterId: factory.id, code: 'no-rule-matched' },
}
const shownUnproven: Shown = {
  ...{ proof: 'platform', refusals: ['could-not-ask'], requesterId: undefined, code: 'unproven-requester' },
}

function choice(objectId: string, change: Partial<Choice> = {}): Choice {
  return {
    ...({ outcome: 'approve', person: { objectId, name: objectId }, reason: undefined } as const),
    ...{ at: ago(60), through: undefined, required: 1, shown: shownConfirmed },
    ...change,
  }
}
const at = (seconds: number) => ({ at: ago(seconds) })
const two = { required: 2 }
const refusedAt = (since: string, retryAt?: string) => ({
  refused: { rule: undefined, code: 'BadRequest', since, retryAt },
})
const approved = { choices: [choice('ann')] }
const rejected = { choices: [choice('ben', { outcome: 'reject' })] }

/** Nobody chose in time, and the rule rejects then. */
const byNobody = {
  choices: [choice('', { outcome: 'reject', person: undefined })],
  expired: 'c0ffee00c0ffee00c0ff.2.5',
}

/** What people chose, before and after each limit, beside what else a request remembers. */
export const memoriesOfChoices: readonly Partial<Request>[] = [
  approved,
  rejected,
  { choices: [choice('ann', two)] },
  { choices: [choice('ann', two), choice('ben', two)] },
  { choices: [choice('ann', { ...two, shown: shownUnproven }), choice('ben', { ...two, through: team })] },
  { choices: [choice('ann', { through: team })] },
  { choices: [choice('ann', { shown: shownUnproven })] },
  { choices: [choice('ann', { shown: { ...shownConfirmed, code: 'may-be-denied' } })] },
  { choices: [choice('ann', { shown: { ...shownConfirmed, requesterId: `${factory.id}2` } })] },
  {
    choices: [choice('ann', { shown: { ...shownUnproven, refusals: ['competing-claim', 'could-not-ask'] } })],
  },
  { choices: [choice(maker)] },
  ...[1799, 1800, 8 * 24 * 3600 - 1, week + 24 * 3600].map((seconds) => ({
    choices: [choice('ann', at(seconds))],
  })),
  { ...approved, requesterSaid: 'Please.' },
  {
    ...approved,
    attempts: [{ decisionId: 'c0ffee00c0ffee00c0ff.2.5', outcome: 'reject', mayLandUntil: ahead(600) }],
  },
  { ...approved, groupIds: undefined },
  { ...approved, hold: { kind: 'burst', knownRules: ['sales v1'] } },
  { ...approved, ...refusedAt(ago(30)) },
  { ...approved, ...refusedAt(ago(30), ahead(1)) },
  { ...approved, ...refusedAt(ago(90)) },
  { ...approved, refused: { rule: 'sales v1', code: 'BadRequest', since: ago(90), retryAt: undefined } },
  { ...rejected, ...refusedAt(ago(30)) },
  { ...rejected, hold: { kind: 'burst', knownRules: ['sales v1'] } },
  byNobody,
  { ...byNobody, ...refusedAt(ago(30)) },
]

/** What a rule says of a question. */
export const everyTerms: readonly Partial<Terms>[] = [
  { requiredApprovals: 2 },
  { approvers: [team.toUpperCase()] },
]

/** Also where two things are doubted at once. */
export const doubted: Pick<Proof, 'level' | 'requester' | 'groupIds' | 'refusals'> = {
  ...({ level: 'platform', requester: undefined, groupIds: undefined } as const),
  refusals: [
    { code: 'could-not-ask', sentence: 'Could not ask.' },
    { code: 'competing-claim', sentence: 'Two claim it.' },
  ],
}

/** People choose. */
export const chosenEvents: readonly LifeEvent[] = [
  choice('ann', { at: now.toISOString() }),
  choice('ANN', { ...two, at: now.toISOString(), reason: 'Known.' }),
  choice('ben', { outcome: 'reject', at: now.toISOString() }),
].map((one) => ({ kind: 'chosen', choice: one }))
