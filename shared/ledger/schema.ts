import { z } from 'zod'
import { foldCase } from '../domain/fold-case.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import type { Notification } from '../domain/notification.ts'
import { refusalCodes, type RefusalCode } from '../domain/refusal-codes.ts'
import { stateNames, type Request } from '../domain/request.ts'
import { plainContent } from '../domain/rule.ts'
import { asciiLowerCase } from '../domain/resource-id.ts'
import { requesterKinds, type RequesterKind } from '../domain/requester-kind.ts'
import { conditions, type ConditionName } from '../domain/verdict.ts'
import { absent, armId, earlier, exactly, keyTime, list, maybe, shape } from './schema-parts.ts'

const time = z.iso.datetime()
const reasonCode = z.enum([
  'allowed-by-rule',
  'denied-by-rule',
  'asked-by-rule',
  'may-be-denied',
  'may-be-asked',
  'no-rule-matched',
  'unproven-requester',
  'rules-unreadable',
  'refused-by-azure',
  'final-state',
  'endpoint-changed',
  'shown-late',
  'changed-outside',
  'azure-fails',
  'unknown-status',
  'no-approving-operation',
  'type-not-in-table',
  'target-unreadable',
  'burst-limit',
  'competing-claim-before',
  'rejected-before',
  'claims-unreadable',
  'decided-by-person',
  'choice-outdated',
  'requested-by-approver',
  'expired',
])
const refusalCode = z.enum(Object.keys(refusalCodes) as RefusalCode[])
const proofLevel = z.enum(['confirmed', 'platform', 'none'])
const writtenOutcome = z.enum(['approve', 'reject'])
const reason = shape({ code: reasonCode, sentence: z.string() })

const subject = z.discriminatedUnion('kind', [
  shape({
    kind: z.literal('connection'),
    connectionId: armId,
    targetId: armId,
    endpointId: maybe(z.string()),
  }),
  shape({ kind: z.literal('target'), targetId: armId }),
])

const openCause = z.discriminatedUnion('kind', [
  shape({
    kind: z.literal('verdict'),
    question: shape({
      code: reasonCode,
      refusal: maybe(refusalCode),
      proof: maybe(proofLevel),
      rule: maybe(z.string()),
    }),
  }),
  shape({ kind: z.literal('refused') }),
  shape({ kind: z.literal('endpoint-changed') }),
  shape({ kind: z.literal('shown-late') }),
  shape({ kind: z.literal('changed-outside') }),
  shape({ kind: z.literal('azure-fails'), question: z.string() }),
  shape({ kind: z.literal('unreadable'), question: z.string() }),
])

const expiry = { expiresAt: absent(time), atExpiry: absent(z.enum(['stay-pending', 'reject'])) }
const asked = { notificationId: z.string(), since: time, ...expiry }

const state = z.discriminatedUnion('name', [
  shape({ name: z.literal('open'), cause: openCause, ...asked }),
  shape({
    name: z.literal('applying'),
    outcome: writtenOutcome,
    rule: maybe(z.string()),
    ruleSetHash: maybe(z.string()),
    since: time,
    notBefore: maybe(time),
    words: maybe(shape({ code: z.string(), message: z.string(), isOwn: absent(z.literal(true)) })),
    asked: maybe(shape(asked)),
  }),
  shape({ name: z.literal('applied'), outcome: writtenOutcome, at: time }),
  shape({ name: z.literal('decided-elsewhere') }),
  shape({ name: z.literal('withdrawn') }),
])

export const knownRules = z.union([list(z.string()), z.literal('too-many')])
const hold = shape({ kind: z.literal('burst'), knownRules })

const person = { objectId: z.string(), name: z.string() }
const choice = shape({
  outcome: writtenOutcome,
  person: maybe(shape(person)),
  reason: maybe(z.string()),
  at: time,
  through: maybe(z.string()),
  required: z.int().min(1),
  shown: shape({
    proof: maybe(proofLevel),
    refusals: list(refusalCode),
    requesterId: maybe(z.string()),
    code: maybe(reasonCode),
  }),
})

type Stored = Omit<Request, 'notified'> & { readonly notified: Request['notified'] | undefined }

/** Rows of an earlier version do not say which notifications there were: of what is open, there was one. */
function withNotified(request: Stored): Request {
  const { state } = request
  const asked = state.name === 'open' ? state : state.name === 'applying' ? state.asked : undefined
  return { ...request, notified: request.notified ?? (asked ? [asked.notificationId] : []) }
}

