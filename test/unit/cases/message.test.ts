import { describe, expect, it } from 'vitest'
import { type Content, maxShown, noContent, withCase, withRequest } from '../../../shared/cases/content.ts'
import { requestInMessage } from '../../../shared/cases/facts.ts'
import { messageOf } from '../../../shared/cases/message.ts'
import type { CaseMember } from '../../../shared/domain/case-member.ts'
import type { GroupKind } from '../../../shared/domain/group.ts'
import type { MessageKind, Risk } from '../../../shared/domain/message.ts'
import { sampleNotification, sampleTarget } from '../../support/sample-request.ts'
import { at, confirmed, entryWith, group, messageWith, unproven } from './given.ts'

const settings = { ownTenantId: undefined }
const inAzure = {
  portalLink: `https://portal.azure.com/#resource${sampleTarget.id}/networking`,
  commands: { approve: 'az approve', reject: 'az reject' },
}
const ids = { message: 'm.1', case: 'm-1', first: 'm.1' }

function member(
  minute: number,
  risk: Risk = 'normal',
  severity: 'question' | 'alarm' = 'question',
): Extract<CaseMember, { kind: 'request' }> {
  const since = at(minute).toISOString()
  return {
    kind: 'request',
    id: `n${minute}`,
    risk,
    recordKey: 'r',
    notification: sampleNotification({ since, severity }),
  }
}

const all = (...members: ReturnType<typeof member>[]): Content =>
  members.reduce<Content>(withRequest, noContent)

function built(kind: GroupKind, content: Content, change: { kind?: MessageKind; first?: string } = {}) {
  const requests = content.shown.map(({ notification }) =>
    requestInMessage(notification, entryWith({ proof: confirmed() }), settings, inAzure),
  )
  const message = messageWith({}, { kind: change.kind ?? 'question' })
  return messageOf({
    ids: { ...ids, ...(change.first && { first: change.first }) },
    group: { ...group, kind },
    message,
    content,
    requests,
    at: at(1),
    timeZone: 'Europe/Berlin',
  })
}

describe('a request in a message', () => {
  it('says who asks for what, how far that is verified, and what to do by hand', () => {
    const notification = sampleNotification({
      connectionId: `${sampleTarget.id}/privateEndpointConnections/c`,
    })
    const shown = requestInMessage(
      notification,
      entryWith({ proof: confirmed(), requesterSaid: 'Please.' }),
      settings,
      inAzure,
    )
    expect(shown).toMatchObject({
      ...{
        requester: 'Data Factory adf-prod',
        targetName: 'stlake',
        connectionName: 'c',
        groupIds: ['blob'],
      },
      proof: 'Verified. A second witness agrees: the list of the requester itself, or its endpoint.',
      ...{ requesterSaid: 'Please.', flags: ['It is not known which tenant the endpoint belongs to.'] },
      ...inAzure,
    })
  })

  it('names nobody who is not verified, and says why', () => {
    const shown = requestInMessage(
      sampleNotification(),
      entryWith({ proof: unproven('tenant-unknown') }),
      settings,
      inAzure,
    )
    expect(shown.requester).toBeUndefined()
    expect(shown.proof).toMatch(/^Not verified\. It is not known who asks\. Azure did not say/)
    expect(shown.flags).toEqual(['It is not known which tenant the endpoint belongs to.'])
  })

  it('of a whole target names no connection', () => {
    const whole = sampleNotification({ connectionId: undefined })
    expect(requestInMessage(whole, undefined, settings, inAzure)).toMatchObject({
      ...{ connectionName: undefined, groupIds: undefined },
    })
  })

  it('of which the entry cannot be read still warns of what the notification says', () => {
    const { flags } = requestInMessage(
      sampleNotification({ code: 'changed-outside' }),
      undefined,
      settings,
      inAzure,
    )
    expect(flags).toEqual(['Somebody changed a decision of this app outside of it.'])
  })

  it('warns of an endpoint in another tenant than the one in which people sign in', () => {
    const proof = { ...confirmed(), endpointTenantId: 'b', isManagedTenant: false }
    const { flags } = requestInMessage(
      sampleNotification(),
      entryWith({ proof }),
      { ownTenantId: 'a' },
      inAzure,
    )
    expect(flags).toEqual(['The endpoint belongs to another tenant.'])
  })

  it.each(['\u202Eevil', 'a\r\nBcc: x', '\u200Bx', '\u0000'])(
    'shows what is invisible or turns the text: %j',
    (text) => {
      const shown = requestInMessage(
        sampleNotification({ sentence: `Because "${text}".` }),
        entryWith({ requesterSaid: text, groupIds: [text] }),
        settings,
        inAzure,
      )
      for (const one of [shown.reason, shown.requesterSaid, ...(shown.groupIds ?? [])]) {
        expect(one).toContain('\uFFFD')
        expect(one).not.toContain(text)
      }
    },
  )
})

