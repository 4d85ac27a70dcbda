import { describe, expect, it } from 'vitest'
import { groupOf } from '../../../shared/cases/group.ts'
import { riskOf } from '../../../shared/cases/risk.ts'
import { groupKey } from '../../../shared/domain/group.ts'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import type { Notification } from '../../../shared/domain/notification.ts'
import { sampleNotification, sampleTarget } from '../../support/sample-request.ts'
import { confirmed, entryWith, factoryId, unproven } from './given.ts'

const to = { kind: 'route', name: 'all', tags: [] } as const
const endpointId = `/subscriptions/${sampleTarget.subscriptionId}/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/ADF.one`
const subject = {
  kind: 'connection',
  connectionId: sampleTarget.id,
  targetId: sampleTarget.id,
  endpointId,
} as const
const grouped = (change: Partial<Notification> = {}, entry?: Partial<LogEntry>) => {
  const { kind, name, source } = groupOf(sampleNotification(change), entry && entryWith(entry), to)
  return { kind, name, source }
}
const unknown = `subscription ${sampleTarget.subscriptionId}`

describe('requests are gathered', () => {
  it('by their confirmed requester, in whatever spelling', () => {
    const proof = confirmed()
    expect(grouped({}, { proof })).toEqual({
      ...{ kind: 'requester', name: factoryId?.key, source: `requester ${String(factoryId?.key)}` },
    })
  })

  it('by the subscription of the target, where nobody could be verified', () => {
    const expected = { kind: 'subscription', name: sampleTarget.subscriptionId, source: unknown }
    expect(grouped({}, { proof: { ...confirmed(), level: 'platform' } })).toEqual(expected)
    expect(grouped({}, { proof: unproven('no-endpoint-id') })).toEqual(expected)
    expect(grouped()).toEqual(expected)
  })

  it('by the endpoint name that several claim', () => {
    const expected = { kind: 'competing-claims', name: `${sampleTarget.key} adf.one`, source: unknown }
    for (const code of ['competing-claim', 'competing-claim-hidden', 'competing-claims-unknown'] as const)
      expect(grouped({}, { subject, proof: unproven(code) })).toEqual(expected)
    expect(grouped({ code: 'competing-claim-before' }, { subject })).toEqual(expected)
    expect(grouped({ code: 'competing-claim-before' })).toMatchObject({ name: `${sampleTarget.key} ` })
  })

  it('by a target as a whole', () => {
    expect(grouped({ connectionId: undefined })).toEqual({
      kind: 'target',
      name: sampleTarget.key,
      source: unknown,
    })
  })

  it('by their burst case before anything else, counted at their requester', () => {
    const proof = { ...confirmed(), refusals: unproven('competing-claim').refusals }
    expect(grouped({ caseId: 'c', connectionId: undefined }, { proof })).toMatchObject({
      ...{ kind: 'burst', name: 'c', source: `requester ${String(factoryId?.key)}` },
    })
  })

  it('apart for each route and each recipient by tag', () => {
    const tags = [{ name: 'owner', value: 'kim@contoso.com' }]
    const routes = [to, { ...to, name: 'b' }, { ...to, name: undefined }, { ...to, tags }]
    const keys = routes.map((one) => groupKey(groupOf(sampleNotification(), undefined, one)))
    expect(new Set(keys).size).toBe(4)
  })

  it('in one place, in whatever order the fields of a stored group are', () => {
    const group = groupOf(sampleNotification(), undefined, { ...to, tags: [{ name: 'owner', value: 'kim' }] })
    const stored = {
      to: { tags: [{ value: 'kim', name: 'owner' }], name: 'all', kind: 'route' },
      ...{ source: group.source, name: group.name, kind: group.kind },
    } as const
    expect(groupKey(stored)).toBe(groupKey(group))
  })
})

describe('the risk', () => {
  it.each<[string, Partial<Notification>, Partial<LogEntry>]>([
    ['an alarm', { severity: 'alarm' }, {}],
    ['a rejection before', { code: 'rejected-before' }, {}],
    ['a competing claim', {}, { proof: unproven('no-endpoint-id', 'competing-claim') }],
    ['an unknown tenant', {}, { proof: unproven('tenant-unknown') }],
  ])('of %s is high', (_, change, entry) => {
    expect(riskOf(sampleNotification(change), entryWith(entry))).toBe('high')
  })

  it('of a question that nobody could be verified for is normal, also where its decision cannot be read', () => {
    expect(riskOf(sampleNotification(), entryWith({ proof: unproven('no-endpoint-id') }))).toBe('normal')
    expect(riskOf(sampleNotification(), undefined)).toBe('normal')
  })
})
