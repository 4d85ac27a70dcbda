import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fittingPayload, maxPayloadBytes } from '../../../shared/channels/teams/fit.ts'
import { injected, injections } from '../../support/injection-corpus.ts'
import { objectionsTo, objectsOf } from '../../support/rendered.ts'
import { sampleMessage, sampleMessages, sampleRequestInMessage } from '../../support/sample-message.ts'

interface Payload {
  readonly type: string
  readonly attachments: readonly [{ readonly contentType: string; readonly content: Record<string, unknown> }]
}

function payload(message = sampleMessage()): Payload {
  return JSON.parse(fittingPayload(message)) as Payload
}

function card(message = sampleMessage()): Record<string, unknown> {
  return payload(message).attachments[0].content
}

describe('a card', () => {
  it('is a message with one attachment, for clients of version 1.4', () => {
    const { type, attachments } = payload()
    expect(type).toBe('message')
    expect(attachments).toHaveLength(1)
    expect(attachments[0]).toMatchObject({
      contentType: 'application/vnd.microsoft.card.adaptive',
      contentUrl: null,
      content: { version: '1.4', lang: 'en', msteams: { width: 'Full' } },
    })
  })

  it.each(Object.entries(sampleMessages))('of the %s passes the official parser', (_, message) =>
    expect(objectionsTo(card(message))).toEqual([]),
  )

  it('with an unknown element would not pass it', () => {
    const broken = { ...card(), body: [{ type: 'RichTextBlok' }] }
    expect(objectionsTo(broken)).not.toEqual([])
  })

  it('opens the review page first, then the portal, and nothing else', () => {
    const actions = objectsOf(card()).filter(({ type }) => type.startsWith('Action.'))
    expect(actions.map(({ type, title }) => [type, title])).toEqual([
      ['Action.OpenUrl', 'Review'],
      ['Action.OpenUrl', 'Azure portal'],
    ])
  })

  it('without a review link opens the portal', () => {
    const actions = objectsOf(card(sampleMessage({ reviewLink: undefined }))).filter(({ type }) =>
      type.startsWith('Action.'),
    )
    expect(actions.map(({ title }) => title)).toEqual(['Azure portal'])
  })

  it('says in old clients where to go', () => {
    expect(card()['fallbackText']).toBe(
      'One request waits for manual review: https://approver.contoso.example/review/v1.eyJjIjoiNDcxMSJ9.3vQ9m1xkT0',
    )
  })
})

describe('the size of a card', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 2_000 }),
    fc.constantFrom(...Object.values(injections)),
  )
  const request = fc
    .record({
      ...{ connectionName: text, targetId: text, targetName: text, requester: text, endpointId: text },
      ...{ proof: text, reason: text, requesterSaid: text, flags: fc.array(text, { maxLength: 20 }) },
      groupIds: fc.array(text, { maxLength: 20 }),
      commands: fc.record({ approve: text, reject: text }),
    })
    .map(sampleRequestInMessage)
  const message = fc
    .record({ title: text, summary: text, requests: fc.array(request, { maxLength: 12 }) })
    .map(sampleMessage)

  it('is below what Teams takes, whatever the texts', () => {
    fc.assert(
      fc.property(message, (one) => {
        const json = fittingPayload(one)
        expect(Buffer.byteLength(json)).toBeLessThanOrEqual(maxPayloadBytes)
      }),
      { numRuns: 60 },
    )
  })

  it('lets fewer requests be shown first, and says how many are not', () => {
    const requests = Array.from({ length: 12 }, (_, index) =>
      sampleRequestInMessage({ connectionName: `c${index}`, reason: `${index} ${'wide 東'.repeat(60)}` }),
    )
    const shown = objectsOf(card(sampleMessage({ requests, total: 30 })))
    const texts = shown.flatMap((object) => ('text' in object ? [String(object['text'])] : []))
    const asks = new Set(texts.filter((one) => /^\d+\. /.test(one)))
    expect(asks.size).toBeGreaterThanOrEqual(2)
    expect(asks.size).toBeLessThan(12)
    expect(texts).toContain(`And ${30 - asks.size} more, on the review page.`)
  })

  it('fits with the widest texts everywhere', () => {
    const wide = '"\\\u0000'.repeat(30_000)
    const requests = Array.from({ length: 8 }, () =>
      sampleRequestInMessage({
        ...{ connectionName: wide, targetId: wide, targetName: wide, requester: wide, endpointId: wide },
        ...{ proof: wide, reason: wide, requesterSaid: wide, flags: Array.from({ length: 50 }, () => wide) },
        ...{ groupIds: Array.from({ length: 50 }, () => wide), outcome: wide },
        commands: { approve: wide, reject: wide },
      }),
    )
    const json = fittingPayload(sampleMessage({ requests, title: wide, summary: wide }))
    expect(Buffer.byteLength(json)).toBeLessThanOrEqual(maxPayloadBytes)
  })
})

describe('text from outside in a card', () => {
  const own = new Set(
    objectsOf(card())
      .filter(({ type }) => type === 'TextBlock')
      .map(({ text }) => text),
  )

  it.each(injected)('$place: $what stands in a TextRun only', ({ message }) => {
    const json = fittingPayload(message)
    const { content } = (JSON.parse(json) as Payload).attachments[0]
    const objects = objectsOf(content)
    const blocks = objects.filter(({ type }) => type === 'TextBlock')
    expect(blocks.filter(({ text }) => !own.has(text))).toEqual([])
    expect(objects.map(({ type }) => type)).not.toContain('FactSet')
    const links = objects.filter(({ type }) => type === 'Action.OpenUrl').map(({ url }) => String(url))
    for (const link of links)
      expect(link).toMatch(/^https:\/\/(approver\.contoso\.example|portal\.azure\.com)\//)
    expect(json).not.toMatch(/\{\{|<\/?at\b|\$\{|\{%/i)
    const texts = objects.flatMap((object) => ('text' in object ? [String(object['text'])] : []))
    for (const text of texts) expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
    expect(objectionsTo(content)).toEqual([])
  })
})
