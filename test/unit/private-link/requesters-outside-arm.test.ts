import { describe, expect, it } from 'vitest'
import { parseRequesterId, type RequesterId } from '../../../shared/domain/requester-id.ts'
import { createArmClient } from '../../../shared/private-link/arm/client.ts'
import type { DataPlaneClient } from '../../../shared/private-link/requesters/data-plane.ts'
import { databricksNetwork } from '../../../shared/private-link/requesters/databricks-network.ts'
import { fabricWorkspace } from '../../../shared/private-link/requesters/fabric-workspace.ts'
import {
  DataPlaneRefused,
  type RequesterApi,
  RequesterNotFound,
} from '../../../shared/private-link/requesters/requester-api.ts'
import { credential, failure, type FakeAzure, fakeAzure, now, type Reply } from './fake-azure.ts'
import { targetOf } from './ids.ts'

const target = targetOf('Microsoft.Storage/storageAccounts', 'lake')
const guid = (digit: string): string => `0000000${digit}-0000-4000-8000-00000000000${digit}`
const workspaceId = guid('1')
const workspace = requesterId(`/fabric/workspaces/${workspaceId}`)
const config = requesterId(`/databricks/accounts/${guid('2')}/networkConnectivityConfigs/${guid('3')}`)
const origin = 'https://service.test'
const endpoint = `${origin}/base/`

function requesterId(text: string): RequesterId {
  const id = parseRequesterId(text)
  if (!id) throw new Error(`The test uses "${text}", which is no requester id.`)
  return id
}

function clientsOf({ httpClient }: FakeAzure): DataPlaneClient {
  return (address) =>
    createArmClient({ endpoint: address, credential, scope: 's', userAgent: 'test', now, httpClient })
}

function ok(body: unknown): Reply {
  return { status: 200, body }
}

const fabricItem = {
  id: guid('9'),
  name: 'SqlPE',
  targetPrivateLinkResourceId: target.id,
  provisioningState: 'Succeeded',
  connectionState: { status: 'Pending', description: '' },
  targetSubresourceType: 'blob',
}
const rule = {
  rule_id: guid('8'),
  network_connectivity_config_id: guid('3'),
  resource_id: target.id,
  group_id: 'blob',
  endpoint_name: 'databricks-1-pe-2',
  connection_state: 'PENDING',
  creation_time: 1,
}

interface ServiceCase {
  readonly title: string
  readonly id: RequesterId
  readonly make: (fake: FakeAzure) => RequesterApi
  readonly path: string
  readonly item: object
  readonly body: (...items: unknown[]) => object
  readonly withNext: (body: object, link: string) => object
  readonly next: string
  readonly read: object
}

const cases: readonly ServiceCase[] = [
  {
    title: 'a Fabric workspace',
    id: workspace,
    make: (fake) => fabricWorkspace(clientsOf(fake), endpoint),
    path: `/base/v1/workspaces/${workspaceId}/managedPrivateEndpoints`,
    item: fabricItem,
    body: (...value) => ({ value }),
    withNext: (body, link) => ({ ...body, continuationToken: 't', continuationUri: link }),
    next: '?continuationToken=t',
    read: { name: 'SqlPE', endpointName: `${workspaceId}.SqlPE`, provisioningState: 'Succeeded' },
  },
  {
    title: 'a Databricks network configuration',
    id: config,
    make: (fake) => databricksNetwork(clientsOf(fake), endpoint),
    path: `/base/api/2.0/accounts/${guid('2')}/network-connectivity-configs/${guid('3')}/private-endpoint-rules`,
    item: rule,
    body: (...items) => ({ items }),
    withNext: (body) => ({ ...body, next_page_token: 't&x' }),
    next: '?page_token=t%26x',
    read: { name: guid('8'), endpointName: 'databricks-1-pe-2' },
  },
]