/** A request as stored in its row. */
export const requestSchema = exactly<Request>()(
  shape({
    subject,
    episode: z.int().min(1),
    state,
    firstSeenAt: keyTime,
    decisionId: z.string(),
    reason,
    groupIds: maybe(list(z.string())),
    requesterSaid: maybe(z.string()),
    ruleSetHash: maybe(z.string()),
    changes: z.int().min(0),
    attempts: list(
      shape({
        decisionId: z.string(),
        outcome: writtenOutcome,
        mayLandUntil: maybe(time),
        isByPerson: absent(z.literal(true)),
      }),
    ),
    said: list(
      shape({
        question: z.string(),
        ruleSetHash: maybe(z.string()),
        notificationId: z.string(),
        since: time,
        at: time,
        times: z.int().min(1),
      }),
    ),
    notified: maybe(list(z.string())),
    remindedAt: maybe(time),
    expired: maybe(z.string()),
    quietUntil: maybe(time),
    refused: maybe(shape({ rule: maybe(z.string()), code: z.string(), since: time, retryAt: maybe(time) })),
    caseId: maybe(z.string()),
    hold: maybe(hold),
    choices: earlier(list(choice), []),
  }).transform(withNotified),
)

const effect = z.enum(['allow', 'ask', 'deny'])
const mode = z.enum(['enforce', 'audit'])
const match = z.enum(['yes', 'no', 'unknown'])
const rule = { ruleId: z.string(), ruleVersion: z.int(), effect, mode, match }
const condition = shape({
  name: z.enum(Object.keys(conditions) as ConditionName[]),
  match,
  expected: z.string(),
  actual: z.string(),
})
const explanation = shape({ ...rule, conditions: list(condition) })

/** The keys follow from the id: earlier versions wrote one, and made it otherwise. */
const requesterId = shape({
  id: z.string(),
  key: absent(z.string()),
  strictKey: absent(z.string()),
  type: z.string(),
  name: z.string(),
  // Those of an ARM id.
  subscriptionId: absent(z.string()),
  resourceGroup: absent(z.string()),
}).transform((stored) => ({ ...stored, key: foldCase(stored.id), strictKey: asciiLowerCase(stored.id) }))

const requester = shape({
  kind: z.enum(Object.keys(requesterKinds) as RequesterKind[]),
  id: requesterId,
})

const proof = shape({
  level: proofLevel,
  requester: maybe(requester),
  endpointTenantId: maybe(z.string()),
  isManagedTenant: maybe(z.boolean()),
  groupIds: maybe(list(z.string())),
  refusals: list(shape({ code: refusalCode, sentence: z.string(), about: absent(z.string()) })),
})

const groups = shape({ names: list(z.string()), isWhole: z.boolean() }).optional()
const context = shape({
  targetTags: list(shape({ name: z.string(), value: z.string() })).optional(),
  targetGroups: groups,
  endpointGroups: groups,
  requesterGroups: groups,
})

/** A log entry as stored in its row. */
export const entrySchema = exactly<LogEntry>()(
  shape({
    sequence: z.int().min(1),
    kind: z.enum([
      'intent',
      'result',
      'deferred',
      'escalated',
      'abandoned',
      'observed',
      'chosen',
      'reminded',
      'expired',
    ]),
    basis: z.enum(['verdict', 'follow-up']),
    at: keyTime,
    decisionId: z.string(),
    subject,
    episode: z.int().min(1),
    state: z.enum(stateNames),
    actor: z.discriminatedUnion('kind', [
      shape({ kind: z.literal('policy') }),
      shape({ kind: z.literal('azure') }),
      shape({ kind: z.literal('person'), ...person }),
    ]),
    reason,
    outcome: z.enum(['approve', 'escalate', 'reject']),
    proof: maybe(proof),
    groupIds: maybe(list(z.string())),
    requesterSaid: maybe(z.string()),
    decidedBy: maybe(explanation),
    nearest: maybe(explanation),
    audited: list(explanation),
    evaluatedRules: list(shape(rule)),
    evaluatedCount: z.int().min(0),
    ruleSetHash: maybe(z.string()),
    terms: maybe(
      shape({
        approvalEndsAfter: maybe(z.string()),
        approvers: list(z.string()),
        requiredApprovals: z.int().min(1),
        // Entries of before rules had them lack them.
        reasonRequired: z.boolean().default(plainContent.reasonRequired),
        expiresAfter: maybe(z.string()),
        atExpiry: z.enum(['stay-pending', 'reject']).default(plainContent.atExpiry),
      }),
    ),
    context: maybe(context),
    caseId: maybe(z.string()),
    firstSeenAt: time,
    secondsSinceFirstSeen: z.number(),
    correlationId: maybe(z.string()),
  }),
)

/** A notification as stored in its row. */
export const notificationSchema = exactly<Notification>()(
  shape({
    id: z.string(),
    kind: earlier(z.enum(['question', 'reminder', 'outcome']), 'question'),
    severity: z.enum(['question', 'alarm']),
    code: reasonCode,
    sentence: z.string(),
    decisionId: z.string(),
    targetId: z.string(),
    connectionId: maybe(z.string()),
    caseId: maybe(z.string()),
    since: time,
    about: earlier(list(z.string()), []),
    ...expiry,
  }),
)
