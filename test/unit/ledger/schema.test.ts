import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Choice } from '../../../shared/domain/choice.ts'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import { refusalCodes } from '../../../shared/domain/refusal-codes.ts'
import type { Hold, OpenCause, Request, RequestState } from '../../../shared/domain/request.ts'
import { entrySchema, notificationSchema, requestSchema } from '../../../shared/ledger/schema.ts'
import { absent, exactly, maybe, shape } from '../../../shared/ledger/schema-parts.ts'
import { confirmed, connection } from '../../support/fake-review.ts'
import { plainTerms } from '../../support/sample-rule.ts'
import {
  sampleConnection,
  sampleEntry,
  sampleNotification,
  sampleRequest,
  sampleTarget,
  sampleTime,
} from '../../support/sample-request.ts'

const text = fc.oneof(fc.string(), fc.constantFrom('', '__proto__', '\u202E'))
const optional = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(of, { nil: undefined })
const code = fc.constantFrom('no-rule-matched', 'burst-limit', 'refused-by-azure')
const outcome = fc.constantFrom('approve', 'reject')
const time = fc.constant(sampleTime)
const targetId = sampleTarget.id
const connectionId = sampleConnection.id.id

const cause: fc.Arbitrary<OpenCause> = fc.oneof(
  fc.record({
    kind: fc.constant('verdict'),
    question: fc.record({
      code,
      refusal: optional(fc.constantFrom(...(Object.keys(refusalCodes) as (keyof typeof refusalCodes)[]))),
      proof: optional(fc.constantFrom('confirmed', 'platform', 'none')),
      rule: optional(text),
    }),
  }),
  fc.constant({ kind: 'refused' } as const),
  fc.constantFrom(
    { kind: 'endpoint-changed' } as const,
    { kind: 'shown-late' } as const,
    { kind: 'changed-outside' } as const,
  ),
  fc.record({ kind: fc.constantFrom('unreadable', 'azure-fails'), question: text }),
)

const state: fc.Arbitrary<RequestState> = fc.oneof(
  fc.record({ name: fc.constant('open'), cause, notificationId: text, since: time }),
  fc.record({
    name: fc.constant('applying'),
    outcome,
    rule: optional(text),
    ruleSetHash: optional(text),
    since: time,
    notBefore: optional(time),
    words: optional(fc.record({ code: text, message: text })),
    asked: optional(fc.record({ notificationId: text, since: time })),
  }),
  fc.record({ name: fc.constant('applied'), outcome, at: time }),
  fc.constant({ name: 'decided-elsewhere' } as const),
  fc.constant({ name: 'withdrawn' } as const),
)

const knownRules = fc.oneof(fc.array(text), fc.constant('too-many' as const))
const hold: fc.Arbitrary<Hold> = fc.record({ kind: fc.constant('burst'), knownRules })

const choice: fc.Arbitrary<Choice> = fc.record({
  outcome,
  person: fc.record({ objectId: text, name: text }),
  reason: optional(text),
  at: time,
  through: optional(text),
  required: fc.integer({ min: 1 }),
  shown: fc.record({
    proof: optional(fc.constantFrom('confirmed', 'platform', 'none')),
    refusals: fc.array(fc.constant('could-not-ask' as const)),
    requesterId: optional(text),
    code: optional(code),
  }),
})

const request: fc.Arbitrary<Request> = fc.record({
  subject: fc.constantFrom(
    { kind: 'target', targetId },
    { kind: 'connection', connectionId, targetId, endpointId: undefined },
    { kind: 'connection', connectionId, targetId, endpointId: 'e' },
  ),
  episode: fc.integer({ min: 1 }),
  state,
  firstSeenAt: time,
  decisionId: text,
  reason: fc.record({ code, sentence: text }),
  groupIds: optional(fc.array(text)),
  requesterSaid: optional(text),
  ruleSetHash: optional(text),
  changes: fc.nat(),
  said: fc.array(
    fc.record({
      ...{ question: text, ruleSetHash: optional(text), notificationId: text },
      ...{ since: time, at: time, times: fc.integer({ min: 1 }) },
    }),
  ),
  notified: fc.array(text),
  remindedAt: optional(time),
  expired: optional(text),
  quietUntil: optional(time),
  attempts: fc.array(fc.record({ decisionId: text, outcome, mayLandUntil: optional(time) })),
  refused: optional(fc.record({ rule: optional(text), code: text, since: time, retryAt: optional(time) })),
  caseId: optional(text),
  hold: optional(hold),
  choices: fc.array(choice),
})

