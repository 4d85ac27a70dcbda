import { describe, expect, it } from 'vitest'
import type { Attempt, OpenCause, Request } from '../../../shared/domain/request.ts'
import {
  cutGroupIds,
  isOtherEndpoint,
  isEndpointChanged,
  isOurs,
  isSameEndpoint,
  isShown,
  shownAttempt,
} from '../../../shared/request/identity.ts'
import {
  applied,
  applying,
  attempt,
  decisionId,
  endpoint,
  lake,
  now,
  open,
  openAfter,
  ours,
  target,
} from './given.ts'

const none = open(undefined, { subject: { ...open().subject, endpointId: undefined } as never })
const ofTarget = open(undefined, { subject: { kind: 'target', targetId: target.id } })
const upper = { endpoint: { ...endpoint('a'), id: endpoint('a').id.toUpperCase() } }
const hidden = { endpoint: undefined }
const refused = (outcome: 'approve' | 'reject') => openAfter('refused', outcome)
const changed = (outcome: 'approve' | 'reject') => openAfter('endpoint-changed', outcome)
const bearsDecision = (...[before, live]: Parameters<typeof shownAttempt>) =>
  shownAttempt(before, live) !== undefined

describe('the endpoint behind a connection', () => {
  it.each([
    ['that was recorded', open(), lake(), 'same'],
    ['in other letters', open(), lake(upper), 'same'],
    ['of another name', open(), lake({ endpoint: endpoint('b') }), 'another'],
    ['that is hidden', open(), lake(hidden), 'neither'],
    ['that was never recorded', none, lake(), 'neither'],
    ['that was never shown', none, lake(hidden), 'same'],
    ['of a request for a whole target', ofTarget, lake(), 'neither'],
  ])('%s is %s', (_what, before, live, expected) => {
    const is = isSameEndpoint(before, live) ? 'same' : isOtherEndpoint(before, live) ? 'another' : 'neither'
    expect(is).toBe(expected)
  })
})

describe('recorded group ids', () => {
  it.each([
    ['are the same in another order and case', ['dfs', 'blob'], ['BLOB', 'dfs'], true],
    ['differ', ['blob'], ['dfs'], false],
    ['differ when there is one more', ['blob'], ['blob', 'dfs'], false],
    ['hold when the connection shows none', ['blob'], undefined, true],
    ['differ from none when some are shown', undefined, ['blob'], false],
  ])('%s', (_what, recorded, shown, isSo) => {
    expect(isOurs({ ...applying(), groupIds: recorded }, ours({ groupIds: shown }))).toBe(isSo)
  })

  it('are twenty of a hundred characters; more than that is compared as it was cut', () => {
    const many = Array.from({ length: 21 }, (_, index) => `${10 + index}${'x'.repeat(99)}`)
    const cut = cutGroupIds(many)
    expect(cut).toEqual(many.slice(0, 20).map((text) => text.slice(0, 100)))
    expect(cutGroupIds(undefined)).toBeUndefined()
    expect(isOurs({ ...applying(), groupIds: cut }, ours({ groupIds: many }))).toBe(true)
  })
})

const earlierWords = (id: string) => `Approved by private-endpoint-approver, decision ${id}`

