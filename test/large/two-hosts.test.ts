import { QueueClient } from '@azure/storage-queue'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import type { FunctionsApp } from '../../local/functions-app.ts'
import { untilRulesAreKnown } from '../../local/tour/known-rules.ts'
import { nameOf } from '../../local/tour/places.ts'
import { askAsFactory } from '../../local/tour/requests.ts'
import { tableNames } from '../../shared/config/table-names.ts'
import { notificationQueueName } from '../../shared/queue/notification-queue.ts'
import { reviewQueueName } from '../../shared/queue/review-queue.ts'
import { chainHash, chainStart } from '../../shared/storage/chain.ts'
import { inParallel } from '../../shared/storage/in-parallel.ts'
import { createLake } from '../support/lake-requests.ts'
import { type LoggedWrite, type RunningStack, runStack, until } from '../support/running-stack.ts'

const counts = { factories: 10, targets: 30, requests: 300 }
const secondClient = 'private-endpoint-approver-2'
/** So many of its own has the second host written when it is killed. */
const writesBeforeKill = 50
const sentAtOnce = 8

let running: RunningStack
let second: FunctionsApp
let factories: readonly string[]
let targets: readonly string[]

beforeAll(async () => {
  running = await runStack(inject('appFolder'))
  second = await running.stack.startAnotherHost({ AZURE_CLIENT_ID: secondClient })
  const { places, clients, allowList } = running
  factories = numbered(counts.factories, places.salesFactory)
  targets = numbered(counts.targets, places.lake)
  await inParallel(targets, sentAtOnce, (target) => createLake(running, target))
  for (const factory of factories) {
    await clients.arm('PUT', factory, '2018-06-01', { location: 'westeurope', properties: {} })
    await allowList.createEntity({
      partitionKey: 'rule',
      rowKey: nameOf(factory),
      effect: 'allow',
      target: places.lake.replace(/\/providers\/.*/, ''),
      requester: factory,
    })
  }
  await untilRulesAreKnown(running)
}, 120_000)
afterAll(() => running.stop())

function numbered(count: number, id: string): string[] {
  return Array.from({ length: count }, (_, index) => `${id}${index}`)
}

async function writes(): Promise<readonly LoggedWrite[]> {
  const found = await running.control('GET', 'requests?method=PUT&path=/privateEndpointConnections/')
  return (found as { value: LoggedWrite[] }).value
}

/**
 * A write that was under way when its host was killed. Azure carried it out, and then nobody writes again, or it did
 * not, and then another host does.
 */
function isUnheard({ status }: LoggedWrite): boolean {
  return status === 499
}

/** True when a host could take something out of the queue now. */
async function isWaitingIn(queue: string): Promise<boolean> {
  const client = new QueueClient(running.stack.storage, queue)
  return (await client.exists()) && (await client.peekMessages()).peekedMessageItems.length > 0
}

interface Connection {
  readonly id: string
  readonly status: string | undefined
}

async function connectionsOf(target: string): Promise<Connection[]> {
  const { body } = await running.clients.arm('GET', `${target}/privateEndpointConnections`, '2024-01-01')
  const { value } = body as {
    value: { id: string; properties: { privateLinkServiceConnectionState: { status?: string } } }[]
  }
  return value.map(({ id, properties }) => ({
    id,
    status: properties.privateLinkServiceConnectionState.status,
  }))
}

/** Asks with all factories for all targets, so that no limit of a burst is reached. */
function askForAll(): Promise<unknown> {
  const all = Array.from({ length: counts.requests }, (_, index) => index)
  return inParallel(all, sentAtOnce, (index) =>
    askAsFactory(running.clients, {
      factory: factories[index % counts.factories] ?? '',
      name: `mpe-${index}`,
      target: targets[Math.floor(index / counts.factories) % counts.targets] ?? '',
      groupId: 'blob',
      ending: 'approved',
    }),
  )
}