const explanation: LogEntry['nearest'] = {
  ruleId: 'r',
  ruleVersion: 1,
  effect: 'deny',
  mode: 'audit',
  match: 'unknown',
  conditions: [{ name: 'requester', match: 'no', expected: 'x', actual: '' }],
}

const full: LogEntry = {
  ...sampleEntry(sampleRequest('open')),
  sequence: 1,
  proof: {
    ...confirmed,
    requester: { kind: 'data-factory', id: connection('a').id },
    refusals: [
      { code: 'could-not-ask', sentence: 's', about: 'a' },
      { code: 'could-not-ask', sentence: 's' },
    ],
  },
  requesterSaid: 'please',
  decidedBy: explanation,
  nearest: explanation,
  audited: [explanation, explanation],
  evaluatedRules: [{ ruleId: 'r', ruleVersion: 1, effect: 'ask', mode: 'enforce', match: 'yes' }],
  evaluatedCount: 7,
  ruleSetHash: 'h',
  terms: {
    ...plainTerms,
    ...{ approvers: ['a'], requiredApprovals: 2 },
    ...{ reasonRequired: true, expiresAfter: 'P3D', atExpiry: 'reject' },
  },
  context: { targetTags: [{ name: 'a', value: 'b' }], targetGroups: { names: ['g'], isWhole: false } },
  correlationId: 'c',
}

const noMs = '2026-11-21T08:00:00Z'
const finer = '2026-11-21T08:00:00.0000Z'

