import { TableServiceClient } from '@azure/data-tables'
import { QueueServiceClient } from '@azure/storage-queue'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Host, startHost } from '../../local/functions-host/host.ts'
import { tableNames } from '../../shared/config/table-names.ts'
import { type Azurite, startAzurite } from '../support/azurite.ts'

let azurite: Azurite
let host: Host
const lines: string[] = []

beforeAll(async () => {
  azurite = await startAzurite()
  host = await startHost({
    appFolder: inject('appFolder'),
    port: 0,
    keys: { masterKey: 'master', functionKey: 'function', eventGridKey: 'events' },
    env: {
      PATH: process.env['PATH'],
      AzureWebJobsStorage: azurite.connectionString,
      AzureWebJobsDisableHomepage: 'true',
      // Asks Azure.
      'AzureWebJobs.sweep.Disabled': 'true',
    },
    write: (line) => lines.push(line),
  })
})
afterAll(async () => {
  await host.stop()
  await azurite.stop()
})

describe('an app that has just started, in an account that is empty', () => {
  it('has made the queue of every queue trigger that it declares, and no other', async () => {
    const triggers = host.functions.flatMap((one) => (one.kind === 'queue' ? [one.queueName] : []))
    const service = QueueServiceClient.fromConnectionString(azurite.connectionString)
    const queues = (await Array.fromAsync(service.listQueues())).map(({ name }) => name)
    expect(triggers.length).toBeGreaterThanOrEqual(4)
    expect(queues.toSorted()).toEqual([...new Set(triggers)].toSorted())
  })

  it('has made every table that it names, and no other', async () => {
    const service = TableServiceClient.fromConnectionString(azurite.connectionString, {
      allowInsecureConnection: true,
    })
    const tables = (await Array.fromAsync(service.listTables())).map(({ name }) => name)
    expect(tables.toSorted()).toEqual(Object.values(tableNames).toSorted())
  })

  it('has logged no warning', () => {
    expect(lines.filter((line) => / (?:warning|error|critical) /.test(line))).toEqual([])
  })

  it('says whether it can decide, in a process that has never run a review', async () => {
    const response = await fetch(`http://127.0.0.1:${host.port}/readyz`, {
      headers: { 'x-functions-key': 'function' },
    })
    expect([response.status, await response.json()]).toEqual([
      200,
      {
        status: 'ready',
        checks: {
          allowList: expect.objectContaining({ status: 'pass', rules: 0 }) as object,
          notifications: { status: 'pass', nobodyNotified: 0 },
        },
      },
    ])
  })
})
