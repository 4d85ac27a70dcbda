import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import type { Notification } from '../../../shared/domain/notification.ts'
import type { Request } from '../../../shared/domain/request.ts'
import { changeOf, episodeOf } from '../../../shared/request/entry.ts'
import { next } from '../../../shared/request/life.ts'
import type { LifeEvent } from '../../../shared/request/step.ts'
import { sampleChoice } from '../../support/sample-request.ts'
import {
  ago,
  alone,
  applied,
  applying,
  attempt,
  decided,
  decisionId,
  endpoint,
  evaluated,
  known,
  lake,
  now,
  open,
  ours,
  over,
  readBack,
  waiting,
  within,
} from './given.ts'

function changed(before: Request | undefined, event: LifeEvent) {
  const { draft } = next(before, event, alone)
  if (!draft) throw new Error('Nothing is written.')
  const entryId = `c0ffee00c0ffee00c0ff.${episodeOf(before)}.8`
  const subject = { ...open().subject }
  const recorded = before && {
    request: before,
    lastEntry: { audited: [], evaluatedRules: [] } as unknown as LogEntry,
  }
  return changeOf(recorded, draft, { subject, at: now, correlationId: undefined, entryId })
}

const outcomeOf = (before: Request | undefined, event: LifeEvent): Notification | undefined =>
  changed(before, event).notification
const asked = { notified: ['c0ffee00c0ffee00c0ff.2.5', decisionId] }
const gone: LifeEvent = { kind: 'gone' }

describe('the end of a request of which people were notified', () => {
  it('has an outcome of its own id, about all that they were notified of, which is forgotten then', () => {
    const { notification, request } = changed(open(undefined, asked), gone)
    expect(notification).toMatchObject({
      ...{ id: 'c0ffee00c0ffee00c0ff.2.8', kind: 'outcome', severity: 'question', code: 'final-state' },
      ...{ decisionId, about: asked.notified, caseId: undefined, since: ago(3600) },
    })
    expect(request.notified).toEqual([])
  })

  it.each<[string, Request, LifeEvent, string]>([
    ['withdrawn', open(), gone, 'Withdrawn: The connection is gone; there is nothing left to decide.'],
    [
      'another endpoint stands there',
      open(),
      waiting({ endpoint: endpoint('b') }),
      'Withdrawn: Another endpoint stands behind the connection; this request is over.',
    ],
    [
      'decided outside',
      open(),
      decided(lake({ status: 'Rejected' })),
      'Decided outside this app: the connection is Rejected.',
    ],
    [
      'approved by a rule that came later',
      applying({}, { ...asked, reason: { code: 'allowed-by-rule', sentence: 'Rule sales allows it.' } }),
      readBack(ours()),
      'Approved: Rule sales allows it.',
    ],
    [
      'approved by people, with their reasons',
      applying({ rule: undefined }, { ...asked, choices: [sampleChoice({ reason: 'Known supplier.' })] }),
      readBack(ours()),
      'Approved by Ann Approver (“Known supplier.”).',
    ],
    [
      'carried out after all',
      open({ kind: 'refused' }, { attempts: [attempt()] }),
      decided(ours()),
      'Approved: Azure carried the decision out after all.',
    ],
    [
      'a target that can be read again',
      open(
        { kind: 'unreadable', question: 'No permission.' },
        { subject: { kind: 'target', targetId: 't' } },
      ),
      { kind: 'readable' },
      'The target can be read and decided again.',
    ],
  ])('says what became of it: %s', (_, before, event, sentence) => {
    expect(outcomeOf(before, event)).toMatchObject({ kind: 'outcome', sentence })
  })

  it('has one although the allow-list changed since the question', () => {
    const intent = changed(open(undefined, asked), within(evaluated('approve', { ruleSetHash: 'list-2' })))
    expect(intent.notification).toBeUndefined()
    expect(intent.request.notified).toEqual(asked.notified)
  })
})

it('a request that was approved automatically, without a question, has no outcome', () => {
  expect(outcomeOf(applying(), readBack(ours()))).toBeUndefined()
  expect(outcomeOf(applying(), gone)).toBeUndefined()
  expect(outcomeOf(applied(), decided(lake({ status: 'Disconnected' })))).toBeUndefined()
})

it('a new episode begins without what people were notified of before', () => {
  const { request } = changed(applied(3600, asked), over(evaluated('escalate')))
  expect(request.notified).toEqual([request.decisionId])
})

it('a question that people know of is not another notification', () => {
  const retried = applying({ asked: known }, { ...asked, refused: undefined })
  const { request, notification } = changed(retried, {
    ...{ kind: 'refused', code: 'AuthorizationFailed', message: 'No.', passes: true },
  })
  expect(notification?.kind).toBe('question')
  expect(request.notified).toHaveLength(3)
})

it('the last ten notifications are remembered', () => {
  const notified = Array.from({ length: 10 }, (_, index) => `c0ffee00c0ffee00c0ff.2.${index}`)
  const { request } = changed(open(undefined, { notified }), decided(ours(), 'failed'))
  expect(request.notified).toHaveLength(10)
  expect(request.notified.at(-1)).toBe('c0ffee00c0ffee00c0ff.2.8')
})
