import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { TableClient } from '@azure/data-tables'
import { vi } from 'vitest'
import type { ExitCode } from '../../../cli/terminal/io.ts'
import { startSimulatedAzure } from '../../../local/azure/start.ts'
import { analytics, dataPlatform } from '../../../local/azure/well-known.ts'
import { RestClient } from '../../../local/rest.ts'
import { appSettings } from '../../../local/stack.ts'
import { type Clients, clientsOf } from '../../../local/tour/clients.ts'
import { tableNames } from '../../../shared/config/table-names.ts'
import { startAzurite } from '../../support/azurite.ts'
import { around, run } from '../../support/command-line.ts'

export interface Place {
  readonly folder: string
  readonly rest: RestClient
  readonly clients: Clients
  readonly settings: Readonly<Record<string, string>>
  /** Runs the command line on this storage and this Azure. */
  cli(args: readonly string[], change?: Record<string, string>, columns?: number): Promise<Ran>
  table(name: keyof typeof tableNames): TableClient
  /** A resource of the owner's; its id. */
  create(type: string, name: string, where?: { readonly subscriptionId: string }): Promise<string>
  /** Asks as a factory; the factory must exist. */
  ask(factory: string, name: string, target: string, groupId: string): Promise<void>
  /** Answers every Pending connection of the target, as its owner by hand. */
  approveAll(target: string, count?: number): Promise<readonly string[]>
  stop(): Promise<void>
}

export interface Ran {
  readonly code: ExitCode
  readonly out: string
  readonly err: string
}

interface Listed {
  readonly id: string
  readonly properties: { readonly privateLinkServiceConnectionState: { readonly status: string } }
}

const appOrigin = 'http://127.0.0.1:7071'
const connectionVersion = '2023-01-01'

/** A simulated Azure and an Azurite of a test's own, and a settings file that names both. */
export async function startPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), 'cli-ops-'))
  const timing = { arrivalMs: [20, 20], writeMs: 5, operationMs: 30, graphLagMs: 0 } as const
  const signIn = { port: 0, redirectUris: [`${appOrigin}/sign-in/callback`] }
  const [azure, azurite] = await Promise.all([
    startSimulatedAzure({ stateFolder: folder, persist: false, timing, signIn }),
    startAzurite(),
  ])
  const rest = new RestClient(azure.origin, azure.caFile)
  const clients = clientsOf(rest)
  const settings = appSettings(azure, azurite.connectionString, appOrigin)
  for (const name of ['AUTHORITY_HOST', 'TENANT_ID', 'CLIENT_ID', 'CLIENT_SECRET']) {
    vi.stubEnv(`AZURE_${name}`, settings[`AZURE_${name}`])
  }
  const table = (name: keyof typeof tableNames) =>
    TableClient.fromConnectionString(azurite.connectionString, tableNames[name], {
      allowInsecureConnection: true,
    })
  return {
    folder,
    rest,
    clients,
    settings,
    table,
    async cli(args, change = {}, columns = 200) {
      const file = join(folder, `${randomUUID()}.json`)
      await writeFile(file, JSON.stringify({ Values: { ...settings, ...change } }))
      return await run([...args, '--settings', file], around({ columns }))
    },
    async create(type, name, { subscriptionId } = analytics) {
      const id = `/subscriptions/${subscriptionId}/resourceGroups/rg-ops/providers/${type}/${name}`
      await clients.arm('PUT', id, '2021-06-01', { location: 'westeurope', properties: {} })
      return id
    },
    async ask(factory, name, target, groupId) {
      const path = `${factory}/managedVirtualNetworks/default/managedPrivateEndpoints/${name}`
      const properties = { privateLinkResourceId: target, groupId }
      await clients.arm('PUT', path, '2018-06-01', { properties })
    },
    async approveAll(target, count = 1) {
      const pending = await vi.waitFor(
        async () => {
          const { body } = await clients.arm('GET', `${target}/privateEndpointConnections`, connectionVersion)
          const found = (body as { value: Listed[] }).value.filter(
            ({ properties }) => properties.privateLinkServiceConnectionState.status === 'Pending',
          )
          if (found.length !== count) throw new Error(`${found.length} are Pending on ${target}`)
          return found
        },
        { timeout: 5_000, interval: 20 },
      )
      for (const { id } of pending) {
        const state = { status: 'Approved', description: 'by hand' }
        await clients.arm('PUT', id, connectionVersion, {
          properties: { privateLinkServiceConnectionState: state },
        })
      }
      return pending.map(({ id }) => id)
    },
    async stop() {
      vi.unstubAllEnvs()
      await Promise.all([azure.stop(), azurite.stop()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A storage account of the owner's. */
export function storageAccount(place: Place, name: string): Promise<string> {
  return place.create('Microsoft.Storage/storageAccounts', name, dataPlatform)
}
