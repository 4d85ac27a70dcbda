import { describe, expect, it } from 'vitest'
import {
  neededMembers,
  publishedWrites,
  writesOf,
} from '../../../local/azure/private-link/target-types/published-writes.ts'
import { sentMembers } from '../../../scripts/compared-writes.ts'
import type { ConnectionWrite } from '../../../shared/domain/connection-write.ts'
import type { ResourceType } from '../../../shared/private-link/resource-types/resource-type.ts'
import { isOneOf, listsOfType, resourceTypes } from '../../../shared/private-link/resource-types/table.ts'
import type { SentCall } from './fake-azure.ts'
import { targetOf } from './ids.ts'
import { publishedStates, usualPublishedStates } from './published-states.ts'
import { item, listCall, listReply, onlyOne, otherLists, setting } from './setting.ts'

/** Members of every body that is sent; the app reads the description back, and policies read the endpoint's id. */
const usualMembers = ['privateEndpoint.id', 'state.description', 'state.status']
const approval: ConnectionWrite = { status: 'Approved', description: 'Approved, decision d1' }
const rejection: ConnectionWrite = { status: 'Rejected', description: 'Rejected, decision d2' }

/** What the app sends to approve or reject a connection of the type. */
async function sent(resourceType: ResourceType, write: ConnectionWrite): Promise<SentCall> {
  const target = targetOf(resourceType.type)
  const id = `${target.id}/${resourceType.childTypes[0] ?? ''}/c1`
  const groups = { groupIds: ['g'], groupId: 'g' }
  const shown = (status: string) => item(id, status, groups, resourceType.stateMember)
  const { connections, fake } = setting({
    ...otherLists(target, resourceType),
    [listCall(resourceType, target)]: [
      listReply(resourceType, [shown('Pending')]),
      listReply(resourceType, [shown(write.status)]),
    ],
    [`GET ${id}`]: { status: 200, body: shown(write.status) },
    [`PUT ${id}`]: { status: 200, body: {} },
    [`PATCH ${id}`]: { status: 200, body: {} },
    [`POST ${target.id}/ingestionPrivateEndpointConnectionStatus`]: { status: 200, body: {} },
  })
  await connections.apply(await onlyOne(connections, target), write)
  const call = fake.calls.find(({ method }) => method !== 'GET')
  if (!call) throw new Error('Nothing was sent.')
  return call
}

/** Members of a body, named as in the published examples. */
function membersOf(body: unknown, stateMember: string, before = ''): readonly string[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return [before.slice(0, -1)]
  return Object.entries(body)
    .flatMap(([name, value]) => membersOf(value, stateMember, `${before}${name}.`))
    .map((member) => member.replace(/^properties\./, '').replace(new RegExp(`^${stateMember}`), 'state'))
}

function rowOf(type: string, verb: string): ResourceType {
  const row = listsOfType(type).find(({ list }) => (list === 'ingestion') === (verb === 'POST'))
  if (!row) throw new Error(`There is no row of ${type}.`)
  return row
}

const compared = publishedWrites.filter(({ body }) => !body.includes('tags'))
const writable = resourceTypes.filter(({ writeForm }) => writeForm !== 'none')

it('85 examples of 78 types are published, 82 of them decide a connection', () => {
  expect(publishedWrites).toHaveLength(85)
  expect(new Set(publishedWrites.map(({ type }) => type)).size).toBe(78)
  expect(compared).toHaveLength(82)
})

it('the examples show no status that is not known, but for API Management, whose response is not used', () => {
  const statuses = compared.flatMap(({ type, responses }) =>
    responses.map(({ status }) => ({ type, status })),
  )
  const unknown = statuses.filter(({ status }) => !['Approved', 'Rejected', 'Pending', '-'].includes(status))
  expect(unknown).toEqual([{ type: 'Microsoft.ApiManagement/service', status: 'Succeeded' }])
})

