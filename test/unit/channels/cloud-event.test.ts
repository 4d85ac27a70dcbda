import { describe, expect, it } from 'vitest'
import { cloudEvent, maxEventBytes } from '../../../shared/channels/webhook/cloud-event.ts'
import { harmful, injected } from '../../support/injection-corpus.ts'
import { sampleMessage, sampleMessages, sampleRequestInMessage } from '../../support/sample-message.ts'

interface Event {
  readonly data: Record<string, unknown> & { readonly text: string; readonly requests: readonly unknown[] }
}

function event(message = sampleMessage()) {
  return JSON.parse(cloudEvent(message)) as Event
}

describe('an event of a webhook', () => {
  it('is a CloudEvent 1.0', () => {
    expect(event()).toMatchObject({
      specversion: '1.0',
      id: 'case-4711.question.1',
      source: 'urn:private-endpoint-approver',
      type: 'private-endpoint-approver.message.question',
      subject: 'case-4711',
      time: '2026-11-21T17:03:00.000Z',
      datacontenttype: 'application/json',
    })
  })

  it('has the facts for programs, and the text for people', () => {
    const { data } = event()
    expect(data).toMatchObject({
      kind: 'question',
      risk: 'normal',
      case: { id: 'case-4711', kind: 'single' },
      total: 1,
      atExpiry: 'stay-pending',
      requests: [
        {
          targetName: 'stlake',
          groupIds: ['blob'],
          flags: ['The endpoint belongs to another tenant.'],
        },
      ],
    })
    expect(data.text).toContain('One request waits for manual review')
  })

  it('says when each request expires, and of an outcome that something has expired', () => {
    const [expiresAt, atExpiry] = ['2026-12-05T08:00:00.000Z', 'reject'] as const
    const requests = [sampleRequestInMessage({ expiresAt, atExpiry }), sampleRequestInMessage({ expiresAt })]
    const { data } = event(
      sampleMessage({ kind: 'outcome', hasExpired: true, expiresAt: undefined, requests }),
    )
    expect(data).toMatchObject({
      hasExpired: true,
      requests: [
        { expiresAt, atExpiry },
        { expiresAt, atExpiry: 'stay-pending' },
      ],
    })
    expect(data).not.toHaveProperty('expiresAt')
    expect(event().data).not.toHaveProperty('hasExpired')
  })

  it.each(Object.keys(sampleMessages))('of the %s is below 64 KB', (name) => {
    expect(Buffer.byteLength(cloudEvent(sampleMessages[name] ?? sampleMessage()))).toBeLessThan(maxEventBytes)
  })

  it('is below 64 KB whatever the texts', () => {
    const wide = '"\\'.repeat(30_000)
    const requests = Array.from({ length: 30 }, () =>
      sampleRequestInMessage({
        ...{ connectionName: wide, targetId: wide, targetName: wide, requester: wide, endpointId: wide },
        ...{ proof: wide, reason: wide, requesterSaid: wide, flags: Array.from({ length: 50 }, () => wide) },
        groupIds: Array.from({ length: 50 }, () => wide),
      }),
    )
    expect(Buffer.byteLength(cloudEvent(sampleMessage({ requests, title: wide })))).toBeLessThan(
      maxEventBytes,
    )
  })

  it.each(injected)('$place: $what is nothing but visible text', ({ message }) => {
    const texts = textsOf(event(message)).map((text) => text.replaceAll('\n', ''))
    for (const text of texts) {
      expect(text).not.toMatch(harmful)
      expect(text).not.toMatch(/\{\{|<\/?at\b|\$\{|\{%/i)
    }
  })
})

function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}
