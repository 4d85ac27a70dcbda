import { describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import { parseRequesterId } from '../../../shared/domain/requester-id.ts'
import { madeUpFacts, type MadeUpRequest } from '../../../shared/what-if/made-up.ts'
import {
  factoryId,
  foreignTenant,
  id,
  verdictOf,
  ownEndpointId,
  rule,
  storageId,
  subscription,
} from '../policy/given.ts'

const plain: MadeUpRequest = {
  target: id(storageId),
  groupIds: ['blob'],
  requester: undefined,
  endpoint: undefined,
  proof: undefined,
  tenantId: undefined,
  isManagedTenant: undefined,
  targetTags: [],
  targetManagementGroups: [],
  requesterManagementGroups: [],
  approvedConnections: 0,
}
const frontDoor = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Cdn/profiles/afd`
const byFactory = { requester: parseRequesterId(factoryId) }

function said(change: Partial<MadeUpRequest>, rules: readonly Rule[]) {
  const { facts, problem } = madeUpFacts({ ...plain, ...change })
  if (!facts) throw new Error(problem)
  const { outcome, reason } = verdictOf(rules, facts)
  return [outcome, reason.code]
}

describe('a made-up request', () => {
  it.each<[string, Partial<MadeUpRequest>, Rule, string]>([
    ['a factory that confirms it', byFactory, rule({ groupIds: ['blob'] }), 'allowed-by-rule'],
    [
      'a factory that asks for another group',
      { ...byFactory, groupIds: ['file'] },
      rule({ groupIds: ['blob'] }),
      'no-rule-matched',
    ],
    [
      'a factory whose groups nobody told',
      { ...byFactory, groupIds: undefined },
      rule({ groupIds: ['blob'] }),
      'no-rule-matched',
    ],
    ['somebody who seems to be a factory', { ...byFactory, proof: 'platform' }, rule(), 'unproven-requester'],
    [
      'a factory, with the endpoint of another name',
      { ...byFactory, endpoint: id(ownEndpointId) },
      rule({ endpointName: 'pe-*' }),
      'allowed-by-rule',
    ],
    [
      'Front Door, which cannot be confirmed',
      { requester: parseRequesterId(frontDoor) },
      rule({ requester: { kind: 'resource', id: frontDoor } }),
      'unproven-requester',
    ],
    [
      'an endpoint that confirms it',
      { endpoint: id(ownEndpointId), proof: 'confirmed' },
      rule({ requester: { kind: 'resource', id: ownEndpointId } }),
      'allowed-by-rule',
    ],
    [
      'an endpoint nobody could read',
      { endpoint: id(ownEndpointId) },
      rule({ requester: { kind: 'resource', id: ownEndpointId } }),
      'unproven-requester',
    ],
    [
      'an endpoint by its subscription',
      { endpoint: id(ownEndpointId) },
      rule({ proof: 'platform', requester: { kind: 'scope', pattern: `/subscriptions/${subscription}` } }),
      'allowed-by-rule',
    ],
    [
      'an endpoint by its tenant',
      { endpoint: id(ownEndpointId), tenantId: foreignTenant },
      rule({ proof: 'platform', requester: { kind: 'tenant', tenantId: foreignTenant } }),
      'allowed-by-rule',
    ],
    [
      'an endpoint in a managed tenant',
      { endpoint: id(ownEndpointId), tenantId: foreignTenant, isManagedTenant: true },
      rule({ proof: 'platform', requester: { kind: 'tenant', tenantId: foreignTenant } }),
      'no-rule-matched',
    ],
    ['nobody', {}, rule(), 'unproven-requester'],
    [
      'a target with a tag',
      { ...byFactory, targetTags: [{ name: 'a', value: 'b' }] },
      rule({ targetTags: [{ name: 'A', value: 'b' }] }),
      'allowed-by-rule',
    ],
    ['a target without', byFactory, rule({ targetTags: [{ name: 'a', value: 'b' }] }), 'no-rule-matched'],
    [
      'a target in a management group',
      { ...byFactory, targetManagementGroups: ['Corp'] },
      rule({ target: '/providers/Microsoft.Management/managementGroups/corp' }),
      'allowed-by-rule',
    ],
    [
      'an endpoint in a management group',
      { endpoint: id(ownEndpointId), requesterManagementGroups: ['Corp'] },
      rule({ proof: 'platform', requester: { kind: 'management-group', name: 'corp' } }),
      'allowed-by-rule',
    ],
    [
      'the second of two connections',
      { ...byFactory, approvedConnections: 1 },
      rule({ maxConnections: 2 }),
      'allowed-by-rule',
    ],
    [
      'the third of two',
      { ...byFactory, approvedConnections: 2 },
      rule({ maxConnections: 2 }),
      'no-rule-matched',
    ],
    [
      'one more of an unknown number',
      { ...byFactory, approvedConnections: undefined },
      rule({ maxConnections: 2 }),
      'no-rule-matched',
    ],
  ])('of %s', (_, change, only, code) => {
    expect(said(change, [only])).toEqual([code === 'allowed-by-rule' ? 'approve' : 'escalate', code])
  })

  it.each<[string, Partial<MadeUpRequest>, string]>([
    ['a requester of a type that no rule can name', { requester: id(storageId) }, 'requester'],
    ['a confirmed Front Door', { requester: parseRequesterId(frontDoor), proof: 'confirmed' }, 'proof'],
    ['proof of nobody', { proof: 'platform' }, 'proof'],
    [
      'a confirmed factory outside managed networks',
      { ...byFactory, isManagedTenant: false },
      'isManagedTenant',
    ],
    [
      'a tenant that nobody could tell',
      { endpoint: id(ownEndpointId), proof: 'none', tenantId: foreignTenant },
      'tenantId',
    ],
  ])('cannot be of %s', (_, change, field) => {
    expect(madeUpFacts({ ...plain, ...change })).toMatchObject({ field })
  })
})
