import { describe, expect, it } from 'vitest'
import type { Expiry } from '../../../shared/domain/expiry.ts'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import type { Request } from '../../../shared/domain/request.ts'
import type { Terms } from '../../../shared/domain/verdict.ts'
import { untilRecheck } from '../../../shared/request/deadline.ts'
import { changeOf, episodeOf } from '../../../shared/request/entry.ts'
import { expiryFrom } from '../../../shared/request/expiry.ts'
import { next } from '../../../shared/request/life.ts'
import type { LifeEvent } from '../../../shared/request/step.ts'
import { sampleChoice } from '../../support/sample-request.ts'
import { plainTerms } from '../../support/sample-rule.ts'
import {
  ago,
  alone,
  applying,
  decisionId,
  evaluated,
  lineOf,
  noRule,
  now,
  open,
  openFor,
  unlooked,
  verdictOn,
  waiting,
  within,
  lake,
} from './given.ts'

const hour = 3600
const day = 24 * hour
const rejects: Terms = { ...plainTerms, expiresAfter: 'P2D', atExpiry: 'reject' }
const ask = (terms: Terms | undefined, ruleSetHash = 'list-1') =>
  evaluated('escalate', { terms, ruleSetHash })
/** The same question, in other words. */
const saidOtherwise = evaluated('escalate', {
  reason: { code: 'no-rule-matched', sentence: 'No rule matched; five were near.' },
})
const seen = waiting({}, unlooked)

function changed(before: Request | undefined, event: LifeEvent, terms?: Terms) {
  const { draft } = next(before, event, alone)
  if (!draft) throw new Error('Nothing is written.')
  const entryId = `c0ffee00c0ffee00c0ff.${episodeOf(before)}.8`
  const recorded = before && {
    request: before,
    lastEntry: { audited: [], evaluatedRules: [], terms } as unknown as LogEntry,
  }
  const { subject } = before ?? open()
  return changeOf(recorded, draft, {
    ...{ subject, at: now, correlationId: undefined, entryId, expiresAfter: 'P14D' },
  })
}

const stateOf = ({ request: { state } }: ReturnType<typeof changed>) =>
  state.name === 'open' ? { expiresAt: state.expiresAt, atExpiry: state.atExpiry } : state

describe('a question expires', () => {
  it('after the time of its rule, otherwise that of the app', () => {
    expect(stateOf(changed(undefined, within(ask(undefined))))).toEqual({ expiresAt: ago(-14 * day) })
    expect(stateOf(changed(undefined, within(ask({ ...plainTerms, expiresAfter: 'PT8H' }))))).toEqual({
      expiresAt: ago(-8 * hour),
    })
    expect(stateOf(changed(undefined, within(ask(rejects))))).toEqual({
      ...{ expiresAt: ago(-2 * day), atExpiry: 'reject' },
    })
  })

  it.each<[string, Partial<Parameters<typeof expiryFrom>[0]>, Expiry]>([
    ['never where nothing says when', { usual: undefined }, {}],
    ['never about a target', { subject: { kind: 'target', targetId: 't' } }, {}],
    ['never where Azure shows a decision', { cause: { kind: 'shown-late' } }, {}],
    ['never where somebody changed it', { cause: { kind: 'changed-outside' } }, {}],
    [
      'without a rejection where Azure refused a decision of people',
      { cause: { kind: 'refused' }, terms: rejects },
      { expiresAt: ago(-2 * day) },
    ],
    [
      'without a rejection where another endpoint stands there',
      { cause: { kind: 'endpoint-changed' }, terms: rejects },
      { expiresAt: ago(-2 * day) },
    ],
  ])('%s', (_, change, expected) => {
    const { subject } = open()
    const cause = { kind: 'verdict', question: noRule } as const
    const usual = { subject, cause, since: ago(0), terms: undefined, usual: 'P14D' }
    expect(expiryFrom({ ...usual, ...change })).toEqual(expected)
  })

  it('at the time that was said, whatever follows while it is open', () => {
    const request = openFor(5 * hour, {}, { expiresAt: ago(-day), atExpiry: 'reject' })
    const kept = { expiresAt: ago(-day), atExpiry: 'reject' }
    expect(stateOf(changed(request, seen))).toEqual(kept)
    const choice = sampleChoice({ required: 2 })
    expect(stateOf(changed(request, { kind: 'chosen', choice }))).toEqual(kept)
    expect(stateOf(changed(request, verdictOn(saidOtherwise)))).toEqual(kept)
  })

  it('at the same time after a refused decision was tried again', () => {
    const refused = { rule: 'sales v1', code: 'ScopeLocked', since: ago(day), retryAt: ago(0) }
    const request = {
      ...open({ kind: 'refused' }, { refused, said: [] }),
      state: { ...open({ kind: 'refused' }).state, expiresAt: ago(-day) },
    }
    const { request: tried } = changed(request, within(evaluated('approve')))
    expect(tried.state).toMatchObject({ asked: { expiresAt: ago(-day) } })
  })

  it('anew with a new question', () => {
    const request = openFor(5 * hour, {}, { expiresAt: ago(-day), atExpiry: 'reject' })
    const other = evaluated('escalate', {
      ...{ ruleSetHash: 'list-2', reason: { code: 'asked-by-rule', sentence: 'Ask.' } as const },
    })
    expect(stateOf(changed(request, verdictOn(other)))).toEqual({ expiresAt: ago(-14 * day) })
  })
})