describe.each(compared)('the published example of $type, $verb in $apiVersion,', (example) => {
  const row = rowOf(example.type, example.verb)

  it('has the verb and the path that are sent', async () => {
    const { method, url } = await sent(row, approval)
    expect(method).toBe(example.verb)
    const path = url.pathname.slice(targetOf(row.type).id.length)
    expect(path).toBe(example.path.replace('{name}', 'c1'))
  })

  it('is of no newer stable version than the one that is sent', async () => {
    const { url } = await sent(row, approval)
    expect((url.searchParams.get('api-version') ?? '') >= example.apiVersion).toBe(true)
  })

  it('has no state that its row does not know', () => {
    const words = example.responses.map(({ provisioningState }) => provisioningState)
    expect(unknownStates(row, words)).toEqual([])
  })
})

describe.each(writable)('what is sent to $type, list $list,', (row) => {
  const writes = writesOf(row.type).filter(({ verb }) => (verb === 'POST') === (row.list === 'ingestion'))

  it.each([approval, rejection])(
    'to make it $status has every member that all of its examples have, and no more',
    async (write) => {
      const members = membersOf((await sent(row, write)).body, row.stateMember)
      expect([...members].sort()).toEqual([...sentMembers(row)].sort())
      const needed = row.list === 'ingestion' ? [] : neededMembers(row.type)
      expect(needed.filter((member) => !isSent(member, members))).toEqual([])
      const beyond = members.filter((member) => ![...usualMembers, ...needed].includes(member))
      expect(row.list === 'ingestion' ? [] : beyond).toEqual([])
      if (writes.length > 0)
        expect(writes.some(({ body }) => body.every((member) => isSent(member, members)))).toBe(true)
    },
  )

  it('knows every state that its schema names', () => {
    const words = (publishedStates[row.type] ?? usualPublishedStates).split(' ')
    if (row.doneStates.length > 0) expect(unknownStates(row, words)).toEqual([])
  })
})

describe('the body to a connection', () => {
  const body = async (type: string) =>
    (await sent(rowOf(type, 'PUT'), approval)).body as Record<string, unknown>

  it('of API Management carries its own id: without it the service answers 400', async () => {
    const type = 'Microsoft.ApiManagement/service'
    expect(await body(type)).toMatchObject({ id: `${targetOf(type).id}/privateEndpointConnections/c1` })
  })

  it.each(['Microsoft.Network/privateLinkServices', 'Microsoft.Network/applicationGateways'])(
    'of %s carries its name',
    async (type) => {
      expect(await body(type)).toMatchObject({ name: 'c1' })
    },
  )

  it('of a Recovery Services vault carries its groups and its state', async () => {
    expect(await body('Microsoft.RecoveryServices/vaults')).toMatchObject({
      properties: { groupIds: ['g'], provisioningState: 'Succeeded' },
    })
  })

  it.each([
    ['Microsoft.EventGrid/topics', 'None'],
    ['Microsoft.EventGrid/domains', 'None'],
    ['Microsoft.HDInsight/clusters', 'None'],
    ['Microsoft.SignalRService/signalR', 'None'],
    ['Microsoft.Web/sites', ''],
    ['Microsoft.DataFactory/factories', ''],
  ])('of %s names the actions that are required of the requester: "%s"', async (type, actionsRequired) => {
    expect(await body(type)).toMatchObject({
      properties: { privateLinkServiceConnectionState: { actionsRequired } },
    })
  })
})

/** An empty object of an example is sent with what is in it; an empty etag is not sent. */
function isSent(member: string, members: readonly string[]): boolean {
  return member === 'etag' || members.some((name) => name === member || name.startsWith(`${member}.`))
}

function unknownStates(row: ResourceType, words: readonly string[]): readonly string[] {
  const { doneStates, failureStates, busyStates } = row
  const says = (word: string) => word !== '-' && word !== 'Unknown' && doneStates.length > 0
  const known = [...doneStates, ...failureStates, ...busyStates]
  return words.filter((word) => says(word) && !isOneOf(known, word))
}