describe.each(cases)('$title', ({ id, make, path, item, body, withNext, next, read }) => {
  const list = `GET ${path}`

  it('is asked page by page, without an api-version and with the token for its service', async () => {
    const link = `${origin}${path}?continuationToken=t`
    const fake = fakeAzure({ [list]: [ok(withNext(body(item), link)), ok(body(item))] })
    const endpoints = await make(fake).managedEndpoints(id)
    expect(endpoints).toHaveLength(2)
    expect(endpoints[0]).toMatchObject({ ...read, groupIds: ['blob'], status: 'Pending' })
    expect(endpoints[0]?.targetId?.key).toBe(target.key)
    expect(fake.calls.map(({ url, token }) => [url.search, token])).toEqual([
      ['', 'Bearer for s'],
      [next, 'Bearer for s'],
    ])
  })

  it('may have none', async () => {
    expect(await make(fakeAzure({ [list]: ok(body()) })).managedEndpoints(id)).toEqual([])
  })

  it('that answers 404 may be gone or hidden', async () => {
    const asked = make(fakeAzure({ [list]: failure(404, 'WorkspaceNotFound') })).managedEndpoints(id)
    await expect(asked).rejects.toThrow(RequesterNotFound)
    await expect(asked).rejects.toThrow('does not exist, or is hidden from this app')
  })

  it.each([401, 403])('that answers %d does not let the app in', async (status) => {
    const body = { errorCode: 'NoPermission', error_code: 'NoPermission', message: 'x' }
    const asked = make(fakeAzure({ [list]: { status, body } })).managedEndpoints(id)
    await expect(asked).rejects.toThrow(DataPlaneRefused)
    await expect(asked).rejects.toMatchObject({ cause: { status, code: 'NoPermission' } })
  })

  it('is not asked for ever', async () => {
    let pages = 0
    const fake = fakeAzure({ [list]: ok({}) })
    const endless: FakeAzure = {
      ...fake,
      httpClient: {
        async sendRequest(request) {
          pages += 1
          const link = `${origin}${path}?continuationToken=${pages}`
          const sent = { ...withNext(body(), link), next_page_token: `t${pages}` }
          const response = await fake.httpClient.sendRequest(request)
          return { ...response, bodyAsText: JSON.stringify(sent) }
        },
      },
    }
    await expect(make(endless).managedEndpoints(id)).rejects.toMatchObject({ code: 'EndlessList' })
    expect(pages).toBe(200)
  })

  it('that sends the app round in a circle is left', async () => {
    const fake = fakeAzure({ [list]: ok(withNext(body(), `${origin}${path}`)) })
    await expect(make(fake).managedEndpoints(id)).rejects.toMatchObject({ code: 'EndlessList' })
  })

  it.each([
    null,
    'x',
    [[]],
    { value: {}, items: {} },
    { value: [], items: [], continuationUri: 1, next_page_token: 1 },
  ])('is not believed when a page is %j', async (odd) => {
    const fake = fakeAzure({ [list]: { status: 200, text: JSON.stringify(odd) } })
    await expect(make(fake).managedEndpoints(id)).rejects.toMatchObject({ code: 'UnreadableList' })
  })

  it.each([
    null,
    7,
    {},
    { ...item, name: [], rule_id: [] },
    { ...item, targetPrivateLinkResourceId: 1, resource_id: 1 },
  ])('is not believed when an item is %j', async (odd) => {
    const fake = fakeAzure({ [list]: ok(body(item, odd)) })
    await expect(make(fake).managedEndpoints(id)).rejects.toMatchObject({ code: 'UnreadableResponse' })
  })
})

describe('Fabric', () => {
  const path = `/base/v1/workspaces/${workspaceId}/managedPrivateEndpoints`
  const ask = (body: unknown) =>
    fabricWorkspace(clientsOf(fakeAzure({ [`GET ${path}`]: ok(body) })), endpoint).managedEndpoints(workspace)

  it('does not lead the token to a next page on another host', async () => {
    const body = { value: [], continuationToken: 't', continuationUri: 'https://elsewhere.test/x' }
    await expect(ask(body)).rejects.toMatchObject({ code: 'ForeignLink' })
  })

  it('that says there is more and not where is not believed', async () => {
    await expect(ask({ value: [], continuationToken: 't' })).rejects.toMatchObject({
      code: 'UnreadableList',
    })
  })

  it('that shows no state yet says nothing of it', async () => {
    const early = { ...fabricItem, connectionState: undefined, targetSubresourceType: undefined }
    expect(await ask({ value: [early] })).toMatchObject([{ status: '', groupIds: undefined }])
  })
})

describe('Databricks', () => {
  const path = cases[1]?.path ?? ''
  const ask = (...items: unknown[]) =>
    databricksNetwork(clientsOf(fakeAzure({ [`GET ${path}`]: ok({ items }) })), endpoint).managedEndpoints(
      config,
    )

  it.each([
    ['INIT', 'Pending'],
    ['PENDING', 'Pending'],
    ['CREATING', ''],
    [undefined, ''],
    ['ESTABLISHED', 'Approved'],
    ['EXPIRED', 'EXPIRED'],
    ['CREATE_FAILED', 'CREATE_FAILED'],
    ['pending', 'pending'],
  ])('that says %s means "%s"', async (connection_state, status) => {
    expect(await ask({ ...rule, connection_state })).toMatchObject([{ status }])
  })

  it('does not count rules that are deactivated', async () => {
    expect(await ask({ ...rule, deactivated: true })).toEqual([])
  })

  it('may leave out everything but the id of a rule', async () => {
    expect(await ask({ rule_id: 'r', vpc_endpoint_id: 'vpce-1' })).toMatchObject([
      { name: 'r', targetId: undefined, endpointName: undefined, status: '' },
    ])
  })

  it('that shows no items has none', async () => {
    const client = clientsOf(fakeAzure({ [`GET ${path}`]: ok({}) }))
    expect(await databricksNetwork(client, endpoint).managedEndpoints(config)).toEqual([])
  })
})