describe('a connection bears the decision', () => {
  it.each([
    ['whose id its description names', `x ${decisionId}, y`, true],
    ['in the words of earlier versions, with the rule', `${earlierWords(decisionId)}, rule sales v1`, true],
    ['in those words, of another decision', `${earlierWords(`${decisionId}9`)}, rule sales v1`, false],
    ['whose id ends its description', `decision ${decisionId}`, true],
    ['whose id begins its description', `${decisionId} it is`, true],
    ['whose id is not part of a longer one', `decision ${decisionId}9, rule sales v1`, false],
    ['whose id is whole although a digit follows later', `decision ${decisionId}, rule 9`, true],
    ['and no other', 'decision c0ffee00c0ffee00c0ff.2.8', false],
    ['and not what says nothing', '', false],
  ])('%s: "%s"', (_what, description, isSo) => {
    expect(bearsDecision(applying(), ours({ description }))).toBe(isSo)
    expect(bearsDecision(refused('approve'), ours({ description }))).toBe(isSo)
  })

  it.each([
    ['applying an approval', applying(), 'Approved'],
    ['applying a rejection', applying({ outcome: 'reject' }), 'Rejected'],
    ['after a refused approval', refused('approve'), 'Approved'],
    ['after a refused rejection', refused('reject'), 'Rejected'],
    ['after another endpoint was seen', changed('approve'), 'Approved'],
    ['never where none was attempted: another endpoint', open({ kind: 'endpoint-changed' }), undefined],
    ['never where none was attempted: a question', open(), undefined],
    ['never once it was applied', applied(), undefined],
  ])('%s', (_what, before, status) => {
    const shown = ['Approved', 'Rejected', 'Disconnected'].filter((one) =>
      bearsDecision(before, ours({ status: one })),
    )
    expect(shown).toEqual(status === undefined ? [] : [status])
  })
})

describe('an earlier decision', () => {
  const earlier: Attempt = { ...attempt(), decisionId: 'c0ffee00c0ffee00c0ff.2.3' }
  const newest = attempt()
  const both = { attempts: [earlier, newest] }
  const described = (id: string) => ours({ description: `decision ${id}, rule sales v1` })

  it('is known by its id, whatever came after it', () => {
    expect(shownAttempt(open(undefined, both), described(earlier.decisionId))).toBe(earlier)
    expect(shownAttempt(applying({}, both), described(decisionId))).toBe(newest)
    expect(shownAttempt(open(undefined, both), described('c0ffee00c0ffee00c0ff.2.4'))).toBeUndefined()
  })

  it('is not the one in force, unless the same is being applied', () => {
    expect(isOurs(open(undefined, both), described(earlier.decisionId))).toBe(false)
    expect(isOurs(open(undefined, both), described(decisionId))).toBe(true)
    expect(isOurs(open(), described(decisionId))).toBe(false)
    expect(isOurs(applying({}, both), described(earlier.decisionId))).toBe(true)
    expect(isOurs(applying({ outcome: 'reject' }, both), described(earlier.decisionId))).toBe(false)
  })

  it('is not known by its status alone: only the last one is', () => {
    const bare = lake({ status: 'Approved', description: '', writeSupport: 'without-description' })
    expect(shownAttempt(applying({}, both), bare)).toBe(newest)
    const rejecting = { attempts: [earlier, { ...newest, outcome: 'reject' as const }] }
    expect(shownAttempt(applying({ outcome: 'reject' }, rejecting), bare)).toBeUndefined()
  })
})

describe('a decision of this app is shown', () => {
  const said = (status: string, description: string) => ours({ status, description })
  const own = 'c0ffee00c0ffee00c0ff.1.1'

  it.each([
    ['by the id of an attempt', said('Approved', `decision ${decisionId}`), true],
    [
      'by an id that nobody remembers, beside its status',
      said('Approved', `Approved, decision ${own}`),
      true,
    ],
    ['not by such an id alone', said('Approved', `decision ${own}`), false],
    ['not beside another status', said('Rejected', `Approved, decision ${own}`), false],
    [
      'not by an id of another connection',
      said('Approved', 'Approved, decision c0ffee00c0ffee00c0f.1.1'),
      false,
    ],
    ['not by an id that only ends like one', said('Approved', `Approved, decision x${own}`), false],
    ['not without a status', said('', own), false],
    ['not as Disconnected', said('Disconnected', `Disconnected, decision ${own}`), false],
  ])('%s', (_what, live, isSo) => {
    expect(isShown(applied(9, { attempts: [attempt()] }), live)).toBe(isSo)
  })
})

