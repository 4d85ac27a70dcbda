import { availableParallelism } from 'node:os'
import { setTimeout as wait } from 'node:timers/promises'
import { QueueServiceClient } from '@azure/storage-queue'
import type { QueueClient } from '@azure/storage-queue'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Azurite } from '../support/azurite.ts'
import { startAzurite } from '../support/azurite.ts'
import { appStorage, startOwnHost, startTestHost } from './support.ts'
import type { TestHost } from './support.ts'

let azurite: Azurite
let host: TestHost
let service: QueueServiceClient
let work: QueueClient

beforeAll(async () => {
  azurite = await startAzurite()
  service = QueueServiceClient.fromConnectionString(azurite.connectionString)
  work = service.getQueueClient('work')
  host = await startTestHost({ appFolder: appStorage, env: environment('work') })
  await makeQueues('work')
})
afterAll(async () => {
  await host.stop()
  await azurite.stop()
})

function environment(queue: string): Record<string, string> {
  return { AzureWebJobsStorage: azurite.connectionString, WORK_QUEUE: queue }
}

interface Work {
  message: unknown
  metadata: Record<string, unknown>
  pid: number
  at: number
}

async function put(body: unknown, queue = work): Promise<void> {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  await queue.sendMessage(Buffer.from(text).toString('base64'))
}

/** The runs of the worker function whose message has this name. */
function runsOf(name: string, from = host): Work[] {
  const all = from.seen('worker') as unknown as Work[]
  return all.filter(({ message }) => (message as { name?: string }).name === name)
}

async function runsOfAtLeast(name: string, count: number, from = host): Promise<Work[]> {
  await expect
    .poll(() => runsOf(name, from).length, { timeout: 15_000, interval: 50 })
    .toBeGreaterThanOrEqual(count)
  return runsOf(name, from)
}

async function isEmpty(queue: QueueClient): Promise<boolean> {
  return (await queue.getProperties()).approximateMessagesCount === 0
}

describe('a queue output', () => {
  async function stored(kind: string): Promise<string[]> {
    await host.ask('POST', `/api/put-raw/${kind}`, { body: '' })
    const raw = service.getQueueClient('raw')
    await raw.createIfNotExists()
    const { receivedMessageItems } = await raw.receiveMessages({ numberOfMessages: 32 })
    for (const { messageId, popReceipt } of receivedMessageItems)
      await raw.deleteMessage(messageId, popReceipt)
    return receivedMessageItems.map(({ messageText }) => Buffer.from(messageText, 'base64').toString())
  }

  it('stores a string as it is and an object as JSON, in base64', async () => {
    expect(await stored('text')).toEqual(['plain text'])
    expect(await stored('failing')).toEqual(['{"fail":true}'])
  })

  it('stores an array as one message per element, and none for an empty one', async () => {
    expect(await stored('many')).toEqual(['{"i":1}', '{"i":2}', 'three'])
    expect(await stored('empty')).toEqual([])
  })

  it('wakes the listener of its queue, which does not wait for its next look', async () => {
    await expect.poll(() => isEmpty(work)).toBe(true)
    const before = host.seen('worker').length
    await host.ask('POST', '/api/put/text', { body: '' })
    const seen = await host.seenAtLeast('worker', before + 1)
    expect(seen.at(-1)).toMatchObject({ message: 'plain text' })
  })
})

