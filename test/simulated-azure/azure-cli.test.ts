import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownTenant } from '../../local/azure/well-known.ts'
import { Bench, own } from './support.ts'
import type { Connection, Json } from './support.ts'

const isRequired = process.env['REQUIRE_AZURE_CLI'] === '1'
const isThere = spawnSync('az', ['version'], { stdio: 'ignore' }).status === 0
const reason = isThere ? '' : ' (skipped: az is not on the PATH; REQUIRE_AZURE_CLI=1 makes that a failure)'

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

if (isRequired && !isThere) {
  test('the Azure CLI is installed', () =>
    expect.unreachable('REQUIRE_AZURE_CLI=1, but az is not on the PATH.'))
}

describe.skipIf(!isThere)(`The Azure CLI works against the simulated Azure${reason}`, () => {
  let bench: Bench
  let configFolder: string

  beforeAll(async () => {
    bench = await Bench.start()
    configFolder = mkdtempSync(path.join(tmpdir(), 'az-config-'))
    await az(
      'cloud',
      'register',
      '--name',
      'simulated',
      '--endpoint-resource-manager',
      bench.azure.origin,
      '--endpoint-active-directory',
      `${bench.azure.origin}/adfs`,
      '--endpoint-active-directory-resource-id',
      'https://management.core.windows.net/',
      '--endpoint-active-directory-graph-resource-id',
      'https://graph.windows.net/',
    )
    await az('cloud', 'set', '--name', 'simulated')
    await az(
      'login',
      '--service-principal',
      '--username',
      'cli',
      '--password',
      'secret',
      '--tenant',
      ownTenant.tenantId,
    )
    await az('account', 'set', '--subscription', own.split('/')[2] ?? '')
  }, 5 * minutes)

  afterAll(async () => {
    await bench.stop()
    rmSync(configFolder, { recursive: true, force: true })
  })

  function az(...args: string[]): Promise<unknown> {
    const environment = {
      PATH: process.env['PATH'],
      HOME: configFolder,
      AZURE_CONFIG_DIR: configFolder,
      REQUESTS_CA_BUNDLE: bench.azure.caFile,
      AZURE_CORE_COLLECT_TELEMETRY: 'no',
      AZURE_CORE_NO_COLOR: 'yes',
      NO_PROXY: '*',
    }
    return new Promise((resolve, reject) => {
      execFile('az', [...args, '--output', 'json'], { env: environment }, (error, stdout, stderr) => {
        if (error !== null) reject(new Error(`az ${args.join(' ')}: ${stderr}`))
        else resolve(stdout.trim() === '' ? undefined : JSON.parse(stdout))
      })
    })
  }

  async function pending(type: string, name: string): Promise<{ target: string; connection: Connection }> {
    const target = await bench.create(`${own}/resourceGroups/rg-cli/providers/${type}/${name}`)
    await bench.ask(`pe-${name}`, target)
    return { target, connection: await bench.arrived(target, `pe-${name}`) }
  }

  const command = (verb: string) => ['network', 'private-endpoint-connection', verb]

  test.concurrent.each(types)('%s: list, show, approve', { timeout: 6 * minutes }, async (type) => {
    const { target, connection } = await pending(type, `cli${type.replaceAll(/\W/g, '').toLowerCase()}`)
    const listed = (await az(...command('list'), '--id', target)) as Connection[]
    expect(listed.map(({ id }) => id.toLowerCase())).toEqual([connection.id.toLowerCase()])
    const shown = (await az(...command('show'), '--id', connection.id)) as Connection
    expect(shown.properties.privateLinkServiceConnectionState.status).toBe('Pending')
    const approved = (await az(
      ...command('approve'),
      '--id',
      connection.id,
      '--description',
      'by the CLI',
    )) as Connection
    expect(approved.properties.privateLinkServiceConnectionState).toMatchObject({
      status: 'Approved',
      description: 'by the CLI',
    })
    expect((await bench.settled(connection.id, 'Approved')).properties.privateEndpoint.id).toBe(
      connection.properties.privateEndpoint.id,
    )
  })

  test.concurrent.each(types)('%s: reject', { timeout: 6 * minutes }, async (type) => {
    const { connection } = await pending(type, `clino${type.replaceAll(/\W/g, '').toLowerCase()}`)
    await az(...command('reject'), '--id', connection.id, '--description', 'not by the CLI')
    const after = await bench.settled(connection.id, 'Rejected')
    expect(after.properties.privateLinkServiceConnectionState.description).toBe('not by the CLI')
  })

  test.concurrent('the commands of single services approve too', { timeout: 6 * minutes }, async () => {
    const storage = await pending('Microsoft.Storage/storageAccounts', 'cliown')
    const vault = await pending('Microsoft.KeyVault/vaults', 'cli-own')
    const cosmos = await pending('Microsoft.DocumentDB/databaseAccounts', 'cli-own-cosmos')
    await Promise.all([
      az('storage', 'account', 'private-endpoint-connection', 'approve', '--id', storage.connection.id),
      az('keyvault', 'private-endpoint-connection', 'approve', '--id', vault.connection.id),
      az('cosmosdb', 'private-endpoint-connection', 'approve', '--id', cosmos.connection.id),
    ])
    for (const { connection } of [storage, vault, cosmos]) {
      const { properties } = await bench.settled(connection.id, 'Approved')
      expect(properties.privateEndpoint.id).toBe(connection.properties.privateEndpoint.id)
    }
  })

  test.concurrent('groups and resources can be listed and shown', { timeout: 6 * minutes }, async () => {
    const { target } = await pending('Microsoft.Sql/servers', 'cli-shown')
    expect((await az('group', 'list')) as Json[]).toContainEqual(expect.objectContaining({ name: 'rg-cli' }))
    expect((await az('resource', 'list', '--resource-group', 'rg-cli')) as Json[]).toContainEqual(
      expect.objectContaining({ name: 'cli-shown' }),
    )
    expect(await az('resource', 'show', '--ids', target)).toMatchObject({ name: 'cli-shown' })
    expect(
      await az(
        'rest',
        '--method',
        'get',
        '--url',
        `${bench.azure.origin}${target}?api-version=2021-11-01`,
        '--resource',
        'https://management.core.windows.net/',
      ),
    ).toMatchObject({ name: 'cli-shown' })
  })
})
