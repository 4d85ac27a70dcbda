import { describe, expect, it } from 'vitest'
import { noticeOf } from '../../../shared/channels/text/notice.ts'
import { plainText } from '../../../shared/channels/text/plain-text.ts'
import {
  expirySentence,
  headlineOf,
  isUrgent,
  labelOf,
  nextStepOf,
} from '../../../shared/channels/text/wording.ts'
import type { CaseKind } from '../../../shared/domain/case.ts'
import type { MessageKind } from '../../../shared/domain/message.ts'
import { sampleMessage, sampleMessages, sampleRequestInMessage } from '../../support/sample-message.ts'

const kinds: readonly MessageKind[] = [
  'question',
  'follow-up',
  'digest',
  'reminder',
  'outcome',
  'alarm',
  'test',
]
const cases: readonly CaseKind[] = ['single', 'group', 'burst', 'competing-claims', 'target']
const whole = { requests: 8, text: 400, hasDetails: true }

function of(kind: MessageKind, caseKind: CaseKind, total = 1) {
  return sampleMessage({ kind, case: { id: 'c', kind: caseKind }, total })
}

describe('the words of a message', () => {
  it.each(kinds.flatMap((kind) => cases.map((one) => [kind, one] as const)))(
    '%s of %s: a headline, a label and a next step that differ with and without a page where there is something to do',
    (kind, caseKind) => {
      const message = of(kind, caseKind, 4)
      expect(headlineOf(message)).toMatch(/^\S.{10,}\S$/)
      expect(labelOf(message)).not.toBe('')
      const steps = new Set([
        nextStepOf(message, 'page'),
        nextStepOf(message, 'commands'),
        nextStepOf(message, 'portal'),
      ])
      expect(steps.size).toBe(['outcome', 'test'].includes(kind) ? 1 : caseKind === 'target' ? 2 : 3)
    },
  )

  it.each([
    ['question', 'single', 1, 'One request waits for manual review'],
    ['question', 'group', 4, '4 requests wait for manual review together'],
    ['question', 'burst', 200, 'Burst case: 200 requests of one source wait'],
    ['question', 'competing-claims', 2, '2 connections claim one endpoint name: which one is genuine?'],
    ['question', 'competing-claims', 1, 'Connections claim one endpoint name: which one is genuine?'],
    ['question', 'target', 1, 'A target cannot be checked'],
    ['follow-up', 'group', 1, '1 more request joined this case'],
    ['digest', 'group', 12, '12 requests came since the last message'],
    ['reminder', 'single', 1, 'Reminder: one request still waits for manual review'],
    ['outcome', 'single', 1, 'This request is closed; nothing is left to do'],
    ['outcome', 'group', 2, 'These requests are closed; nothing is left to do'],
  ] as const)('%s of %s with %i: %s', (kind, caseKind, total, headline) =>
    expect(headlineOf(of(kind, caseKind, total))).toBe(headline),
  )

  it('an alarm and a high risk are urgent; what is closed never is', () => {
    expect(isUrgent({ kind: 'alarm', risk: 'normal' })).toBe(true)
    expect(isUrgent({ kind: 'question', risk: 'high' })).toBe(true)
    expect(isUrgent({ kind: 'question', risk: 'normal' })).toBe(false)
    expect(isUrgent({ kind: 'outcome', risk: 'high' })).toBe(false)
    expect(labelOf({ kind: 'outcome', risk: 'high' })).toBe('Closed')
    expect(labelOf({ kind: 'question', risk: 'high' })).toBe('Review needed (high risk)')
  })

  it('say what becomes of requests that nobody decides', () => {
    expect(expirySentence(sampleMessage())).toBe(
      'Decide by 2026-11-28 17:02 UTC (18:02 Europe/Berlin). Without a decision it stays Pending in Azure, and nobody is reminded again.',
    )
    expect(expirySentence({ ...sampleMessage(), atExpiry: 'reject', total: 3 })).toMatch(
      /they are rejected\.$/,
    )
    expect(expirySentence(sampleMessage({ expiresAt: undefined }))).toBeUndefined()
    expect(expirySentence(sampleMessage({ kind: 'outcome' }))).toBeUndefined()
  })

  it('say that what has expired can still be decided', () => {
    const expiresAt = '2026-10-25T00:30:00.000Z'
    const requests = [sampleRequestInMessage({ expiresAt, outcome: 'Nobody decided.' })]
    const expired = sampleMessage({ kind: 'outcome', hasExpired: true, requests })
    expect([labelOf(expired), headlineOf(expired)]).toEqual([
      'Expired',
      'Nobody decided in time; see what became of each request',
    ])
    expect(nextStepOf(expired, 'page')).toBe('What stays Pending can still be decided on the review page.')
    expect(nextStepOf(expired, 'portal')).toBe('What stays Pending can still be decided in the Azure portal.')
    // The hour before clocks are set back, and the one after, are told apart by UTC.
    const text = plainText(noticeOf(expired, whole))
    expect(text).toContain(
      'until 2026-10-25 00:30 UTC (02:30 Europe/Berlin); without a decision stays Pending',
    )
  })

  it('name the portal and commands where there is no page', () => {
    const text = plainText(noticeOf(sampleMessage({ reviewLink: undefined }), whole))
    expect(text).toContain('in the Azure portal, or with the commands below.')
    expect(text).toContain('Azure portal: https://portal.azure.com/')
    expect(text).toContain('To approve: az network')
  })

  it('name no commands where there are none, or no room for them', () => {
    const without = sampleMessage({
      reviewLink: undefined,
      requests: [sampleRequestInMessage({ commands: undefined })],
    })
    const text = plainText(noticeOf(without, whole))
    expect(text).toContain('Then approve or reject in the Azure portal.')
    expect(text).toContain('Commands: none is known for this type; use the Azure portal')
    const short = plainText(
      noticeOf(sampleMessage({ reviewLink: undefined }), { ...whole, hasDetails: false }),
    )
    expect(short).toContain('Then approve or reject in the Azure portal.')
  })

  it('say once who asks for what, where the title says it', () => {
    const text = plainText(noticeOf(sampleMessage(), whole))
    expect(text.match(/Unknown requester asks for stlake \(blob\)/g)).toHaveLength(1)
    expect(text).toContain('The request\nRisk: ')
    const other = plainText(
      noticeOf(sampleMessage({ title: 'Connections to stlake claim one endpoint name' }), whole),
    )
    expect(other).toContain('Unknown requester asks for stlake (blob)\nRisk: ')
  })

  it('of an outcome show what became of each request, and nothing that was needed to decide it', () => {
    const text = plainText(noticeOf(sampleMessages['outcome'] ?? sampleMessage(), whole))
    expect(text).toContain('The request\nOutcome: Rejected by Alex Approver')
    expect(text).not.toMatch(/Verification|Why not automatic|Risk/)
  })

  it('list risks as sentences', () => {
    const flags = ['The endpoint belongs to another tenant.', 'Two connections claim the same endpoint name.']
    const text = plainText(noticeOf(sampleMessage({ requests: [sampleRequestInMessage({ flags })] }), whole))
    expect(text).toContain(`Risk: ${flags.join(' ')}\n`)
  })

  it('have room for a command of az rest', () => {
    const commands = { approve: `az rest ${'x'.repeat(1_500)}`, reject: 'az reject' }
    const notice = noticeOf(sampleMessage({ requests: [sampleRequestInMessage({ commands })] }), whole)
    expect(plainText(notice)).toContain(`To approve: ${commands.approve}`)
  })

  it('offer no commands for what is decided', () => {
    const outcome = sampleMessages['outcome'] ?? sampleMessage()
    expect(plainText(noticeOf(outcome, whole))).not.toContain('az network')
  })

  it('show a command whole or not at all', () => {
    const commands = { approve: `az ${'x'.repeat(2_000)}`, reject: 'az reject' }
    const notice = noticeOf(sampleMessage({ requests: [sampleRequestInMessage({ commands })] }), whole)
    expect(plainText(notice)).toContain('To approve: too long for this message')
  })

  it('of a record for a whole target ask nobody to approve, and verify nobody', () => {
    const text = plainText(noticeOf(sampleMessages['unreadable target'] ?? sampleMessage(), whole))
    expect(text).not.toMatch(/To approve|Verification|Unknown requester/)
    expect(text).toContain('Until this is fixed, nothing on this target is decided')
  })
})