describe('a queue trigger', () => {
  it('gets JSON parsed, other text as a string', async () => {
    await put({ name: 'json', a: 1 })
    await put('no json')
    expect((await runsOfAtLeast('json', 1))[0]?.message).toEqual({ name: 'json', a: 1 })
    await expect.poll(() => host.seen('worker').map(({ message }) => message)).toContain('no json')
  })

  it('gets id, pop receipt, counts and times, and hides the message for ten minutes meanwhile', async () => {
    await put({ name: 'metadata', number: 1, nested: { b: 2 }, list: [1], none: null, yes: true })
    const [run] = await runsOfAtLeast('metadata', 1)
    const { metadata = {}, at = 0 } = run ?? {}
    expect(metadata).toMatchObject({ dequeueCount: 1, number: 1, nested: { b: 2 }, yes: 'True' })
    expect(Object.keys(metadata).sort()).toEqual(
      ['dequeueCount', 'expirationTime', 'id', 'insertionTime', 'name', 'nested', 'nextVisibleTime']
        .concat(['number', 'popReceipt', 'queueTrigger', 'yes'])
        .sort(),
    )
    expect(secondsFrom(at, metadata['nextVisibleTime'])).toBeCloseTo(600, -1)
    expect(secondsFrom(at, metadata['expirationTime'])).toBeCloseTo(7 * 24 * 3600, -1)
  })

  it('gets the properties of the message itself in place of those of the host with the same name, whatever the case', async () => {
    await put({ name: 'own id', ID: 'own' })
    const [run] = await runsOfAtLeast('own id', 1)
    expect(run?.metadata).toMatchObject({ id: 'own' })
    expect(run?.metadata).not.toHaveProperty('iD')
  })

  function secondsFrom(at: number, time: unknown): number {
    return (Date.parse(String(time)) - at) / 1000
  }

  it('brings a message that failed back at once, and after maxDequeueCount tries moves it to the poison queue', async () => {
    await put({ name: 'failing', fail: true })
    const poisoned = await host.seenAtLeast('poison', 1)
    expect(runsOf('failing').map(({ metadata }) => metadata['dequeueCount'])).toEqual([1, 2, 3])
    expect(poisoned[0]).toMatchObject({
      message: { name: 'failing', fail: true },
      metadata: { dequeueCount: 1 },
    })
    await expect.poll(() => isEmpty(work)).toBe(true)
  })

  it('moves a body that is not base64 to the poison queue as it is, without a run, where it stays', async () => {
    const other = await startOwnHost({ appFolder: appStorage, env: environment('undecodable') })
    const { queue, poison } = await makeQueues('undecodable')
    await queue.sendMessage('not base64!')
    await expect.poll(() => warnings(other, 'undecodable-poison'), { timeout: 15_000 }).toHaveLength(1)
    expect(warnings(other, 'undecodable-poison')[0]).toContain('is not base64')
    expect(await isEmpty(queue)).toBe(true)
    expect(await isEmpty(poison)).toBe(false)
    expect(await service.getQueueClient('undecodable-poison-poison').exists()).toBe(false)
    expect(other.seen('worker')).toEqual([])
  })

  it('on a poison queue tries a message that fails once, and leaves it hidden', async () => {
    const other = await startOwnHost({ appFolder: appStorage, env: environment('hopeless') })
    const { poison } = await makeQueues('hopeless')
    await put({ isHopeless: true }, poison)
    await other.seenAtLeast('poison', 1)
    await expect.poll(() => other.log.join('\n')).toContain("Executed 'Functions.poison' (Failed")
    await wait(1000)
    expect(other.seen('poison')).toHaveLength(1)
    expect(await isEmpty(poison)).toBe(false)
    expect((await poison.receiveMessages()).receivedMessageItems).toEqual([])
    expect(await service.getQueueClient('hopeless-poison-poison').exists()).toBe(false)
  })

  it('gives the message of a worker that died to the new one within a second, dequeueCount 2', async () => {
    await put({ name: 'crash', crashOnce: true })
    const [first, second] = await runsOfAtLeast('crash', 2)
    expect(second?.metadata['dequeueCount']).toBe(2)
    expect(second?.pid).not.toBe(first?.pid)
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(2000)
  })

  it('works on batches of 16 until more than half of that times the cores are in work: 32 on two cores', async () => {
    const queue = service.getQueueClient('parallel')
    await queue.createIfNotExists()
    const atOnce = 16 * (Math.floor(availableParallelism() / 2) + 1)
    const names = Array.from({ length: atOnce + 10 }, (_, i) => ({ name: 'parallel', i, waitFor: 'gate' }))
    await Promise.all(names.map((each) => put(each, queue)))
    const other = await startOwnHost({ appFolder: appStorage, env: environment('parallel') })
    await runsOfAtLeast('parallel', atOnce, other)
    const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: 32 })
    const inWork = runsOf('parallel', other).length
    async function release(): Promise<number> {
      await other.ask('GET', '/api/release/gate')
      return runsOf('parallel', other).length
    }
    await expect.poll(release, { timeout: 15_000 }).toBe(atOnce + 10)
    await release()
    await other.stop()
    expect(inWork).toBe(atOnce)
    expect(peekedMessageItems).toHaveLength(10)
  })

  it('leaves a message that is in work when the host stops hidden, and stops within three seconds', async () => {
    const other = await startOwnHost({ appFolder: appStorage, env: environment('stopping') })
    const { queue } = await makeQueues('stopping')
    await put({ name: 'stopping', forever: true }, queue)
    await runsOfAtLeast('stopping', 1, other)
    const started = performance.now()
    await other.stop()
    expect(performance.now() - started).toBeLessThan(3000)
    expect((await queue.receiveMessages()).receivedMessageItems).toEqual([])
    expect(await isEmpty(queue)).toBe(false)
  })

  it('makes no queue: it warns at each look until somebody else makes it, and then reads it', async () => {
    const other = await startOwnHost({ appFolder: appStorage, env: environment('missing') })
    await expect.poll(() => warnings(other, 'missing').length, { timeout: 10_000 }).toBeGreaterThanOrEqual(2)
    expect(warnings(other, 'missing')[0]).toContain('warning     Azure.Core.1: ')
    expect(await service.getQueueClient('missing').exists()).toBe(false)
    const { queue } = await makeQueues('missing')
    await put({ name: 'found' }, queue)
    await runsOfAtLeast('found', 1, other)
    await queue.delete()
    await makeQueues('missing')
    await put({ name: 'again' }, queue)
    await runsOfAtLeast('again', 1, other)
  })
})

