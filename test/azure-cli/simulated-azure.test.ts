import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { dataPlatform, ownTenant } from '../../local/azure/well-known.ts'
import { Bench, own } from '../simulated-azure/support.ts'
import type { Connection } from '../simulated-azure/support.ts'

/** The eight types that `az network private-endpoint-connection` and the simulation have in common. */
const types = [
  'Microsoft.Storage/storageAccounts',
  'Microsoft.Keyvault/vaults',
  'Microsoft.Sql/servers',
  'Microsoft.DocumentDB/databaseAccounts',
  'Microsoft.EventHub/namespaces',
  'Microsoft.Synapse/workspaces',
  'Microsoft.Purview/accounts',
  'Microsoft.Network/privateLinkServices',
]

const minutes = 60_000

/** Some packages of az cannot load `az network` in the profile `latest`; in this one they can. */
const hybrid = '2020-09-01-hybrid'

describe('The Azure CLI works against the simulated Azure', () => {
  let bench: Bench
  const folders: string[] = []
  /** Runs az with its newest command set. */
  let az: AzureCli
  /** Runs az with a command set in which `az network` loads. */
  let azNetwork: AzureCli

  beforeAll(async () => {
    bench = await Bench.start()
    az = await login('latest')
    const works = await az('network', 'private-endpoint-connection', 'show', '--help').then(
      () => true,
      () => false,
    )
    azNetwork = works ? az : await login(hybrid)
  }, 5 * minutes)

  afterAll(async () => {
    await bench.stop()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  })

  async function login(profile: string): Promise<AzureCli> {
    const folder = mkdtempSync(path.join(tmpdir(), 'az-config-'))
    folders.push(folder)
    const run = azureCli(folder, bench.azure.caFile)
    const { origin } = bench.azure
    const endpoints = {
      'resource-manager': origin,
      'active-directory': `${origin}/adfs`,
      'active-directory-resource-id': 'https://management.core.windows.net/',
      'active-directory-graph-resource-id': 'https://graph.windows.net/',
    }
    const options = Object.entries(endpoints).flatMap(([name, value]) => [`--endpoint-${name}`, value])
    const suffixes = [
      '--suffix-keyvault-dns',
      '.vault.azure.net',
      '--suffix-storage-endpoint',
      'core.windows.net',
    ]
    await run('cloud', 'register', '--name', 'simulated', ...options, ...suffixes)
    await run('cloud', 'set', '--name', 'simulated', '--profile', profile)
    const who = ['--username', 'cli', '--password', 'secret', '--tenant', ownTenant.tenantId]
    await run('login', '--service-principal', ...who)
    return run
  }

  async function pending(type: string, name: string): Promise<{ target: string; connection: Connection }> {
    const target = await bench.create(`${own}/resourceGroups/rg-cli/providers/${type}/${name}`)
    await bench.ask(`pe-${name}`, target)
    return { target, connection: await bench.arrived(target, `pe-${name}`) }
  }

  async function decide(verb: 'approve' | 'reject', id: string): Promise<Connection> {
    const args = [
      'network',
      'private-endpoint-connection',
      verb,
      '--id',
      id,
      '--description',
      `${verb} by az`,
    ]
    return (await azNetwork(...args)) as Connection
  }

  test.concurrent.each(types)('%s: list, show, approve, reject', { timeout: 8 * minutes }, async (type) => {
    const short = type.replaceAll(/\W/g, '').toLowerCase().slice('microsoft'.length)
    const [yes, no] = await Promise.all([pending(type, `yes${short}`), pending(type, `no${short}`)])
    const command = ['network', 'private-endpoint-connection']
    const listed = (await azNetwork(...command, 'list', '--id', yes.target)) as Connection[]
    expect(listed.map(({ id }) => id.toLowerCase())).toEqual([yes.connection.id.toLowerCase()])
    const shown = (await azNetwork(...command, 'show', '--id', yes.connection.id)) as Connection
    expect(shown.properties.privateLinkServiceConnectionState.status).toBe('Pending')

    const [approved, rejected] = await Promise.all([
      decide('approve', yes.connection.id),
      decide('reject', no.connection.id),
    ])
    expect(approved.properties.privateLinkServiceConnectionState).toMatchObject({
      status: 'Approved',
      description: 'approve by az',
    })
    expect(rejected.properties.privateLinkServiceConnectionState).toMatchObject({
      status: 'Rejected',
      description: 'reject by az',
    })
    const after = await bench.settled(yes.connection.id, 'Approved')
    expect(after.properties.privateEndpoint.id).toBe(yes.connection.properties.privateEndpoint.id)
    await bench.settled(no.connection.id, 'Rejected')
  })

  test.concurrent('the commands of single services approve too', { timeout: 8 * minutes }, async () => {
    const services = [
      ['Microsoft.Storage/storageAccounts', 'azstorage', 'storage', 'account'],
      ['Microsoft.KeyVault/vaults', 'az-vault', 'keyvault'],
      ['Microsoft.DocumentDB/databaseAccounts', 'az-cosmos', 'cosmosdb'],
    ] as const
    await Promise.all(
      services.map(async ([type, name, ...command]) => {
        const { connection } = await pending(type, name)
        await az(...command, 'private-endpoint-connection', 'approve', '--id', connection.id)
        const { properties } = await bench.settled(connection.id, 'Approved')
        expect(properties.privateEndpoint.id).toBe(connection.properties.privateEndpoint.id)
      }),
    )
  })

  test.concurrent('groups and resources can be listed and shown', { timeout: 8 * minutes }, async () => {
    const { target } = await pending('Microsoft.Sql/servers', 'az-shown')
    expect(await az('group', 'list')).toContainEqual(expect.objectContaining({ name: 'rg-cli' }))
    const resources = await az('resource', 'list', '--resource-group', 'rg-cli')
    expect(resources).toContainEqual(expect.objectContaining({ name: 'az-shown' }))
    expect(await az('resource', 'show', '--ids', target)).toMatchObject({ name: 'az-shown' })
    const url = `${bench.azure.origin}${target}?api-version=2021-11-01`
    expect(await az('rest', '--method', 'get', '--url', url)).toMatchObject({ name: 'az-shown' })
  })

  test.concurrent('tags can be written and listed', { timeout: 8 * minutes }, async () => {
    const target = await bench.create(
      `${own}/resourceGroups/rg-cli/providers/Microsoft.Sql/servers/az-tagged`,
    )
    const tag = (verb: string, ...rest: string[]) => az('tag', verb, '--resource-id', target, ...rest)
    await tag('create', '--tags', 'environment=prod', 'team=a')
    await tag('update', '--operation', 'Delete', '--tags', 'team=')
    expect(await tag('list')).toMatchObject({ properties: { tags: { environment: 'prod' } } })
    expect((await bench.call('GET', target)).body['tags']).toEqual({ environment: 'prod' })
  })

  test.concurrent('management groups can be made, filled and listed', { timeout: 8 * minutes }, async () => {
    const managementGroup = (...args: string[]) => az('account', 'management-group', ...args)
    const names = ['--name', 'az-corp', '--display-name', 'Corporate']
    await managementGroup('create', ...names, '--no-register')
    const subscription = ['--subscription', dataPlatform.subscriptionId]
    await managementGroup('subscription', 'add', '--name', 'az-corp', ...subscription)
    const parentNameChain = [ownTenant.tenantId, 'az-corp']
    expect(await managementGroup('entities', 'list')).toContainEqual(
      expect.objectContaining({ name: dataPlatform.subscriptionId, parentNameChain }),
    )
  })
})

type AzureCli = (...args: string[]) => Promise<unknown>

/** A way to run az in a configuration folder of its own; resolves to what it prints as JSON. */
function azureCli(configFolder: string, caFile: string): AzureCli {
  const env = {
    PATH: process.env['PATH'],
    HOME: configFolder,
    AZURE_CONFIG_DIR: configFolder,
    REQUESTS_CA_BUNDLE: caFile,
    AZURE_CORE_COLLECT_TELEMETRY: 'no',
    AZURE_CORE_NO_COLOR: 'yes',
    NO_PROXY: '*',
  }
  return (...args) =>
    new Promise((resolve, reject) => {
      execFile('az', [...args, '--output', 'json'], { env }, (error, stdout, stderr) => {
        if (error !== null) reject(new Error(`az ${args.join(' ')}: ${stderr}`))
        else resolve(args.includes('--help') || stdout.trim() === '' ? undefined : JSON.parse(stdout))
      })
    })
}
