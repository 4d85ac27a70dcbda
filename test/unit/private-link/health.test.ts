import { describe, expect, it } from 'vitest'
import {
  type ManagedKind,
  type RequesterKind,
  requesterKinds,
} from '../../../shared/domain/requester-kind.ts'
import { clouds } from '../../../shared/config/clouds.ts'
import { createArmClient } from '../../../shared/private-link/arm/client.ts'
import { createPrivateEndpoints } from '../../../shared/private-link/requesters/private-endpoint.ts'
import { requesterApis } from '../../../shared/private-link/requesters/all.ts'
import type { DataPlane } from '../../../shared/private-link/requesters/data-plane.ts'
import {
  type ManagedEndpoint,
  RequesterUnfit,
} from '../../../shared/private-link/requesters/requester-api.ts'
import { proveOrdinary } from '../../../shared/private-link/proof/ordinary.ts'
import { clientOf, credential, fakeAzure, now, type Replies } from './fake-azure.ts'
import { connectionOf, proveWith, requesters, target, waiting } from './given-proof.ts'
import { endpointIn, ownSubscription } from './ids.ts'

const kinds = Object.keys(requesterKinds) as RequesterKind[]
const endState = [
  'Deleting',
  'Deleted',
  'Failed',
  'Canceled',
  'deleting',
  'SoftDeleted',
  'SoftDeleting',
] as const

function apiOf(kind: ManagedKind, replies: Replies) {
  const fake = fakeAzure(replies)
  const clientAt =
    ({ scope }: DataPlane) =>
    (endpoint: string) =>
      createArmClient({ endpoint, credential, scope, userAgent: 'test', now, httpClient: fake.httpClient })
  const api = requesterApis(clientOf(fake), clouds.public, clientAt).find((one) => one.kind === kind)
  if (!api) throw new Error(`Nobody asks ${kind}.`)
  return { calls: fake.calls, ask: () => api.managedEndpoints(requesters[kind]) }
}

/** How a requester of the kind shows itself, and where its list is. */
interface Shown {
  readonly itself: (properties: object) => Replies
  readonly list: Replies
}

const one = { status: 200, body: { value: [] } }
const itself = (kind: ManagedKind) => (properties: object) => ({
  [`GET ${requesters[kind].id}`]: { status: 200, body: { properties } },
})
const shown = {
  'data-factory': {
    itself: itself('data-factory'),
    list: { [`GET ${requesters['data-factory'].id}/managedVirtualNetworks`]: one },
  },
  'synapse-workspace': {
    itself: itself('synapse-workspace'),
    list: { 'GET /managedVirtualNetworks/default/managedPrivateEndpoints': one },
  },
  'purview-account': {
    itself: itself('purview-account'),
    list: { 'GET /scan/managedvirtualnetworks/defaultv2/managedprivateendpoints': one },
  },
} as const satisfies Partial<Record<ManagedKind, Shown>>
const withState = Object.keys(shown) as (keyof typeof shown)[]