describe('requests together', () => {
  const group = sampleMessages['factory group of four'] ?? sampleMessage()

  it('show what they have in common once', () => {
    const text = plainText(noticeOf(group, whole))
    expect(text.match(/Verification: /g)).toHaveLength(1)
    expect(text.match(/Risk: /g)).toHaveLength(1)
    expect(text).toContain('3. Data Factory adf-sales asks for stlake (queue)')
  })

  it('show what differs with each', () => {
    const { common, requests } = noticeOf(sampleMessages['competing claims'] ?? sampleMessage(), whole)
    expect(common.map(({ label }) => label)).toEqual(['Why not automatic'])
    expect(requests.map(({ facts }) => facts.map(({ label }) => label))).toEqual([
      ['Risk', 'Verification', 'Requester wrote'],
      ['Risk', 'Verification', 'Requester wrote'],
    ])
  })

  it.each([
    ['burst of 200', 'And 197 more, on the review page.'],
    ['factory group of four', undefined],
  ])('%s: %s', (name, more) =>
    expect(noticeOf(sampleMessages[name] ?? sampleMessage(), whole).more).toBe(more),
  )

  it('link to one page of the portal where it covers all, otherwise to each', () => {
    expect(noticeOf(group, whole).portalLink).toMatch(/^https:\/\/portal/)
    const requests = ['a', 'b'].map((name) =>
      sampleRequestInMessage({ portalLink: `https://portal.azure.com/#${name}` }),
    )
    const notice = noticeOf(sampleMessage({ requests }), whole)
    expect(notice.portalLink).toBeUndefined()
    expect(notice.requests.map(({ portalLink }) => portalLink)).toEqual([
      'https://portal.azure.com/#a',
      'https://portal.azure.com/#b',
    ])
  })
})