describe('two hosts on one storage, of which one is killed while 300 requests come', () => {
  let written: readonly LoggedWrite[]
  let connections: readonly Connection[]

  it('leave no work open', { timeout: 240_000 }, async () => {
    const begun = performance.now()
    const seconds = () => Math.round((performance.now() - begun) / 1000)
    const asking = askForAll()
    await until(120, writes, (seen) => seen.filter(isOfSecond).length >= writesBeforeKill)
    await second.kill()
    const atKill = { seconds: seconds(), writes: (await writes()).length }
    await asking
    await until(120, writes, (seen) => seen.length >= counts.requests)
    const atLastWrite = seconds()
    await until(
      90,
      () => running.rows(tableNames.targetWork),
      (rows) => rows.length === 0,
    )
    console.log(
      `The second host was killed after ${atKill.seconds} s and ${atKill.writes} writes; ` +
        `the last of ${counts.requests} was written after ${atLastWrite} s, the work over after ${seconds()} s.`,
    )
    written = await writes()
    connections = (await Promise.all(targets.map(connectionsOf))).flat()
    expect(atKill.writes).toBeLessThan(counts.requests)
  })

  it('approve each connection', () => {
    expect(connections).toHaveLength(counts.requests)
    expect(connections.filter(({ status }) => status !== 'Approved')).toEqual([])
  })

  it('write each connection once, both of them', () => {
    const [unheard = [], heard = []] = [true, false].map((is) =>
      written.filter((one) => isUnheard(one) === is),
    )
    expect(unheard.filter((one) => !isOfSecond(one))).toEqual([])
    expect(heard.filter(({ status }) => status >= 300)).toEqual([])
    const heardOf = Map.groupBy(heard, ({ path }) => path.toLowerCase())
    const unheardOf = Map.groupBy(unheard, ({ path }) => path.toLowerCase())
    const writesOf = ({ id }: Connection) =>
      heardOf.get(id.toLowerCase())?.length ?? unheardOf.get(id.toLowerCase())?.length
    expect(connections.filter((connection) => writesOf(connection) !== 1)).toEqual([])
    expect(heard.length + unheardOf.size).toBeGreaterThanOrEqual(counts.requests)
    expect(written.filter(isOfSecond).length).toBeGreaterThanOrEqual(writesBeforeKill)
    expect(written.filter((one) => !isOfSecond(one)).length).toBeGreaterThanOrEqual(writesBeforeKill)
  })

  it(
    'log one intent and one result of each connection, and at most delays between',
    { timeout: 60_000 },
    async () => {
      // The sweep, which otherwise comes every five minutes, completes what an index of the log lacks.
      await running.runTimer('sweep')
      const entries = await until(
        40,
        () => running.log(),
        (seen) => seen.filter(({ kind }) => kind === 'result').length >= counts.requests,
      )
      const log = Map.groupBy(entries, ({ subject }) =>
        (subject.kind === 'connection' ? subject.connectionId : subject.targetId).toLowerCase(),
      )
      expect(log.size).toBe(counts.requests)
      const logged = connections.map(({ id }) => log.get(id.toLowerCase()) ?? [])
      const kinds = logged.map((ofOne) => ofOne.map(({ kind }) => kind).join(', '))
      expect(kinds.filter((kind) => !/^intent(, deferred)*, result$/.test(kind))).toEqual([])
      for (const ofOne of logged) {
        const [intent, result] = [ofOne[0], ofOne.at(-1)]
        expect(result?.decisionId).toBe(intent?.decisionId)
        expect(result).toMatchObject({ state: 'applied', outcome: 'approve' })
      }
    },
  )

  it('keep every chain whole', async () => {
    const rows = await running.rows(tableNames.requests, "RowKey ge 'log:' and RowKey lt 'log;'")
    const chains = Map.groupBy(rows, ({ partitionKey }) => partitionKey)
    expect(chains.size).toBe(counts.requests)
    for (const chain of chains.values()) {
      let before = chainStart
      for (const { previousHash, hash, entry } of chain) {
        expect(previousHash).toBe(before)
        expect(hash).toBe(chainHash(before, String(entry)))
        before = String(hash)
      }
    }
  })

  // Messages that the killed host had taken out come back after ten minutes, and find nothing to do.
  it('have nothing left to do in a queue, and no notification', { timeout: 60_000 }, async () => {
    // The sweep has just asked for reviews: they end.
    for (const queue of [reviewQueueName, notificationQueueName]) {
      await until(
        50,
        () => isWaitingIn(queue),
        (isWaiting) => !isWaiting,
      )
      expect([queue, await isWaitingIn(`${queue}-poison`)]).toEqual([queue, false])
    }
    expect(await running.rows(tableNames.requests, "RowKey ge 'outbox:' and RowKey lt 'outbox;'")).toEqual([])
  })
})

function isOfSecond({ clientId }: LoggedWrite): boolean {
  return clientId === secondClient
}