describe('a requester', () => {
  it.each(withState.flatMap((kind) => endState.map((state) => [kind, state] as const)))(
    'whose own state shows that it ends confirms nothing, and is not asked for its list: %s, %s',
    async (kind, provisioningState) => {
      const { ask, calls } = apiOf(kind, {
        ...shown[kind].itself({ provisioningState }),
        ...shown[kind].list,
      })
      await expect(ask()).rejects.toMatchObject({ name: 'RequesterUnfit', code: 'requester-not-healthy' })
      expect(calls).toHaveLength(1)
    },
  )

  it.each(withState)('that has succeeded is asked: %s', async (kind) => {
    const { ask } = apiOf(kind, {
      ...shown[kind].itself({ provisioningState: 'Succeeded' }),
      ...shown[kind].list,
    })
    expect(await ask()).toEqual([])
  })

  it.each(['Unknown', 'Moving', 'Creating', '', undefined])(
    'whose states are only inferred must have succeeded: a Purview account that is %j is not asked',
    async (provisioningState) => {
      const { ask } = apiOf('purview-account', {
        ...shown['purview-account'].itself({ provisioningState }),
        ...shown['purview-account'].list,
      })
      await expect(ask()).rejects.toThrow(RequesterUnfit)
    },
  )

  it.each([
    ['synapse-workspace', { connectivityEndpoints: { dev: 'https://adf-prod2.dev.azuresynapse.net' } }],
    [
      'synapse-workspace',
      { connectivityEndpoints: { dev: 'https://adf-prod.dev.azuresynapse.net.evil.test' } },
    ],
    ['synapse-workspace', { connectivityEndpoints: { dev: 'https://adf-prod.dev.azuresynapse.net:444' } }],
    ['synapse-workspace', { connectivityEndpoints: { dev: 'no address' } }],
    ['purview-account', { endpoints: { scan: 'https://pv-old.purview.azure.com/scan' } }],
    ['purview-account', { endpoints: { scan: 'https://api.purview-service.microsoft.com/scan' } }],
  ] as const)('that states another address than the one asked is not asked: %s, %j', async (kind, stated) => {
    const { ask, calls } = apiOf(kind, {
      ...shown[kind].itself({ provisioningState: 'Succeeded', ...stated }),
      ...shown[kind].list,
    })
    await expect(ask()).rejects.toMatchObject({ code: 'data-plane-address-differs' })
    expect(calls).toHaveLength(1)
  })

  it.each([
    ['synapse-workspace', { connectivityEndpoints: { dev: 'https://ADF-prod.dev.azuresynapse.net/' } }],
    ['synapse-workspace', { connectivityEndpoints: {} }],
    ['synapse-workspace', { connectivityEndpoints: { dev: '' } }],
    ['purview-account', { endpoints: { scan: 'https://pv-prod.purview.azure.com/scan' } }],
    ['purview-account', { endpoints: { scan: 'https://pv-prod.scan.purview.azure.com' } }],
    ['purview-account', { endpoints: null }],
  ] as const)('that states the address, or none, is asked: %s, %j', async (kind, stated) => {
    const { ask } = apiOf(kind, {
      ...shown[kind].itself({ provisioningState: 'Succeeded', ...stated }),
      ...shown[kind].list,
    })
    expect(await ask()).toEqual([])
  })

  it.each(withState)('whose state is no text is not understood: %s', async (kind) => {
    const { ask } = apiOf(kind, { ...shown[kind].itself({ provisioningState: [] }), ...shown[kind].list })
    await expect(ask()).rejects.toMatchObject({ code: 'UnreadableResponse' })
  })
})

/** An endpoint of each kind that is confirmed while all is well with it. */
const wellOf = {
  'data-factory': ['adf-prod.mpe', {}],
  'synapse-workspace': ['adf-prod.mpe', {}],
  'purview-account': ['pv-prod.mpe', {}],
  'fabric-workspace': [`${requesters['fabric-workspace'].name}.mpe`, {}],
  'databricks-network': ['generated', { provisioningState: undefined }],
  'kusto-cluster': ['mpe', {}],
  grafana: ['mpe', {}],
  'search-service': ['mpe', {}],
  'front-door': ['mpe', { provisioningState: undefined }],
} as const satisfies Partial<Record<ManagedKind, readonly [string, Partial<ManagedEndpoint>]>>
type Known = keyof typeof wellOf
const managedKinds = Object.keys(wellOf) as Known[]

async function proofOf(kind: Known, change: Partial<ManagedEndpoint>) {
  const [endpointName, well] = wellOf[kind]
  const isNamed = requesterKinds[kind].reach === 'confirmed'
  const managed = waiting({ ...(isNamed && { endpointName }), ...well, ...change })
  return await proveWith(connectionOf(endpointName), { [kind]: [managed] })
}

describe('a managed endpoint', () => {
  it.each(managedKinds.filter((kind) => requesterKinds[kind].reach === 'confirmed'))(
    'of a requester that is well is confirmed: %s',
    async (kind) => {
      expect((await proofOf(kind, {})).level).toBe('confirmed')
    },
  )

  it.each(managedKinds.flatMap((kind) => endState.map((state) => [kind, state] as const)))(
    'that ends is not confirmed, whatever its status: %s, %s',
    async (kind, provisioningState) => {
      const { level, refusals } = await proofOf(kind, { provisioningState })
      expect(level).toBe('platform')
      expect(refusals.map(({ code }) => code)).toEqual([
        requesterKinds[kind].reach === 'confirmed'
          ? 'managed-endpoint-not-pending'
          : 'no-such-managed-endpoint',
      ])
    },
  )

  it.each(
    (['purview-account', 'fabric-workspace'] as const).flatMap((kind) =>
      ['Updating', 'Unknown', undefined].map((state) => [kind, state] as const),
    ),
  )('of a kind whose states are only inferred must have succeeded: %s, %s', async (kind, state) => {
    const { level, refusals } = await proofOf(kind, { provisioningState: state })
    expect(level).toBe('platform')
    expect(refusals.map(({ code }) => code)).toEqual(['managed-endpoint-not-ready'])
  })

  it.each(kinds)('of a kind has evidence for its states: %s', (kind) => {
    expect(['seen', 'inferred', 'none']).toContain(requesterKinds[kind].stateEvidence)
  })
})

