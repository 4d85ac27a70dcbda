import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contentHash } from '../../../shared/allow-list/rule/hash.ts'
import { previewOf } from '../../../shared/remember/preview.ts'
import { provenFactory } from '../policy/given.ts'
import { anyContent } from '../allow-list/given.ts'
import { kim, ruleFor } from './given.ts'

describe('the preview of a rule', () => {
  it('says each field as a file does, defaults included', () => {
    expect(previewOf(ruleFor(provenFactory).content).map(({ label, value }) => `${label}: ${value}`)).toEqual(
      [
        'id: remembered-stdata-0123456789ab.1',
        'effect: allow',
        'mode: enforce',
        expect.stringMatching(/^target: .*\/storageAccounts\/stdata$/),
        'targetTypes: Microsoft.Storage/storageAccounts',
        'groupIds: blob',
        expect.stringMatching(/^requester: .*\/factories\/adf-prod$/),
        'endpointName: adf-prod.mpe-blob',
        'proof: confirmed',
        'validUntil: 2027-02-19',
        `owner: ${kim}`,
        'justification: Nightly load of sales',
        'ticket: CHG-1021',
      ],
    )
  })

  it('differs where the rules differ in what shows', () => {
    const { content } = ruleFor(provenFactory)
    const changes = [
      { target: `${content.target}x` },
      { groupIds: ['blob', 'dfs'] },
      { groupIds: [] },
      { requester: { kind: 'tenant', tenantId: kim } as const },
      { endpointName: undefined },
      { proof: 'platform' as const },
      { mode: 'audit' as const },
      { maxConnections: 2 },
      { validUntil: '2027-02-19T00:00:01.000Z' },
      { validUntil: undefined },
      { approvalEndsAfter: 'P1D' },
      { targetTags: [{ name: 'a', value: 'b' }] },
      { ticket: undefined },
    ]
    const shown = [content, ...changes.map((change) => ({ ...content, ...change }))].map((one) =>
      JSON.stringify(previewOf(one)),
    )
    expect(new Set(shown).size).toBe(shown.length)
  })

  it('never holds a character that does not show', () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        for (const { value } of previewOf(content))
          expect(value.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
      }),
    )
  })
})

describe('the hash of a rule', () => {
  it('is the same for the same rule, whatever the order of its fields', () => {
    fc.assert(
      fc.property(anyContent, (content) => {
        const turned = Object.fromEntries(Object.entries(content).reverse()) as typeof content
        expect(contentHash(turned)).toBe(contentHash(content))
      }),
    )
  })

  it('differs for any two rules that differ', () => {
    fc.assert(
      fc.property(anyContent, anyContent, (a, b) => {
        const isSame = contentHash(a) === contentHash(b)
        if (isSame) expect(a).toEqual(b)
      }),
    )
    const { content } = ruleFor(provenFactory)
    expect(contentHash({ ...content, justification: `${content.justification ?? ''}.` })).not.toBe(
      contentHash(content),
    )
  })
})
