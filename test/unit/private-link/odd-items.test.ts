import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import { TargetUnreadable } from '../../../shared/ports/azure.ts'
import { failure } from './fake-azure.ts'
import { targetOf } from './ids.ts'
import { item, setting } from './setting.ts'
import { listWhole } from '../../support/whole-list.ts'

const storage = targetOf('Microsoft.Storage/storageAccounts')
const connectionOf = (name: string) => `${storage.id}/privateEndpointConnections/${name}`

/** What listing a target with these items says of those that are odd, and of the others. */
async function failureOf(
  ...items: readonly unknown[]
): Promise<{ readonly message: string; readonly readable: readonly Connection[] }> {
  const { connections } = setting({
    [`GET ${storage.id}/privateEndpointConnections`]: { status: 200, body: { value: items } },
  })
  const listed = await connections.list(storage)
  if (listed.kind !== 'partly') throw new Error('Expected odd items.')
  return { message: listed.problem, readable: listed.connections }
}

describe('an item that is no connection of the target', () => {
  it.each([
    [
      'of another target',
      `${targetOf('Microsoft.Storage/storageAccounts', 'target2').id}/privateEndpointConnections/c`,
    ],
    ['of another kind', `${storage.id}/privateEndpointConnectionProxies/c`],
    ['of the ingestion of another type', `${storage.id}/ingestionPrivateEndpointConnections/c`],
    ['below a connection', `${connectionOf('c')}/x/y`],
    ['with climbing segments', connectionOf('..')],
    ['with an escaped slash', connectionOf('a%2Fb')],
    ['with a query', connectionOf('a?x=')],
    ['on another host', `https://elsewhere.test${connectionOf('c')}`],
    ['of the target itself', storage.id],
    ['with a Kelvin sign', connectionOf('c').replace('rg-data', 'rg-data\u212A')],
    ['that is empty', ''],
  ])('because it has an id %s is told to people, and not among the others', async (_, id) => {
    const { message, readable } = await failureOf(item(id, 'Pending'), item(connectionOf('good'), 'Pending'))
    expect(message).toMatch(/has an item whose id is "/)
    expect(message).toContain(storage.key)
    expect(readable.map((connection) => connection.id.name)).toEqual(['good'])
  })

  it('is told of without signs that turn the direction of reading or break the line', async () => {
    const { message } = await failureOf({ id: '/x/a\u202Eb\u2028c\nd' })
    expect(message).toContain('"/x/a\uFFFDb\uFFFDc\uFFFDd"')
  })

  it.each([null, 7, [], {}, { id: 7 }, { name: 'c1' }])('being %j, is told to people', async (odd) => {
    const { message, readable } = await failureOf(odd)
    expect(message).toMatch(/whose id is nothing/)
    expect(readable).toEqual([])
  })

  it('is told in the same words at every review pass, wherever it stands and however Azure spells it', async () => {
    const [a, b] = [item('/a', 'Pending'), item('/b', 'Pending')]
    const first = await failureOf(a, b, item(connectionOf('good'), 'Pending'))
    const second = await failureOf(item('/B', 'Approved'), a, b)
    expect(second.message).toBe(first.message)
    expect(first.message).toMatch(/whose id is "\/a", "\/b";/)
  })

  it('is counted where there are many, and its text cannot break the sentence', async () => {
    const many = ['/1\n\u0007"', '/2', '/3', '/4', '/5'].map((id) => item(id, 'Pending'))
    const { message } = await failureOf(...many)
    expect(message).toContain('"/1\uFFFD\uFFFD\\"", "/2", "/3" and 2 more;')
  })

  it('is cut when its id has no end', async () => {
    const { message } = await failureOf(item(`/${'x'.repeat(100_000)}`, 'Pending'))
    expect(message.length).toBeLessThanOrEqual(1_000)
    expect(message).toMatch(/expected is one of a connection of/)
  })

  it('leaves open whether a connection is gone that is read from the list', async () => {
    const account = targetOf('Microsoft.Purview/accounts', 'pv')
    const id = `${account.id}/ingestionPrivateEndpointConnections/b`
    const ingestion = `GET ${account.id}/ingestionPrivateEndpointConnections`
    const value = (...items: object[]) => ({ status: 200, body: { value: items } })
    const { connections } = setting({
      [`GET ${account.id}/privateEndpointConnections`]: value(),
      [ingestion]: [
        value(item(id, 'Pending')),
        value(item(`${id}?`, 'Pending')),
        value(item(`${id}?`, 'Pending'), item(id, 'Approved')),
        value(),
      ],
    })
    const [connection] = await listWhole(connections, account)
    if (!connection) throw new Error('The list is empty.')
    await expect(connections.read(connection)).rejects.toThrow(TargetUnreadable)
    expect((await connections.read(connection))?.status).toBe('Approved')
    expect(await connections.read(connection)).toBeUndefined()
  })
})

describe('items that are plain ids', () => {
  const link = targetOf('Microsoft.Authorization/resourceManagementPrivateLinks')
  const idOf = (name: string) => `${link.id}/privateEndpointConnections/${name}`
  const holding = (ids: readonly unknown[]) => ({
    status: 200,
    body: { properties: { privateEndpointConnections: ids } },
  })

  it('are read one by one, and those that are gone meanwhile left out', async () => {
    const names = Array.from({ length: 25 }, (_, index) => `c${index}`)
    const { connections, fake } = setting({
      ...Object.fromEntries(
        names.map((name) => [`GET ${idOf(name)}`, { status: 200, body: item(idOf(name), 'Pending') }]),
      ),
      [`GET ${idOf('c7')}`]: failure(404, 'NotFound'),
      [`GET ${idOf('c8')}`]: { status: 204 },
      [`GET ${link.id}`]: holding(names.map(idOf)),
    })
    const listed = await listWhole(connections, link)
    expect(listed.map((connection) => connection.id.name)).toEqual(
      names.filter((name) => name !== 'c7' && name !== 'c8'),
    )
    expect(listed.every(({ status }) => status === 'Pending')).toBe(true)
    expect(fake.calls).toHaveLength(26)
  })

  it('of something else are not asked for', async () => {
    const foreignId = `${targetOf('Microsoft.KeyVault/vaults').id}/privateEndpointConnections/c1`
    const { connections, fake } = setting({ [`GET ${link.id}`]: holding([foreignId]) })
    expect(await connections.list(link)).toMatchObject({ kind: 'partly', connections: [] })
    expect(fake.calls).toHaveLength(1)
  })

  it('that may not be read are no empty list', async () => {
    const { connections } = setting({
      [`GET ${link.id}`]: holding([idOf('c1')]),
      [`GET ${idOf('c1')}`]: failure(403, 'AuthorizationFailed'),
    })
    await expect(connections.list(link)).rejects.toMatchObject({ name: 'TargetUnreadable' })
  })
})