/** Both queues of an app, which no trigger makes. */
async function makeQueues(name: string): Promise<{ queue: QueueClient; poison: QueueClient }> {
  const queue = service.getQueueClient(name)
  const poison = service.getQueueClient(`${name}-poison`)
  await Promise.all([queue.createIfNotExists(), poison.createIfNotExists()])
  return { queue, poison }
}

/** What the host warns of about that queue. */
function warnings(from: TestHost, queue: string): string[] {
  return from.log.filter((line) => line.includes(' warning ') && line.includes(`"${queue}"`))
}

describe('a run by hand', () => {
  const headers = { 'x-functions-key': 'master', 'content-type': 'application/json' }

  it('gives the queue function its input with dequeueCount 0 and no message id', async () => {
    const body = JSON.stringify({ input: '{"name":"by hand"}' })
    const response = await host.ask('POST', '/admin/functions/worker', { headers, body })
    expect(response).toMatchObject({ status: 202, body: '' })
    const [run] = await runsOfAtLeast('by hand', 1)
    expect(run?.metadata).toMatchObject({ dequeueCount: 0 })
    expect(run?.metadata).not.toHaveProperty('id')
    expect(run?.metadata).not.toHaveProperty('popReceipt')
    expect(String(run?.metadata['nextVisibleTime'])).toMatch(/^9999-12-31/)
  })

  it('is answered before the function is done', async () => {
    const body = JSON.stringify({ input: '{"name":"slow","waitFor":"slow"}' })
    expect((await host.ask('POST', '/admin/functions/worker', { headers, body })).status).toBe(202)
    await runsOfAtLeast('slow', 1)
    expect(JSON.parse((await host.ask('GET', '/api/release/slow')).body)).toEqual({ released: 1 })
  })
})
