import { describe, expect, it } from 'vitest'
import { harmful, injections } from '../../support/injection-corpus.ts'
import { previewOf } from '../../../shared/remember/preview.ts'
import { endpointIdIn, managedSubscription, provenFactory, storageId } from '../policy/given.ts'
import { entryFor, ordinary, pinned, refusalOf } from './given.ts'

const hostile: Readonly<Record<string, string>> = {
  'a star': 'adf-prod.*',
  'a star in the middle': 'adf-prod.m*b',
  'two stars': 'adf-prod.**',
  quotes: 'adf-prod."x\'',
  'a control character': 'adf-prod.\u0007',
  'a line end': 'adf-prod.\r\nx',
  'a changed direction': 'adf-prod.\u202Etxt',
  'zero width': 'adf-prod.mpe\u200B',
  'a letter that does not show': 'adf-prod.\u3164',
  'a comma': 'adf-prod.a,b',
  'a slash': 'adf-prod.a/b',
  'a percent sign': 'adf-prod.%2A',
  'a lone surrogate': 'adf-prod.\uD800',
  'a combining mark': 'adf-prod.Z\u0301',
}

describe.each(Object.entries(hostile))('a name with %s', (_, name) => {
  const { subject } = entryFor(provenFactory)

  it('of the endpoint makes no rule', () => {
    const endpointId = endpointIdIn(managedSubscription, 'vnet', name)
    expect(
      refusalOf(pinned(provenFactory, { subject: { ...subject, endpointId } as typeof subject })),
    ).toBeDefined()
  })

  it('of an ordinary endpoint that is its own requester makes no rule', () => {
    const of = entryFor(ordinary).subject
    const endpointId = endpointIdIn(managedSubscription, 'vnet', name)
    expect(refusalOf(pinned(ordinary, { subject: { ...of, endpointId } as typeof of }))).toBeDefined()
  })

  it('of the requester makes no rule', () => {
    const { proof } = provenFactory
    const { requester } = proof
    if (!requester) throw new Error('The factory is proven.')
    const forged = {
      ...proof,
      requester: {
        ...requester,
        id: { ...requester.id, id: `${requester.id.id}${name}`, key: requester.id.key },
      },
    }
    expect(refusalOf(pinned(provenFactory, { proof: forged }))).toBeDefined()
  })

  it('of the target makes no rule', () => {
    const forged = { ...subject, targetId: `${storageId}${name}` } as typeof subject
    expect(refusalOf(pinned(provenFactory, { subject: forged }))).toBeDefined()
  })

  it('of a group makes no rule', () => {
    expect(
      refusalOf(pinned(provenFactory, { groupIds: [name.slice('adf-prod.'.length) + '*'] })),
    ).toBeDefined()
  })
})

describe.each(Object.entries(injections))('a reason with %s', (_, reason) => {
  it('is refused, or shows whole and harmless in the preview', () => {
    const made = pinned(provenFactory, {}, { reason, ticket: undefined })
    if (!made.content) {
      expect(made.refused.code).toBe('reason-unusable')
      expect(made.refused.sentence).not.toMatch(harmful)
      return
    }
    const line = previewOf(made.content).find(({ label }) => label === 'justification')
    expect(line?.value).toBe(made.content.justification)
    expect(line?.value.replaceAll('\n', '')).not.toMatch(harmful)
  })

  it('is refused as a ticket, or shows whole', () => {
    const made = pinned(provenFactory, {}, { ticket: reason })
    if (!made.content) expect(made.refused.code).toBe('ticket-unusable')
    else {
      const line = previewOf(made.content).find(({ label }) => label === 'ticket')
      expect(line?.value).toBe(made.content.ticket)
      expect(line?.value).not.toMatch(harmful)
    }
  })
})