describe('when nobody has decided in time', () => {
  const stays = openFor(
    14 * day,
    { notified: ['c0ffee00c0ffee00c0ff.2.5', decisionId] },
    { expiresAt: ago(0) },
  )
  const isRejected = openFor(2 * day, {}, { expiresAt: ago(0), atExpiry: 'reject' })

  it('the request stays open, and everybody who was notified learns that it stays Pending', () => {
    const { request, notification, entry } = changed(stays, seen)
    expect(request).toEqual({ ...stays, expired: decisionId })
    expect([entry.kind, entry.state]).toEqual(['expired', 'open'])
    expect(notification).toMatchObject({
      ...{ kind: 'outcome', code: 'expired', about: stays.notified, expiresAt: ago(0) },
      sentence:
        'Nobody decided until 2026-11-21 08:00 UTC; the connection stays Pending in Azure. It can still be decided on its page.',
    })
  })

  it('nobody is notified of it again, nor reminded, until it ends', () => {
    const { request } = changed(stays, seen)
    for (const elapsed of [day, 14 * day, 100 * day]) {
      const at = new Date(now.getTime() + elapsed * 1000)
      expect(next(request, seen, { at, isFollowed: false }).draft).toBeUndefined()
    }
    expect(changed(request, { kind: 'gone' }).notification).toMatchObject({
      ...{ kind: 'outcome', about: stays.notified },
    })
  })

  it('and the rule rejects then, that is what is chosen, by nobody, and nobody is notified before it is applied', () => {
    const { request, notification } = changed(isRejected, seen)
    expect(notification).toBeUndefined()
    expect(request.choices).toMatchObject([{ outcome: 'reject', person: undefined, at: now.toISOString() }])
    expect(lineOf({ request, event: seen })).toBe('evaluate')
    const intent = changed(request, verdictOn(ask(rejects)), rejects)
    expect(intent.entry).toMatchObject({
      ...{ kind: 'intent', outcome: 'reject', actor: { kind: 'policy' } },
      reason: { code: 'expired', sentence: 'Rejected, as nobody decided until 2026-11-21 08:00 UTC.' },
    })
    expect(intent.request.choices).toEqual(request.choices)
    expect(intent.request.attempts).toEqual([
      expect.not.objectContaining({ isByPerson: true }) as Request['attempts'][number],
    ])
  })

  it('one approval of two is no decision', () => {
    const request = { ...isRejected, choices: [sampleChoice({ required: 2 })] }
    expect(changed(request, seen).request.choices).toMatchObject([{ outcome: 'reject', person: undefined }])
  })

  it.each([
    ['people have decided before', { ...stays, choices: [sampleChoice()] }, seen, 'evaluate'],
    [
      'people have rejected it before',
      { ...isRejected, choices: [sampleChoice({ outcome: 'reject' })] },
      seen,
      'evaluate',
    ],
    ['somebody is deciding it', stays, waiting({ status: 'Approving' }, unlooked), 'evaluate'],
    [
      'it is a moment too early',
      openFor(day, { remindedAt: ago(60) }, { expiresAt: ago(-0.001) }),
      seen,
      'end',
    ],
  ])('nothing expires where %s', (_, request, event, then) => {
    expect(lineOf({ request, event })).toBe(then)
  })
})

describe('a rejection at expiry', () => {
  const choices = [sampleChoice({ outcome: 'reject', person: undefined, at: now.toISOString() })]
  const request = openFor(
    2 * day,
    { choices, expired: decisionId },
    { expiresAt: ago(0), atExpiry: 'reject' },
  )
  const line = (event: LifeEvent, before: Request = request) => lineOf({ request: before, event })

  it('is applied while the rule says so', () => {
    expect(line(verdictOn(ask(rejects)))).toBe('intent → applying (expired); read')
  })

  it('is not applied where a rule approves or rejects the request by now: that counts', () => {
    expect(line(verdictOn(evaluated('approve')))).toBe('count')
    expect(line(verdictOn(evaluated('reject')))).toBe('count')
    expect(changed(request, within(evaluated('approve'))).request.choices).toEqual([])
  })

  it.each([
    ['no rule rejects it any more', ask(plainTerms)],
    ['the allow-list cannot be used', ask(undefined)],
  ])('is not applied where %s: people are asked anew', (_, made) => {
    const { request: after, notification } = changed(request, verdictOn(made))
    expect(after.choices).toEqual([])
    expect(notification?.sentence).toContain(
      'Rejected, as nobody decided until 2026-11-21 08:00 UTC. But no rule rejects it for that any more.',
    )
  })

  it('is not applied to other group ids than people were shown', () => {
    const made = ask(rejects)
    const other = { ...made, connection: lake({ groupIds: ['dfs'] }) }
    expect(line(verdictOn(other))).toBe('escalated → open (choice-outdated, question); end')
  })

  it('that is being applied stays the decision of nobody', () => {
    const state = { outcome: 'reject', rule: undefined } as const
    const { request: again } = changed(applying(state, { choices }), verdictOn(ask(rejects)))
    expect(again.attempts.at(-1)).not.toHaveProperty('isByPerson')
    const { entry } = changed(applying(state, { choices }), {
      ...{ kind: 'busy', afterSeconds: 2, code: '429', message: 'Slow.' },
    })
    expect(entry.actor).toEqual({ kind: 'policy' })
  })
})

describe('the next recheck', () => {
  it('comes in time for the expiry', () => {
    const request = (seconds: number, change: Partial<Request> = {}) =>
      openFor(8 * day, change, { expiresAt: ago(-seconds) })
    expect(untilRecheck(request(100), now)).toBe(100)
    expect(untilRecheck(request(0.2), now)).toBe(1)
    expect(untilRecheck(request(2 * day), now)).toBe(day)
    expect(untilRecheck(request(0), now)).toBe(day)
    expect(untilRecheck(request(100, { expired: decisionId }), now)).toBe(day)
  })
})
