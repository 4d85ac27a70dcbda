import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ExpectStatic } from 'vitest'
import { targetTypes } from '../../local/azure/private-link/target-types/index.ts'
import { foreignSubscription, foreignTenant } from '../../local/azure/well-known.ts'
import { Bench, decisionOn, eventually, own } from './support.ts'
import type { Connection, Json, Reply } from './support.ts'
import { published } from './targets-published.ts'
import type { Published } from './targets-published.ts'

const providers = `${own}/resourceGroups/rg-every/providers`
const foreign = {
  subscription: `/subscriptions/${foreignSubscription.subscriptionId}`,
  tenant: foreignTenant.tenantId,
}

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start({ timing: { arrivalMs: [1, 2], writeMs: 1, operationMs: 10 } })
})
afterAll(() => bench.stop())

test('the simulation has the published types and one that nobody published', () => {
  const unpublished = targetTypes
    .map(({ type }) => type)
    .filter((type) => !published.some((row) => row.type === type))
  expect(unpublished).toEqual(['Contoso.Preview/vaults'])
  expect(targetTypes.length).toBe(published.length + 1)
})

describe.concurrent.each(published.map((row, number) => ({ ...row, name: `every${number}` })))(
  '$type',
  (row) => {
    test('is created, asked, listed in its form, answered by its verb, and followed', async ({ expect }) => {
      const target = await create(row.type, row.name)
      const groups = (await bench.call('GET', `${target}/privateLinkResources`)).body['value'] as {
        name: string
      }[]
      const group = groups[0]?.name ?? 'any'
      const endpoint = await bench.ask(`pe-${row.name}`, target, { ...foreign, group })
      const id = await arrivedAt(row, target)
      const pending = await read(id)
      const state = pending.properties.privateLinkServiceConnectionState
      expect(state).toMatchObject({ status: 'Pending', description: 'please' })
      expect(Object.keys(state).filter((key) => key.startsWith('action'))).toEqual(
        row.extra === 'none' ? [] : [row.extra],
      )
      expect(pending.properties.privateEndpoint.id).toBe(endpoint)
      const { groupIds, groupId } = pending.properties
      expect([groupIds, groupId]).toEqual(
        {
          none: [undefined, undefined],
          groupIds: [[group], undefined],
          groupId: [undefined, group],
        }[row.groups],
      )

      if (row.verb === 'none') {
        expect((await response('PUT', id, row)).status).toBe(405)
        expect((await response('PATCH', id, row)).status).toBe(405)
        expect((await read(id)).properties).toEqual(pending.properties)
        return
      }
      const written = await response(row.verb, id, row)
      expect(row.codes.split(' ')).toContain(String(written.status))
      for (const header of row.headers.split(' ').filter((name) => name !== '')) {
        expect(written.headers[header], header).toBeDefined()
      }
      await follow(written)
      const approved = await settled(id, row)
      expect(approved.properties.privateEndpoint.id).toBe(endpoint)
      expect(await statusAt(endpoint)).toBe('Approved')
      await expectEmbedded(expect, target, row, id)
    })
  },
)

async function create(type: string, name: string): Promise<string> {
  if (type !== 'Microsoft.Web/sites/slots') return bench.create(`${providers}/${type}/${name}`, minimal)
  const site = await bench.create(`${providers}/Microsoft.Web/sites/${name}`, minimal)
  return bench.create(`${site}/slots/staging`, minimal)
}

const minimal = { location: 'westeurope' }

/** The id of the connection, from the list where there is one, else from the target. */
function arrivedAt({ list, type }: Published, target: string): Promise<string> {
  return eventually(async () => {
    const listed = await bench.call('GET', `${target}/privateEndpointConnections`)
    if (list === 'none' || list === 'not played') {
      if (listed.status !== (list === 'none' ? 405 : 404)) throw new Error(`${type}: ${listed.status}`)
      const [item] = await embeddedIn(target)
      return item === undefined ? undefined : (item as Json)['id']?.toString()
    }
    const items = list === 'bare array' ? listed.body : listed.body['value']
    return (items as Connection[])[0]?.id
  })
}

async function read(id: string): Promise<Connection> {
  return (await bench.call('GET', id)).body as Connection
}

function response(verb: string, id: string, { type }: Published): Promise<Reply> {
  const isReadOnly = type === 'Microsoft.NotificationHubs/namespaces'
  const state = { status: 'Approved', ...(isReadOnly ? {} : { description: 'welcome' }) }
  return bench.call(verb, id, decisionOn(id, state))
}

/** Follows the links that a write came with to their end. */
async function follow({ headers }: Reply): Promise<void> {
  const links = [headers['azure-asyncoperation'], headers.location].filter((link) => link !== undefined)
  for (const link of links) {
    const path = String(link).slice(bench.azure.origin.length).replace(/\?.*/, '')
    await eventually(async () => {
      const { status, body } = await bench.call('GET', path)
      return status === 200 && body['status'] !== 'InProgress' ? true : undefined
    })
  }
}

function settled(id: string, { done }: Published): Promise<Connection> {
  return eventually(async () => {
    const connection = await read(id)
    const { provisioningState = 'none', privateLinkServiceConnectionState } =
      connection.properties as Partial<Connection['properties']>
    const isApproved = privateLinkServiceConnectionState?.status.trim() === 'Approved'
    return isApproved && done.split(' ').includes(provisioningState) ? connection : undefined
  })
}

async function statusAt(endpoint: string): Promise<unknown> {
  const { body } = await bench.call('GET', endpoint, undefined, { tenant: foreign.tenant })
  const { manualPrivateLinkServiceConnections: links } = body['properties'] as Record<string, Json[]>
  const properties = links?.[0]?.['properties'] as Record<string, Json>
  return properties['privateLinkServiceConnectionState']?.['status']
}

async function embeddedIn(target: string): Promise<unknown[]> {
  const { body } = await bench.call('GET', target, undefined, { version: '2030-01-01' })
  const properties = body['properties'] as Record<string, unknown[] | undefined>
  return (
    properties['privateEndpointConnections'] ?? properties['registryPrivateEndpointConnections'] ?? ['no']
  )
}

async function expectEmbedded(
  expect: ExpectStatic,
  target: string,
  { embedded }: Published,
  id: string,
): Promise<void> {
  const [item] = await embeddedIn(target)
  if (embedded === 'no') expect(item).toBe('no')
  else if (embedded === 'ids') expect(item).toBe(id)
  else
    expect(
      Object.keys(item as Json)
        .sort()
        .join(' '),
    ).toBe(embedded)
}
