import type { RestClient } from '../rest.ts'
import type { Act } from './act.ts'
import { deliver, notAnEvent, oldEvent } from './events.ts'
import { hostileActs } from './hostile-acts.ts'
import { otherRequesters } from './other-requesters.ts'
import { nameOf } from './places.ts'
import { managedResources } from './prepare.ts'
import { askAsFactory, askAsWorkspace, deployPurviewRuntime, type SentRequest } from './requests.ts'
import type { TourWorld } from './world.ts'

/** The acts, in the order of their source documents; those that must not succeed come last. */
export const acts: readonly Act[] = [
  {
    title: 'Data Factory asks for a Blob and an ADLS Gen2 account, Azure SQL Database and Key Vault.',
    play: ({ clients, places }) =>
      Promise.all([
        askAsFactory(clients, listed(places.salesFactory, 'mpe-blob', places.landing, 'blob')),
        askAsFactory(clients, listed(places.salesFactory, 'mpe-lake', places.lake, 'dfs')),
        askAsFactory(clients, listed(places.salesFactory, 'mpe-sql', places.sql, 'sqlServer')),
        askAsFactory(clients, listed(places.salesFactory, 'mpe-vault', places.vault, 'vault')),
      ]),
  },
  {
    title:
      'Graph Data Connect: a Synapse workspace asks for the lake; afterwards its own side shows Approved.',
    play: async ({ clients, places }) => [
      await askAsWorkspace(clients, {
        workspace: places.workspace,
        name: 'mpe-graph-lake',
        target: places.lake,
        groupId: 'dfs',
        ending: 'approved',
      }),
    ],
  },
  {
    title: 'Purview deploys its first managed runtime: the account, its blob and its queue at once.',
    play: ({ clients, places }) => deployPurviewRuntime(clients, places.purview),
  },
  {
    title:
      'Data Factory to Purview, "create all", for an account with managed resources: four in one second.',
    play: async ({ clients, places }) => {
      const managed = await managedResources(clients, places.catalog)
      return createAll(clients, places.salesFactory, [
        ['cat-account', places.catalog, 'account'],
        ['cat-blob', managed.storageAccount, 'blob'],
        ['cat-queue', managed.storageAccount, 'queue'],
        ['cat-namespace', managed.eventHubNamespace, 'namespace'],
      ])
    },
  },
  {
    title: 'The same for a newer account, whose ingestion connections stand in a list of its own.',
    play: async ({ clients, places }) => {
      const account = (await clients.arm('GET', places.catalogNew, '2024-04-01-preview')).body as {
        properties: { ingestionStorage: { id: string } }
      }
      const ingestion = account.properties.ingestionStorage.id
      const sent = await createAll(clients, places.salesFactory, [
        ['new-account', places.catalogNew, 'account'],
        ['new-blob', ingestion, 'blob'],
        ['new-queue', ingestion, 'queue'],
        ['new-namespace', places.events, 'namespace'],
      ])
      return sent.map((request) =>
        request.target === ingestion
          ? {
              ...request,
              target: places.catalogNew,
              asksFor: request.asksFor.replace(/^\S+/, nameOf(places.catalogNew)),
            }
          : request,
      )
    },
  },
  {
    title: 'One event delivered 50 times at once, one that comes days late, and one that is none.',
    play: async ({ clients, places, stack }) => {
      const request = await askAsFactory(
        clients,
        listed(places.salesFactory, 'mpe-again', places.landing, 'dfs'),
      )
      const { origin, keys } = stack.functionsApp()
      const hook = { origin, key: keys.eventGridKey }
      const event = oldEvent(places.landing, 0)
      await Promise.all(Array.from({ length: 50 }, () => deliver(hook, event)))
      await deliver(hook, oldEvent(places.landing, 5))
      await deliver(hook, notAnEvent)
      return [request]
    },
    check: async ({ places, stack }) => {
      const writes = await connectionWrites(stack.rest, places.landing)
      return {
        line: `All 52 deliveries got a 2xx response; ${writes} writes on ${nameOf(places.landing)} in the whole tour, for two requests.`,
        problem: writes === 2 ? '' : `${writes} writes instead of 2`,
      }
    },
  },
  otherRequesters,
  ...hostileActs,
]

/** How many writes of connections of this target reached the simulated Azure. */
async function connectionWrites(rest: RestClient, target: string): Promise<number> {
  const path = encodeURIComponent(`/${nameOf(target)}/privateEndpointConnections/`)
  const { body } = await rest.send('GET', `/_simulator/requests?method=PUT&path=${path}`)
  return (body as { value: unknown[] }).value.length
}

function listed(factory: string, name: string, target: string, groupId: string) {
  return { factory, name, target, groupId, ending: 'approved' } as const
}

function createAll(
  clients: TourWorld['clients'],
  factory: string,
  endpoints: readonly (readonly [name: string, target: string, groupId: string])[],
): Promise<readonly SentRequest[]> {
  return Promise.all(
    endpoints.map(([name, target, groupId]) => askAsFactory(clients, listed(factory, name, target, groupId))),
  )
}
