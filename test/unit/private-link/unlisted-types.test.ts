import { describe, expect, it } from 'vitest'
import { resourceTypes } from '../../../shared/private-link/resource-types/table.ts'
import { failure } from './fake-azure.ts'
import type { Replies, Reply } from './fake-azure.ts'
import { ownSubscription, targetOf } from './ids.ts'
import { item, onlyOne, setting } from './setting.ts'
import { listWhole } from '../../support/whole-list.ts'

const thing = targetOf('Contoso.New/things')
const id = `${thing.id}/privateEndpointConnections/c1`
const listing = `GET ${thing.id}/privateEndpointConnections`
const provider = `GET /subscriptions/${ownSubscription}/providers/contoso.new`
const approval = { status: 'Approved', description: 'Approved, decision d1' } as const

function offering(...apiVersions: readonly string[]): Reply {
  const resourceTypes = [
    { resourceType: 'things', apiVersions: ['2030-01-01'] },
    { resourceType: 'Things/PrivateEndpointConnections', apiVersions },
  ]
  return { status: 200, body: { namespace: 'Contoso.New', resourceTypes } }
}

function listed(...items: readonly unknown[]): Replies {
  return { [listing]: { status: 200, body: { value: items } } }
}

describe('a type that is not in the table', () => {
  it('is none of those that are', () => {
    expect(resourceTypes.map(({ type }) => type)).not.toContain(thing.type)
  })

  it.each([
    ['the newest stable version', ['2024-01-01', '2026-01-01-preview', '2025-06-01'], '2025-06-01'],
    [
      'the newest preview where none is stable',
      ['2024-01-01-preview', '2025-01-01-preview'],
      '2025-01-01-preview',
    ],
    ['no version that has no date', ['latest', '9999', '2024-01-01'], '2024-01-01'],
  ])('is listed in %s that Azure names', async (_, versions, expected) => {
    const { connections, fake } = setting({ [provider]: offering(...versions), ...listed() })
    expect(await listWhole(connections, thing)).toEqual([])
    expect(fake.calls.at(-1)?.url.searchParams.get('api-version')).toBe(expected)
  })

  it.each([
    ['groupIds', { groupIds: ['a', 'b'] }, ['a', 'b']],
    ['groupId', { groupId: 'a' }, ['a']],
    ['neither', {}, undefined],
  ])('shows its groups from %s', async (_, more, groupIds) => {
    const { connections } = setting({
      [provider]: offering('2024-01-01'),
      ...listed(item(id, 'Pending', more)),
    })
    expect(await onlyOne(connections, thing)).toMatchObject({
      writeSupport: 'unlisted-type',
      list: 'connections',
      status: 'Pending',
      groupIds,
    })
  })

  it('is never written, whatever its connection says of itself', async () => {
    const { connections, fake } = setting({
      [provider]: offering('2024-01-01'),
      ...listed(item(id, 'Pending')),
    })
    const connection = await onlyOne(connections, thing)
    await expect(connections.apply(connection, approval)).rejects.toThrow(/Nothing can apply a decision/)
    const claimed = { ...connection, writeSupport: 'with-description' } as const
    await expect(connections.apply(claimed, approval)).rejects.toThrow(/has no list "connections"/)
    expect(fake.calls.filter(({ method }) => method !== 'GET')).toEqual([])
  })

  it('can be read by its id, and is as far as the usual states say', async () => {
    const approved = item(id, 'Approved', { provisioningState: 'Updating' })
    const { connections } = setting({
      [provider]: offering('2024-01-01'),
      ...listed(item(id, 'Pending')),
      [`GET ${id}`]: { status: 200, body: approved },
    })
    const now = await connections.read(await onlyOne(connections, thing))
    expect(now?.status).toBe('Approved')
    expect(now && connections.progressOf(now)).toBe('under-way')
  })

  it.each([
    ['does not know the namespace', failure(404, 'InvalidResourceNamespace')],
    ['names no such type', { status: 200, body: { resourceTypes: [{ resourceType: 'things' }] } }],
    ['names no version of it', offering()],
    ['names versions that are none', offering('latest')],
  ])('goes to a person when Azure %s', async (_, reply) => {
    const { connections } = setting({ [provider]: reply })
    await expect(connections.list(thing)).rejects.toMatchObject({
      name: 'TargetUnreadable',
      message:
        'contoso.new/things is not in the table of resource types, and Azure names no list of its connections.',
    })
  })

  it('goes to a person when Azure may not be asked what it offers', async () => {
    const { connections } = setting({ [provider]: failure(403, 'AuthorizationFailed') })
    await expect(connections.list(thing)).rejects.toThrow(
      /not in the table of resource types, and what Azure offers for it cannot be read: arm.test responds 403 .*Grant the identity of this app Microsoft.Resources\/subscriptions\/providers\/read there/,
    )
  })

  it('goes to a person when its list may not be read, and says that it is not in the table', async () => {
    const { connections } = setting({
      [provider]: offering('2024-01-01'),
      [listing]: failure(403, 'AuthorizationFailed'),
    })
    await expect(connections.list(thing)).rejects.toThrow(
      /cannot be listed, and its type is not in the table of resource types: arm.test responds 403/,
    )
  })

  it('is come back to when Azure has no time to say what it offers, and asked at once then', async () => {
    const { connections } = setting({
      [provider]: [failure(429, 'TooManyRequests', 'x', { 'retry-after': '9' }), offering('2024-01-01')],
      ...listed(),
    })
    await expect(connections.list(thing)).rejects.toMatchObject({ name: 'AzureBusy', afterSeconds: 9 })
    expect(await listWhole(connections, thing)).toEqual([])
  })

  it('is a failure that may pass while the servers of Azure fail', async () => {
    const { connections } = setting({ [provider]: failure(500, 'InternalServerError') })
    await expect(connections.list(thing)).rejects.toMatchObject({
      name: 'AzureFailed',
      words: { code: 'InternalServerError', message: '500 InternalServerError' },
    })
  })
})

describe('what Azure offers for a type', () => {
  const timesAsked = (calls: readonly { readonly url: URL }[]) =>
    calls.filter(({ url }) => url.pathname.includes('/providers/contoso.new')).length

  it('is remembered for an hour, for all targets of the type in the subscription', async () => {
    const other = targetOf('contoso.NEW/Things', 'other')
    const { connections, fake, clock } = setting({
      [provider]: offering('2024-01-01'),
      ...listed(),
      [`GET ${other.id}/privateEndpointConnections`]: { status: 200, body: { value: [] } },
    })
    await Promise.all([connections.list(thing), connections.list(other)])
    await clock.wait(3_599_999)
    await listWhole(connections, thing)
    expect(timesAsked(fake.calls)).toBe(1)
    await clock.wait(1)
    await listWhole(connections, thing)
    expect(timesAsked(fake.calls)).toBe(2)
  })

  it('is asked again after a minute when it was nothing', async () => {
    const { connections, fake, clock } = setting({
      [provider]: [offering(), offering('2024-01-01')],
      ...listed(),
    })
    await expect(connections.list(thing)).rejects.toThrow(/names no list/)
    await clock.wait(59_999)
    await expect(connections.list(thing)).rejects.toThrow(/names no list/)
    expect(timesAsked(fake.calls)).toBe(1)
    await clock.wait(1)
    expect(await listWhole(connections, thing)).toEqual([])
  })
})
