import { describe, expect, it } from 'vitest'
import { type Content, maxShown, noContent, withCase, withRequest } from '../../../shared/cases/content.ts'
import { requestInMessage } from '../../../shared/cases/facts.ts'
import { messageOf } from '../../../shared/cases/message.ts'
import type { CaseMember } from '../../../shared/domain/case-member.ts'
import type { GroupKind } from '../../../shared/domain/group.ts'
import type { MessageKind, Risk } from '../../../shared/domain/message.ts'
import { sampleNotification, sampleTarget } from '../../support/sample-request.ts'
import { at, confirmed, entryWith, group, messageWith, unproven } from './given.ts'

const portal = { portal: 'https://portal.azure.com' }
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
    requestInMessage(notification, entryWith({ proof: confirmed() }), portal),
  )
  const message = messageWith({}, { kind: change.kind ?? 'question' })
  return messageOf({
    ids: { ...ids, ...(change.first && { first: change.first }) },
    group: { ...group, kind },
    message,
    content,
    requests,
    at: at(1),
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
      portal,
    )
    expect(shown).toMatchObject({
      ...{
        requester: 'Data Factory adf-prod',
        targetName: 'stlake',
        connectionName: 'c',
        groupIds: ['blob'],
      },
      ...{ proof: 'Verified: a second witness agrees.', requesterSaid: 'Please.', flags: [] },
      portalLink: `https://portal.azure.com/#resource${sampleTarget.id}/networking`,
    })
    expect(shown.commands?.reject).toBe(
      `az network private-endpoint-connection reject --id '${String(notification.connectionId)}' --description 'Rejected by hand'`,
    )
  })

  it('names nobody who is not verified, and says why', () => {
    const shown = requestInMessage(
      sampleNotification(),
      entryWith({ proof: unproven('tenant-unknown') }),
      portal,
    )
    expect(shown.requester).toBeUndefined()
    expect(shown.proof).toMatch(/^Not verified\. Azure did not say/)
    expect(shown.flags).toEqual(['unknown tenant'])
  })

  it('of a whole target has no commands', () => {
    expect(
      requestInMessage(sampleNotification({ connectionId: undefined }), undefined, portal),
    ).toMatchObject({
      ...{ connectionName: undefined, commands: undefined, groupIds: undefined },
    })
  })

  it.each(['https://evil.example', 'see www.evil.example', 'mail eve@evil.example'])(
    'warns of a link in what the requester wrote: %s',
    (requesterSaid) => {
      const { flags } = requestInMessage(sampleNotification(), entryWith({ requesterSaid }), portal)
      expect(flags).toEqual(["the requester's message contains a link"])
    },
  )

  it.each(['\u202Eevil', 'a\r\nBcc: x', '\u200Bx', '\u0000'])(
    'shows what is invisible or turns the text: %j',
    (text) => {
      const shown = requestInMessage(
        sampleNotification({ sentence: `Because "${text}".` }),
        entryWith({ requesterSaid: text, groupIds: [text] }),
        portal,
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
    ['requester', 'question', 'Data Factory adf-prod: 2 requests to stlake'],
    ['burst', 'question', '2 requests at once, of Data Factory adf-prod'],
    ['competing-claims', 'question', '2 requests to stlake claim one endpoint name'],
    ['target', 'question', 'The connections of stlake need manual review'],
    ['requester', 'outcome', 'Decided: Data Factory adf-prod: 2 requests to stlake'],
    ['recipient', 'digest', '2 requests beyond the limit of messages for an hour'],
  ])('of a group by %s, as %s, has the title %s', (of, kind, title) => {
    const message = built(of, all(member(0), member(1)), { kind })
    expect(message.title).toBe(title)
    expect(message.summary).not.toBe('')
  })

  it('of one of competing claims says that there is another', () => {
    expect(built('competing-claims', all(member(0))).title).toBe(
      'A request to stlake claims the endpoint name of another',
    )
  })

  it('of one request is a case of one, and belongs to the thread of its first', () => {
    expect(built('requester', all(member(0)))).toMatchObject({
      case: { id: 'm-1', kind: 'single' },
      inReplyTo: undefined,
    })
    const later = built('requester', all(member(0), member(1)), { kind: 'follow-up', first: 'm.0' })
    expect(later).toMatchObject({ case: { kind: 'group' }, inReplyTo: 'm.0' })
    expect(later.summary).toMatch(/^2 more requests joined this case\. /)
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