const stored = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('what is stored', () => {
  it('as a request is read back as it was', () => {
    fc.assert(
      fc.property(request, (one) => {
        expect(requestSchema.parse(stored(one))).toStrictEqual(structuredClone(one))
      }),
    )
  })

  it('as an entry is read back as it was, with and without what may be missing', () => {
    expect(entrySchema.parse(stored(full))).toStrictEqual(full)
    const bare: LogEntry = { ...sampleEntry(sampleRequest('withdrawn')), sequence: 1, groupIds: undefined }
    expect(entrySchema.parse(stored(bare))).toStrictEqual(bare)
    const about = { id: 'I\u00C4', key: 'i\u00E4', strictKey: 'i\u00C4', type: 't', name: 'n' }
    const fabric: LogEntry = {
      ...full,
      proof: { ...confirmed, requester: { kind: 'fabric-workspace', id: about } },
    }
    expect(entrySchema.parse(stored(fabric))).toStrictEqual(fabric)
  })

  it('as a requester by an earlier version, with one key in other letters, is read as it is written today', () => {
    const written = { id: 'I\u00C4', key: 'i\u00C4', type: 't', name: 'n' }
    const requester = { kind: 'fabric-workspace', id: written }
    const read = entrySchema.parse(stored({ ...full, proof: { ...confirmed, requester } }))
    expect(read.proof?.requester?.id).toMatchObject({ key: 'i\u00E4', strictKey: 'i\u00C4' })
  })

  it('as an entry of before rules had terms of a question is read with those that held', () => {
    const terms = { approvers: ['a'], requiredApprovals: 2 }
    expect(entrySchema.parse(stored({ ...full, terms })).terms).toStrictEqual({ ...plainTerms, ...terms })
  })

  it('as a notification is read back as it was', () => {
    for (const one of [
      sampleNotification(),
      sampleNotification({ connectionId: undefined, caseId: 'c', severity: 'alarm' }),
      sampleNotification({ kind: 'outcome', about: ['a', 'b'] }),
      sampleNotification({ kind: 'reminder', about: ['a'] }),
    ]) {
      expect(notificationSchema.parse(stored(one))).toStrictEqual(one)
    }
  })

  it('as a notification by an earlier version is a question, of which the record knows', () => {
    const { kind, about, ...earlier } = sampleNotification()
    expect([kind, about]).toEqual(['question', []])
    expect(notificationSchema.parse(stored(earlier))).toStrictEqual(sampleNotification())
    const open = sampleRequest('open')
    const asked = { notificationId: 'e', since: sampleTime }
    const applying = sampleRequest('applying')
    for (const [request, notified] of [
      [open, ['d']],
      [applying, []],
      [{ ...applying, state: { ...applying.state, asked } }, ['e']],
      [sampleRequest('withdrawn'), []],
    ] as const) {
      const row = stored({ ...request, notified: undefined })
      expect(requestSchema.parse(row).notified).toEqual(notified)
    }
  })

  it.each<[string, z.ZodType, unknown]>([
    [
      'a kind of notification that there is not',
      notificationSchema,
      sampleNotification({ kind: 'x' as never }),
    ],
    ['a state of another version', requestSchema, { ...sampleRequest('open'), state: 'escalated' }],
    ['a state that there is not', requestSchema, { ...sampleRequest('open'), state: { name: 'waiting' } }],
    ['a field more', requestSchema, { ...sampleRequest('open'), hold: {} }],
    [
      'a field more, further in',
      requestSchema,
      { ...sampleRequest('open'), state: { name: 'withdrawn', at: sampleTime } },
    ],
    ['no episode', requestSchema, { ...sampleRequest('open'), episode: 0 }],
    ['half an episode', requestSchema, { ...sampleRequest('open'), episode: 1.5 }],
    ['a time that is none', requestSchema, { ...sampleRequest('open'), firstSeenAt: 'yesterday' }],
    ['a time without milliseconds', requestSchema, { ...sampleRequest('open'), firstSeenAt: noMs }],
    ['a time with more than milliseconds', requestSchema, { ...sampleRequest('open'), firstSeenAt: finer }],
    ['a time of an entry without milliseconds', entrySchema, { ...full, at: noMs }],
    ['null', requestSchema, { ...sampleRequest('open'), caseId: null }],
    ['no sequence', entrySchema, { ...full, sequence: undefined }],
    ['a sequence of 0', entrySchema, { ...full, sequence: 0 }],
    ['a kind that there is not', entrySchema, { ...full, kind: 'wished' }],
    ['a code that there is not', entrySchema, { ...full, reason: { code: 'x', sentence: '' } }],
    ['fewer rules than none', entrySchema, { ...full, evaluatedCount: -1 }],
    ['nobody to approve', entrySchema, { ...full, terms: { approvers: [], requiredApprovals: 0 } }],
    [
      'an end that there is not',
      entrySchema,
      { ...full, terms: { approvers: [], requiredApprovals: 1, atExpiry: 'approve' } },
    ],
    ['approved neighbours', entrySchema, { ...full, context: { approved: [] } }],
    ['a severity that there is not', notificationSchema, { ...sampleNotification(), severity: 'info' }],
  ])('is refused with %s', (_, schema, value) => {
    expect(schema.safeParse(stored(value)).success).toBe(false)
  })
})

describe('a schema for a type', () => {
  interface Sample {
    readonly a: 'x' | 'y'
    readonly b: string | undefined
  }

  it('is held against it by the compiler, in both directions', () => {
    exactly<Sample>()(shape({ a: z.enum(['x', 'y']), b: maybe(z.string()) }))
    // @ts-expect-error one value is missing
    exactly<Sample>()(shape({ a: z.enum(['x']), b: maybe(z.string()) }))
    // @ts-expect-error one value is too many
    exactly<Sample>()(shape({ a: z.enum(['x', 'y', 'z']), b: maybe(z.string()) }))
    // @ts-expect-error a field is missing
    exactly<Sample>()(shape({ a: z.enum(['x', 'y']) }))
    // @ts-expect-error a field may be left out
    exactly<Sample>()(shape({ a: z.enum(['x', 'y']), b: absent(z.string()) }))
  })

  it('gives fields back that JSON left out, and leaves out those that may be', () => {
    const sample = shape({ a: maybe(z.string()), b: absent(z.string()), c: z.string().optional() })
    expect(sample.parse({})).toStrictEqual({ a: undefined })
  })
})
