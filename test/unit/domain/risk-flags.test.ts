import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import type { RefusalCode } from '../../../shared/domain/refusal-codes.ts'
import { holdsLink, riskFlags } from '../../../shared/domain/risk-flags.ts'
import type { ReasonCode } from '../../../shared/domain/verdict.ts'
import { confirmed, doubted } from '../../support/sample-pages.ts'
import { sampleEntry, sampleRequest } from '../../support/sample-request.ts'

const ownTenantId = '11111111-aaaa-4bbb-8ccc-dddddddddddd'
const entryWith = (change: Partial<LogEntry>): LogEntry => ({
  ...{ ...sampleEntry(sampleRequest('open')), sequence: 1, proof: confirmed, requesterSaid: undefined },
  ...change,
})
const flags = (change: Partial<LogEntry>, codes: readonly ReasonCode[] = []) =>
  riskFlags({ codes, entry: entryWith(change), ownTenantId })

describe('a risk flag stands', () => {
  it.each<[ReasonCode, string]>([
    ['competing-claim-before', 'Another endpoint has claimed this name here before.'],
    ['rejected-before', 'A person has said no to this endpoint before.'],
    ['endpoint-changed', 'Another endpoint or other group ids appeared while it was decided.'],
    ['shown-late', 'A decision of this app appeared in Azure after it was given up.'],
    ['changed-outside', 'Somebody changed a decision of this app outside of it.'],
    ['burst-limit', 'More requests came at once than the burst limit allows.'],
    ['azure-fails', 'Azure fails at this target.'],
    ['refused-by-azure', 'Azure refused the decision of this app.'],
  ])('for the reason %s: %s', (code, flag) => {
    expect(flags({}, [code])).toEqual([flag])
    expect(riskFlags({ codes: [code], entry: undefined, ownTenantId })).toEqual([flag])
  })

  it.each<[RefusalCode, string]>([
    ['no-endpoint-id', 'Azure does not show which endpoint asks.'],
    ['endpoint-id-unreadable', 'Azure shows something in place of the endpoint that is no id.'],
    ['tenant-unknown', 'It is not known which tenant the endpoint belongs to.'],
    ['tenant-not-managed', 'It is named like an endpoint of a listed requester, and lies in another tenant.'],
    ['endpoint-id-differs', 'The requester says that its endpoint is another one.'],
    ['group-ids-differ', 'The requester states other group ids.'],
    ['competing-claim', 'Two connections claim the same endpoint name.'],
    ['competing-claim-hidden', 'A connection whose endpoint Azure does not show may be the true one.'],
    ['competing-claims-unknown', 'Other connections could not be read; one may claim the same name.'],
    ['requester-not-found', 'The requester that is named does not exist.'],
  ])('for what was found of the requester, %s: %s', (code, flag) => {
    const proof = { ...confirmed, refusals: [{ code, sentence: 'x' }] }
    expect(flags({ proof })).toEqual([flag])
  })

  it.each<[string, Partial<LogEntry>, string]>([
    ['another tenant', { proof: { ...doubted, refusals: [] } }, 'The endpoint belongs to another tenant.'],
    [
      'an unknown tenant',
      { proof: { ...doubted, refusals: [], endpointTenantId: undefined } },
      'It is not known which tenant the endpoint belongs to.',
    ],
    ['a link', { requesterSaid: 'See www.evil.example' }, "The requester's message contains a link."],
    [
      'invisible characters',
      { requesterSaid: 'ap\u200Bproved' },
      "The requester's message contains invisible characters.",
    ],
    [
      'letters that look like others',
      {
        subject: {
          ...{ kind: 'connection', connectionId: '/c', endpointId: undefined },
          targetId:
            '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/l\u0430ke',
        },
      },
      'Names hold letters that look like others.',
    ],
  ])('for %s', (_title, change, flag) => {
    expect(flags(change)).toEqual([flag])
  })

  it('once, whatever it is known from', () => {
    const proof = { ...doubted, endpointTenantId: undefined, refusals: [] }
    const refusals = [{ code: 'tenant-unknown', sentence: 'x' } as const]
    expect(flags({ proof: { ...proof, refusals } })).toHaveLength(1)
  })

  it('for no tenant where the own one is not known, or the network is a managed one', () => {
    const entry = entryWith({ proof: { ...doubted, refusals: [] } })
    expect(riskFlags({ codes: [], entry, ownTenantId: undefined })).toEqual([])
    expect(flags({})).toEqual([])
  })

  it('for no tenant where a whole target is meant, and for nothing where the entry cannot be read', () => {
    const subject = { kind: 'target', targetId: '/t' } as const
    expect(flags({ subject, proof: { ...doubted, refusals: [] } })).toEqual([])
    expect(riskFlags({ codes: ['no-rule-matched'], entry: undefined, ownTenantId })).toEqual([])
  })
})

describe('a link in what the requester wrote', () => {
  it.each([
    'https://evil.example',
    'HTTPS:evil.example',
    'ftp://evil',
    'www.evil.ru',
    'mail eve@evil.example',
    'mailto:eve',
    'evil.com',
    'see evil.ru/login now',
    String.raw`\\evil\share`,
  ])('is found: %s', (text) => {
    expect(holdsLink(text)).toBe(true)
  })

  it.each(['', 'Needed for the report.', 'v1.2 of adf-sales.blob', 'At 17:02, please', 'Kim, Ann/Bob'])(
    'is not found: %s',
    (text) => {
      expect(holdsLink(text)).toBe(false)
    },
  )
})
