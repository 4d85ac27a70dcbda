import type { Choice } from '../../shared/domain/choice.ts'
import type { Notification } from '../../shared/domain/notification.ts'
import type { OpenCause, Request, RequestState, StateName } from '../../shared/domain/request.ts'
import { parseResourceId, type ResourceId } from '../../shared/domain/resource-id.ts'
import type { LedgerChange, NewEntry } from '../../shared/domain/ledger-change.ts'
import type { SubjectKey } from '../../shared/ports/ledger.ts'

const targetId =
  '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg-lake/providers/Microsoft.Storage/storageAccounts/stlake'
export const sampleTime = '2026-11-21T08:00:00.000Z'
export const sampleTarget = idOf(targetId)
export const sampleConnection = connectionNamed('stlake.1')

const cause: OpenCause = {
  kind: 'verdict',
  question: { code: 'no-rule-matched', refusal: undefined, proof: 'confirmed', rule: undefined },
}

const states: { readonly [Name in StateName]: Extract<RequestState, { name: Name }> } = {
  open: { name: 'open', cause, notificationId: 'd', since: sampleTime },
  applying: {
    name: 'applying',
    outcome: 'approve',
    rule: 'sales v1',
    ruleSetHash: 'h',
    since: sampleTime,
    notBefore: undefined,
    words: undefined,
    asked: undefined,
  },
  applied: { name: 'applied', outcome: 'approve', at: sampleTime },
  'decided-elsewhere': { name: 'decided-elsewhere' },
  withdrawn: { name: 'withdrawn' },
}

/** A connection of the sample target. */
export function connectionNamed(name: string): SubjectKey {
  return { kind: 'connection', id: idOf(`${targetId}/privateEndpointConnections/${name}`) }
}

/** A request in a state, as the app might have written it. */
export function sampleRequest(
  state: StateName,
  change: Partial<Request> = {},
  subject: SubjectKey = sampleConnection,
): Request {
  return {
    subject:
      subject.kind === 'target'
        ? { kind: 'target', targetId: subject.id.id }
        : { kind: 'connection', connectionId: subject.id.id, targetId, endpointId: undefined },
    episode: 1,
    state: states[state],
    firstSeenAt: sampleTime,
    decisionId: 'd',
    reason: { code: 'no-rule-matched', sentence: 'No rule matched.' },
    groupIds: ['blob'],
    requesterSaid: undefined,
    ruleSetHash: undefined,
    changes: 0,
    said: [],
    notified: states[state].name === 'open' ? [states[state].notificationId] : [],
    remindedAt: undefined,
    expired: undefined,
    quietUntil: undefined,
    attempts: [],
    refused: undefined,
    caseId: undefined,
    hold: undefined,
    choices: [],
    ...change,
  }
}

/** An entry that goes with a request. */
export function sampleEntry(request: Request, change: Partial<NewEntry> = {}): NewEntry {
  const { subject, episode, decisionId, reason, firstSeenAt, caseId, groupIds } = request
  return {
    ...{ subject, episode, decisionId, reason, firstSeenAt, caseId, groupIds },
    kind: 'escalated',
    basis: 'verdict',
    at: sampleTime,
    state: request.state.name,
    actor: { kind: 'policy' },
    outcome: 'escalate',
    proof: undefined,
    requesterSaid: undefined,
    decidedBy: undefined,
    nearest: undefined,
    audited: [],
    evaluatedRules: [],
    evaluatedCount: 0,
    ruleSetHash: undefined,
    terms: undefined,
    context: undefined,
    secondsSinceFirstSeen: 0,
    correlationId: undefined,
    ...change,
  }
}

/** A notification of a request. */
export function sampleNotification(change: Partial<Notification> = {}): Notification {
  return {
    id: 'd',
    kind: 'question',
    severity: 'question',
    code: 'no-rule-matched',
    sentence: 'No rule matched.',
    decisionId: 'd',
    targetId,
    connectionId: sampleConnection.id.id,
    caseId: undefined,
    since: sampleTime,
    about: [],
    ...change,
  }
}

/** An approval by a person. */
export function sampleChoice(change: Partial<Choice> = {}): Choice {
  return {
    outcome: 'approve',
    person: { objectId: 'a11ce000-0001-4d2c-9b3a-c0de5e1f0001', name: 'Ann Approver' },
    ...{ reason: undefined, at: sampleTime, through: undefined, required: 1 },
    shown: { proof: 'confirmed', refusals: [], requesterId: undefined, code: undefined },
    ...change,
  }
}

/** A step into a state, without a notification unless one is given. */
export function stepTo(
  state: StateName,
  change: Partial<Omit<LedgerChange, 'entry'>> & { readonly entry?: Partial<NewEntry> } = {},
  subject: SubjectKey = sampleConnection,
): LedgerChange {
  const request = change.request ?? sampleRequest(state, {}, subject)
  return { request, entry: sampleEntry(request, change.entry), notification: change.notification }
}

function idOf(text: string): ResourceId {
  const id = parseResourceId(text)
  if (!id) throw new Error(`${text} is no ARM id.`)
  return id
}
