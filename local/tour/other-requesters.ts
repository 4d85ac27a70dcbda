import { randomUUID } from 'node:crypto'
import { ownTenant } from '../azure/well-known.ts'
import type { Act } from './act.ts'
import { untilRulesAreKnown } from './known-rules.ts'
import { nameOf } from './places.ts'
import type { Ending, SentRequest } from './requests.ts'
import type { TourWorld } from './world.ts'

const armVersion = '2023-09-01'

/** Requesters other than the three of the source documents, each with the highest proof that it can reach. */
export const otherRequesters: Act = {
  title: 'A Fabric workspace and Databricks, which can be proven; and Grafana, which needs manual review.',
  play: (world) => Promise.all([askAsFabric(world), askAsDatabricks(world), askAsGrafana(world)]),
}

async function askAsFabric(world: TourWorld): Promise<SentRequest> {
  const { places, stack } = world
  const workspace = randomUUID()
  await stack.rest.send('PUT', `/_simulator/fabric/workspaces/${workspace}`, {})
  await allow(world, 'fabric', `/fabric/workspaces/${workspace}`, places.shared)
  const path = `/fabric/v1/workspaces/${workspace}/managedPrivateEndpoints`
  const body = {
    name: 'lake',
    targetPrivateLinkResourceId: places.shared,
    targetSubresourceType: 'dfs',
    requestMessage: 'please',
  }
  const call = (method: string, sent?: unknown) =>
    stack.rest.call(method, path, {
      tenant: ownTenant.tenantId,
      audience: 'https://api.fabric.microsoft.com',
      body: sent,
    })
  const sentAt = Date.now()
  await call('POST', body)
  return sentRequest(world, {
    who: `Fabric workspace ${workspace.slice(0, 8)}`,
    endpointName: `${workspace}.lake`,
    sentAt,
    ending: 'approved',
    ownSide: async () => {
      const { value } = (await call('GET')).body as { value: { connectionState?: { status?: string } }[] }
      return value[0]?.connectionState?.status ?? ''
    },
  })
}

const databricksWords: Readonly<Record<string, string>> = { ESTABLISHED: 'Approved', PENDING: 'Pending' }

async function askAsDatabricks(world: TourWorld): Promise<SentRequest> {
  const { places, stack } = world
  const account = randomUUID()
  await stack.rest.send('PUT', `/_simulator/databricks/accounts/${account}`, {})
  const call = (method: string, path: string, body?: unknown) =>
    stack.rest.call(method, `/databricks/api/2.0/accounts/${account}/network-connectivity-configs${path}`, {
      tenant: ownTenant.tenantId,
      audience: '2ff814a6-3304-4ab8-87cf-cb0e6f879c1d',
      body,
    })
  const made = await call('POST', '', { name: `tour-${places.run}`, region: 'westeurope' })
  const { network_connectivity_config_id: config } = made.body as { network_connectivity_config_id: string }
  await allow(
    world,
    'databricks',
    `/databricks/accounts/${account}/networkConnectivityConfigs/${config}`,
    places.shared,
  )
  const rules = `/${config}/private-endpoint-rules`
  const sentAt = Date.now()
  const rule = (await call('POST', rules, { resource_id: places.shared, group_id: 'dfs' })).body as {
    rule_id: string
    endpoint_name: string
  }
  return sentRequest(world, {
    who: 'Databricks',
    endpointName: rule.endpoint_name,
    sentAt,
    ending: 'approved',
    ownSide: async () => {
      const { connection_state: state } = (await call('GET', `${rules}/${rule.rule_id}`)).body as {
        connection_state: string
      }
      return databricksWords[state] ?? state
    },
  })
}

async function askAsGrafana(world: TourWorld): Promise<SentRequest> {
  const { clients, places } = world
  await clients.arm('PUT', places.grafana, armVersion, { location: 'westeurope', properties: {} })
  await allow(world, 'grafana', places.grafana, places.shared)
  const id = `${places.grafana}/managedPrivateEndpoints/lake`
  const sentAt = Date.now()
  await clients.arm('PUT', id, armVersion, {
    location: 'westeurope',
    properties: { privateLinkResourceId: places.shared, groupIds: ['dfs'], requestMessage: 'please' },
  })
  return sentRequest(world, {
    who: `Grafana ${nameOf(places.grafana)}`,
    endpointName: `grafana-${nameOf(places.grafana)}-lake`,
    sentAt,
    ending: 'manual review',
    ownSide: async () => {
      const { properties } = (await clients.arm('GET', id, armVersion)).body as {
        properties: { connectionState?: { status?: string } }
      }
      return properties.connectionState?.status ?? ''
    },
  })
}

function sentRequest(
  { places }: TourWorld,
  sent: Pick<SentRequest, 'who' | 'endpointName' | 'sentAt' | 'ownSide'> & { ending: Ending },
): SentRequest {
  return { ...sent, asksFor: `${nameOf(places.shared)} (dfs)`, target: places.shared }
}

async function allow(world: TourWorld, name: string, requester: string, target: string): Promise<void> {
  const { allowList, places } = world
  await allowList.createEntity({
    partitionKey: 'rule',
    rowKey: `${name}-to-shared-${places.run}`,
    effect: 'allow',
    target,
    requester,
    owner: 'data-platform@contoso.example',
    justification: 'The tour',
  })
  await untilRulesAreKnown(world)
}