describe('an empty text in the list of a requester is not told:', () => {
  const listOf: Readonly<Record<string, readonly [ManagedKind, string, object]>> = {
    'the id of the endpoint at a data factory': ['data-factory', 'endpointId', { resourceId: '' }],
    'the id of the endpoint at a Synapse workspace': ['synapse-workspace', 'endpointId', { resourceId: '' }],
    'the id of the endpoint at a Purview account': ['purview-account', 'endpointId', { resourceId: '' }],
    'the state at a Synapse workspace': ['synapse-workspace', 'provisioningState', { provisioningState: '' }],
  }
  it.each(Object.entries(listOf))('%s', async (_, [kind, member, properties]) => {
    const item = { name: 'mpe', properties: { privateLinkResourceId: target.id, ...properties } }
    const path = Object.keys(shown[kind as keyof typeof shown].list)[0] ?? ''
    const networks = { status: 200, body: { value: [{ name: 'default' }] } }
    const list = { status: 200, body: { value: [item] } }
    const { ask } = apiOf(kind, {
      ...itself(kind)({ provisioningState: 'Succeeded' }),
      ...(kind === 'data-factory'
        ? { [path]: networks, [`${path}/default/managedPrivateEndpoints`]: list }
        : { [path]: list }),
    })
    expect(await ask()).toMatchObject([{ name: 'mpe', [member]: undefined }])
  })

  it('the name of the endpoint in a Databricks rule', async () => {
    const [, , , account = '', , config = ''] = requesters['databricks-network'].key.split('/')
    const path = `/api/2.0/accounts/${account}/network-connectivity-configs/${config}/private-endpoint-rules`
    const items = [{ rule_id: 'rule-1', endpoint_name: '' }]
    const { ask } = apiOf('databricks-network', { [`GET ${path}`]: { status: 200, body: { items } } })
    expect(await ask()).toMatchObject([{ endpointName: undefined }])
  })

  it('the status of an origin of Front Door', async () => {
    const { id } = requesters['front-door']
    const origin = { name: 'o', properties: { sharedPrivateLinkResource: { status: '' } } }
    const { ask } = apiOf('front-door', {
      [`GET ${id}/originGroups`]: { status: 200, body: { value: [{ name: 'g' }] } },
      [`GET ${id}/originGroups/g/origins`]: { status: 200, body: { value: [origin] } },
    })
    expect(await ask()).toMatchObject([{ status: undefined }])
  })
})

describe('an ordinary endpoint', () => {
  const endpoint = endpointIn(ownSubscription, 'pe-lake')

  async function provenIn(provisioningState: unknown) {
    const link = {
      properties: {
        privateLinkServiceId: target.id,
        groupIds: ['blob'],
        privateLinkServiceConnectionState: { status: 'Pending' },
      },
    }
    const properties = { provisioningState, manualPrivateLinkServiceConnections: [link] }
    const fake = fakeAzure({ [`GET ${endpoint.id}`]: { status: 200, body: { id: endpoint.id, properties } } })
    const privateEndpoints = createPrivateEndpoints({
      armEndpoint: 'https://arm.test',
      armScope: 'https://arm.test/.default',
      credential,
      userAgent: 'test',
      now,
      httpClient: fake.httpClient,
    })
    return await proveOrdinary({ endpoint, targets: [target], standing: 'waiting' }, privateEndpoints)
  }

  it.each(['Succeeded', 'Updating', undefined])('that is %s is confirmed', async (state) => {
    expect(await provenIn(state)).toMatchObject({ requester: { kind: 'private-endpoint' } })
  })

  it.each(endState)('that is %s confirms nothing', async (state) => {
    expect(await provenIn(state)).toMatchObject({ refusals: [{ code: 'endpoint-not-pending' }] })
  })
})
