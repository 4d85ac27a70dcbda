import { setTimeout as wait } from 'node:timers/promises'
import { BlobServiceClient } from '@azure/storage-blob'
import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readHostJson } from '../../local/functions-host/host-json.ts'
import type { Azurite } from '../support/azurite.ts'
import { startAzurite } from '../support/azurite.ts'
import { appTimers, startOwnHost } from './support.ts'
import type { TestHost } from './support.ts'

let azurite: Azurite
let container: ContainerClient

beforeAll(async () => {
  azurite = await startAzurite()
  container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(
    'azure-webjobs-hosts',
  )
})
afterAll(() => azurite.stop())

/** A host that has not got a lease asks again after that. */
const recoveryPollingMs = 500

function start(storage = azurite.connectionString): Promise<TestHost> {
  return startOwnHost({
    appFolder: appTimers,
    env: { AzureWebJobsStorage: storage, INTERVAL: '00:00:01' },
    timerLock: { periodMs: 15_000, recoveryPollingMs },
  })
}

async function lockOf(name: string): Promise<BlockBlobClient> {
  for await (const blob of container.listBlobsFlat({ prefix: 'locks/' })) {
    if (blob.name.endsWith(`/Host.Functions.${name}.Listener`)) return container.getBlockBlobClient(blob.name)
  }
  throw new Error(`There is no lock of ${name}.`)
}

async function leaseOf(name: string): Promise<string | undefined> {
  return (await (await lockOf(name)).getProperties()).leaseState
}

describe('the lease of a timer', () => {
  it('lets one of two hosts run it; after a graceful stop of that one the other does at its next look', async () => {
    const first = await start()
    await first.seenAtLeast('every-second', 1)
    const second = await start()
    await first.seenAtLeast('every-second', 4)
    expect(second.seen('every-second')).toEqual([])
    await first.stop()
    const stoppedAt = performance.now()
    await second.seenAtLeast('every-second', 1)
    expect(performance.now() - stoppedAt).toBeLessThan(5_000)
  })

  it('is released by a graceful stop', async () => {
    const host = await start()
    await host.seenAtLeast('every-second', 1)
    expect(await leaseOf('every-second')).toBe('leased')
    await host.stop()
    expect(await leaseOf('every-second')).toBe('available')
  })

  it('of a host that was killed keeps the timer from the next host until it runs out', async () => {
    const dead = await start()
    await dead.seenAtLeast('every-second', 1)
    await dead.stop()
    // As a host leaves it behind that dies right after a renewal.
    await (await lockOf('every-second')).getBlobLeaseClient().acquireLease(15)
    const leasedAt = performance.now()
    const next = await start()
    await next.seenAtLeast('interval', 1)
    await next.seenAtLeast('every-second', 1)
    const waited = performance.now() - leasedAt
    expect(waited).toBeGreaterThan(14_500)
    expect(waited).toBeLessThan(20_000)
  }, 40_000)

  it('is renewed while its host lives', async () => {
    const host = await start()
    await host.seenAtLeast('every-second', 1)
    await wait(16_000)
    expect(await leaseOf('every-second')).toBe('leased')
  }, 40_000)

  it('is not needed for a run by hand', async () => {
    const first = await start()
    await first.seenAtLeast('every-second', 1)
    const second = await start()
    const headers = { 'x-functions-key': 'master' }
    expect((await second.ask('POST', '/admin/functions/nightly', { headers, body: '{}' })).status).toBe(202)
    await second.seenAtLeast('nightly', 1)
  })
})

describe('the section singleton of host.json', () => {
  it('has a lease of sixty seconds that is asked for every sixty by default', () => {
    expect(readHostJson({}).timerLock).toEqual({ periodMs: 60_000, recoveryPollingMs: 60_000 })
  })

  it('sets both', () => {
    const singleton = { listenerLockPeriod: '00:00:15', listenerLockRecoveryPollingInterval: '00:00:20' }
    expect(readHostJson({ singleton }).timerLock).toEqual({ periodMs: 15_000, recoveryPollingMs: 20_000 })
  })

  it.each([
    ['listenerLockPeriod', '00:00:14', 'from "00:00:15" to "00:01:00"'],
    ['listenerLockPeriod', '00:01:01', 'from "00:00:15" to "00:01:00"'],
    ['listenerLockRecoveryPollingInterval', '00:00:14', '"00:00:15" or more'],
  ])('is refused when %s is %s', (name, value, expected) => {
    expect(() => readHostJson({ singleton: { [name]: value } })).toThrow(
      `host.json: singleton.${name} is "${value}", expected a time ${expected}.`,
    )
  })
})