describe('a decision that the requester’s message named while it waited', () => {
  const { description } = ours()
  const inMessage = (requesterSaid: string, change: Partial<Request> = {}) =>
    applied(9, { attempts: [attempt()], requesterSaid, ...change })

  it.each([
    ['as it is', description],
    ['among other words', `As before: ${description} Thank you.`],
    ['in other case, signs and blanks', `"${description.toUpperCase().replaceAll(' ', '\n')}"`],
  ])('is not shown by that: %s', (_how, message) => {
    expect(isShown(inMessage(message), ours())).toBe(false)
    expect(isShown({ ...open(), requesterSaid: message }, ours())).toBe(false)
  })

  it('is shown by other words than those', () => {
    expect(isShown(inMessage(`decision ${decisionId}`), ours())).toBe(true)
    expect(isShown(inMessage(''), ours())).toBe(true)
    expect(isShown({ ...inMessage(''), requesterSaid: undefined }, ours())).toBe(true)
  })

  it('is shown while its outcome is not known', () => {
    const said = { requesterSaid: description }
    expect(isOurs(applying({}, said), ours())).toBe(true)
    expect(
      isShown(inMessage(description, { attempts: [attempt('approve', now.toISOString())] }), ours()),
    ).toBe(true)
    const later: Attempt = { ...attempt(), decisionId: 'c0ffee00c0ffee00c0ff.2.9' }
    expect(isShown(applying({}, { ...said, attempts: [attempt(), later] }), ours())).toBe(false)
  })

  it('is not shown by a text that is longer than any of ours', () => {
    expect(isShown(inMessage(''), ours({ description: description.padEnd(140, '.') }))).toBe(true)
    expect(isShown(inMessage(''), ours({ description: description.padEnd(141, '.') }))).toBe(false)
  })
})

describe('on a type without descriptions', () => {
  const bare = lake({ status: 'Approved', description: '', writeSupport: 'without-description' })

  it('the status makes a decision ours while it is being applied', () => {
    expect(isOurs(applying(), bare)).toBe(true)
    expect(isOurs(applying({ outcome: 'reject' }), bare)).toBe(false)
  })

  it('the status makes it ours after another endpoint was seen meanwhile', () => {
    expect(isOurs(changed('approve'), bare)).toBe(true)
  })

  it('the status says nothing once Azure has refused, nor while a question is open', () => {
    expect(isOurs(refused('approve'), bare)).toBe(false)
    expect(isOurs(open(), bare)).toBe(false)
    const unreadable: OpenCause = { kind: 'unreadable', question: 'No permission.' }
    expect(isOurs(open(unreadable), bare)).toBe(false)
  })

  it('a description says nothing: this app writes none', () => {
    const live = ours({ writeSupport: 'without-description' })
    expect(isOurs(refused('approve'), live)).toBe(false)
    expect(isShown(applied(9, { attempts: [attempt()] }), live)).toBe(false)
    expect(isShown(open(), live)).toBe(false)
  })

  it('the status says nothing where the type keeps descriptions', () => {
    expect(isOurs(applying(), { ...bare, writeSupport: 'with-description' })).toBe(false)
  })
})

describe('a decision is ours', () => {
  it('on the endpoint and the group ids that were evaluated, and on no others', () => {
    expect(isOurs(applying(), ours())).toBe(true)
    expect(isOurs(applying(), ours({ endpoint: endpoint('b') }))).toBe(false)
    expect(isOurs(applying(), ours(hidden))).toBe(false)
    expect(isOurs(applying(), ours({ groupIds: ['dfs'] }))).toBe(false)
    expect(isOurs(applying(), ours({ description: 'By hand.' }))).toBe(false)
  })
})

describe('another endpoint was seen', () => {
  it.each([
    ['where people were asked about it', changed('approve'), true],
    ['not where they were asked something else', open(), false],
    ['not while a decision is being applied', applying(), false],
    ['not once it was applied', applied(), false],
  ])('%s', (_what, before, isSo) => {
    expect(isEndpointChanged(before)).toBe(isSo)
  })
})