describe('a message', () => {
  it('shows the most urgent first, then those that wait longest, and counts the rest', () => {
    const members = Array.from({ length: 30 }, (_, minute) =>
      member(30 - minute, minute === 4 ? 'high' : 'normal'),
    )
    const content = all(...members)
    expect(content).toMatchObject({ total: 30, risk: 'high', hasAlarm: false })
    expect(content.shown).toHaveLength(maxShown)
    expect(content.shown.slice(0, 3).map(({ id }) => id)).toEqual(['n26', 'n1', 'n2'])
  })

  it('is an alarm when something happened that should not', () => {
    expect(built('requester', all(member(0), member(1, 'high', 'alarm')))).toMatchObject({
      kind: 'alarm',
      risk: 'high',
    })
    expect(built('requester', all(member(0)))).toMatchObject({ kind: 'question', risk: 'normal' })
  })

  it.each<[GroupKind, MessageKind, string]>([
    ['requester', 'question', 'Data Factory adf-prod asks for 2 connections to stlake'],
    ['subscription', 'follow-up', 'Data Factory adf-prod asks for 2 connections to stlake'],
    ['burst', 'question', '2 requests at once from Data Factory adf-prod'],
    ['competing-claims', 'question', '2 connections to stlake claim one endpoint name'],
    ['target', 'alarm', 'Connections of stlake cannot be checked'],
    ['requester', 'outcome', 'Data Factory adf-prod asked for 2 connections to stlake'],
    ['recipient', 'digest', '2 requests beyond the limit of messages for an hour'],
  ])('of a group by %s, as %s, has the title %s', (of, kind, title) => {
    const message = built(of, all(member(0), member(1)), { kind })
    expect(message.title).toBe(title)
    expect(message.summary).not.toBe('')
  })

  it('says when its requests expire: the first time, where the same becomes of all', () => {
    const expiring = (expiresAt?: string, atExpiry?: 'reject') => ({
      ...member(0),
      notification: sampleNotification({
        ...(expiresAt !== undefined && { expiresAt }),
        ...(atExpiry && { atExpiry }),
      }),
    })
    const [first, second] = ['2026-12-01T08:00:00.000Z', '2026-12-02T08:00:00.000Z']
    const timeZone = 'Europe/Berlin'
    const of = (...members: ReturnType<typeof expiring>[]) => built('requester', all(...members))
    expect(of(expiring(second), expiring(first))).toMatchObject({ expiresAt: first, timeZone })
    expect(of(expiring(second, 'reject'))).toMatchObject({ expiresAt: second, atExpiry: 'reject' })
    expect(of(expiring(second, 'reject'), expiring(first)).expiresAt).toBeUndefined()
    expect(of(expiring(second), expiring()).expiresAt).toBeUndefined()
    expect(of(expiring(second), expiring(first)).requests.map(({ expiresAt }) => expiresAt)).toEqual([
      ...[second, first],
    ])
  })

  it('of one of competing claims says that there is another', () => {
    expect(built('competing-claims', all(member(0))).title).toBe(
      'A connection to stlake claims the endpoint name of another',
    )
  })

  it('of one request is a case of one, and belongs to the thread of its first', () => {
    expect(built('requester', all(member(0)))).toMatchObject({
      case: { id: 'm-1', kind: 'single' },
      inReplyTo: undefined,
    })
    const later = built('requester', all(member(0), member(1)), { kind: 'follow-up', first: 'm.0' })
    expect(later).toMatchObject({ case: { kind: 'group' }, inReplyTo: 'm.0' })
    expect(later.summary).toBe(built('requester', all(member(0))).summary)
  })

  it('of one request has a title that says which group ids are asked for', () => {
    expect(built('requester', all(member(0))).title).toBe('Data Factory adf-prod asks for stlake (blob)')
  })

  it('of an outcome says where it is', () => {
    expect(built('requester', all(member(0)), { kind: 'outcome' }).summary).toBe(
      'What became of the request stands below.',
    )
    expect(built('requester', all(member(0), member(1)), { kind: 'outcome' }).summary).toBe(
      'What became of each of the 2 requests stands below.',
    )
  })

  it('carries the second time zone', () => {
    expect(built('requester', all(member(0))).timeZone).toBe('Europe/Berlin')
  })

  it('has a title of 120 characters at most, whatever names others choose', () => {
    const targetId = `${sampleTarget.id}${'x'.repeat(300)}`
    const content = all({ ...member(0), notification: sampleNotification({ targetId }) })
    expect(Array.from(built('requester', content).title).length).toBeLessThanOrEqual(120)
  })
})

describe('a digest', () => {
  it('shows the most urgent request of each case, and counts all', () => {
    const content = [all(member(1), member(2)), all(member(3, 'high')), noContent].reduce(withCase, noContent)
    expect(content).toMatchObject({ total: 3, cases: 2, risk: 'high' })
    expect(content.shown.map(({ id }) => id)).toEqual(['n3', 'n1'])
    expect(built('recipient', content, { kind: 'digest' }).summary).toMatch(/^3 requests of 2 cases /)
  })
})
