import { setTimeout as wait } from 'node:timers/promises'
import { QueueClient } from '@azure/storage-queue'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { dataPlatform } from '../../local/azure/well-known.ts'
import { deliver, oldEvent } from '../../local/tour/events.ts'
import { untilRulesAreKnown } from '../../local/tour/known-rules.ts'
import type { SentRequest } from '../../local/tour/requests.ts'
import { liveConnection } from '../../local/tour/watch.ts'
import { tableNames } from '../../shared/config/table-names.ts'
import type { ReviewMessage } from '../../shared/ports/queue.ts'
import { notificationQueueName } from '../../shared/queue/notification-queue.ts'
import { poisonQueueName } from '../../shared/queue/poison-queue.ts'
import { reviewQueueName } from '../../shared/queue/review-queue.ts'
import { askForLake, createLake, createSalesFactory, untilTargetHas } from '../support/lake-requests.ts'
import { type RunningStack, runStack, until } from '../support/running-stack.ts'

const eventSubscription =
  `/subscriptions/${dataPlatform.subscriptionId}` +
  '/providers/Microsoft.EventGrid/eventSubscriptions/private-endpoint-approver'
/** The notification of the first entry of a request. */
const firstNotification = 'outbox:000001'

let running: RunningStack

// Every hint at a notification is lost, as nothing takes it out of its queue, and Azure sends no events.
beforeAll(async () => {
  running = await runStack(inject('appFolder'), { 'AzureWebJobs.notify.Disabled': 'true' })
  await running.clients.arm('DELETE', eventSubscription, '2022-06-15')
  await createSalesFactory(running)
})
afterAll(() => running.stop())

let target: string
let targetCount = 0

beforeEach(async () => {
  targetCount += 1
  target = `${running.places.lake}${targetCount}`
  await createLake(running, target)
})

interface TableRow extends Record<string, unknown> {
  readonly partitionKey: string
  readonly rowKey: string
}

async function sendEvent(): Promise<void> {
  const { origin, keys } = running.stack.functionsApp()
  await deliver({ origin, key: keys.eventGridKey }, oldEvent(target, 0))
}

async function statusOf(request: SentRequest): Promise<string | undefined> {
  const live = await liveConnection(running.clients, request)
  return live?.properties?.privateLinkServiceConnectionState?.status
}

/** A request whose connection is Pending on the target. */
async function askUntilPending(): Promise<SentRequest> {
  const request = await askForLake(running, target, `mpe-${targetCount}`)
  await until(
    10,
    () => statusOf(request),
    (status) => status === 'Pending',
  )
  return request
}

/** A request that waits for manual review, as no rule applies to it; returns the partition of its record. */
async function askUntilReviewed(): Promise<string> {
  await askUntilPending()
  await sendEvent()
  await untilTargetHas(running, target, 10, 'waiting for manual review')
  const states = await running.rows<TableRow>(tableNames.requests, "RowKey eq 'state'")
  const state = states.find(({ request }) => String(request).includes(`"${target}"`))
  if (!state) throw new Error(`There is no record of ${target}.`)
  return state.partitionKey
}

async function allowTarget(): Promise<void> {
  await running.allowList.createEntity({
    partitionKey: 'rule',
    rowKey: `rule-${targetCount}`,
    effect: 'allow',
    target,
    requester: running.places.salesFactory,
    version: 1,
  })
  await untilRulesAreKnown(running)
}

describe('the timer notifyDue', () => {
  it('delivers a notification whose hint was lost', async () => {
    const record = await askUntilReviewed()
    await running.runTimer('notifyDue')
    const [outbox] = await until(
      10,
      () =>
        running.rows<TableRow>(
          tableNames.requests,
          `PartitionKey eq '${record}' and RowKey eq '${firstNotification}'`,
        ),
      ([row]) => row?.['deliveredAt'] !== '',
    )
    expect(outbox).toMatchObject({ attempts: 1, problem: '' })
    const lines = await until(
      10,
      async () => (await running.linesOf('notification')).filter((line) => line['target'] === target),
      ({ length }) => length > 0,
    )
    expect(lines).toEqual([expect.objectContaining({ code: 'no-rule-matched' })])
  })
})

describe('the poison queue of reviews', () => {
  it('is emptied, and its target is on the list of open work for ten minutes later', async () => {
    const poison = new QueueClient(running.stack.storage, poisonQueueName(reviewQueueName))
    const message: ReviewMessage = {
      resourceId: target,
      attempt: 3,
      isFollowUp: true,
      isFromEndpoint: false,
      correlationId: undefined,
    }
    const sentAt = Date.now()
    await poison.sendMessage(Buffer.from(JSON.stringify(message)).toString('base64'))
    const [work] = await until(
      10,
      () => running.rows<TableRow>(tableNames.targetWork, `targetId eq '${target}'`),
      (rows) => rows.length > 0,
    )
    expect(work).toMatchObject({ kind: 'due', attempt: 0 })
    const afterSeconds = (Date.parse(String(work?.['dueAt'])) - sentAt) / 1000
    expect(afterSeconds).toBeGreaterThanOrEqual(600)
    expect(afterSeconds).toBeLessThan(610)
    await until(
      10,
      async () => (await poison.getProperties()).approximateMessagesCount,
      (count) => count === 0,
    )
  })
})

describe('a message that is nonsense', () => {
  const nonsense = [
    'hello',
    '',
    'null',
    '[1]',
    '{"resourceId":7}',
    '{"ref":"../../x"}',
    JSON.stringify({
      resourceId: 'no id',
      attempt: 0,
      isFollowUp: false,
      isFromEndpoint: false,
      seenAt: 'x',
    }),
    JSON.stringify({
      resourceId: '/subscriptions/nowhere',
      attempt: 0,
      isFollowUp: false,
      isFromEndpoint: false,
      seenAt: '2026-11-21T08:00:00.000Z',
    }),
  ]

  // A function that fails on a poison queue would leave it hidden for ten minutes, again and again.
  it.each([reviewQueueName, notificationQueueName])(
    'is taken out of the poison queue of %s without a failure',
    async (name) => {
      const poison = new QueueClient(running.stack.storage, poisonQueueName(name))
      for (const text of nonsense) await poison.sendMessage(Buffer.from(text).toString('base64'))
      await until(
        10,
        async () => (await poison.getProperties()).approximateMessagesCount,
        (count) => count === 0,
      )
    },
  )
})

describe('the sweep', () => {
  it('finds a Pending connection of which no event came, and the app decides it', async () => {
    await allowTarget()
    const request = await askUntilPending()
    // Resource Graph shows the connection a moment later.
    const sweepAndRead = async () => {
      await running.runTimer('sweep')
      await wait(500)
      return statusOf(request)
    }
    await until(10, sweepAndRead, (status) => status === 'Approved')
    const entries = await untilTargetHas(running, target, 5, 'approved')
    expect(entries.at(-1)?.decidedBy).toMatchObject({ ruleId: `rule-${targetCount}` })
  })

  it('writes again every index row of a request that was deleted by hand', async () => {
    const record = await askUntilReviewed()
    const indexRows = async () => {
      const rows = await running.rows<TableRow>(tableNames.requestIndex, "PartitionKey ne 'due'")
      return rows
        .filter(({ rowKey }) => rowKey.includes(record))
        .map(({ partitionKey, rowKey }) => ({ partitionKey, rowKey }))
    }
    const before = await indexRows()
    const index = running.table(tableNames.requestIndex)
    for (const { partitionKey, rowKey } of before) await index.deleteEntity(partitionKey, rowKey)
    await running.runTimer('sweep')
    await until(10, indexRows, (rows) => rows.length >= before.length)
    expect(await indexRows()).toEqual(before)
    expect(before.map(({ partitionKey }) => partitionKey.replace(/:.*/, ''))).toEqual([
      'day',
      'state',
      'target',
    ])
  })
})

describe('a row that cannot be read is logged with the metric ledger.unreadable', () => {
  async function untilReported(record: string, rowKey: string): Promise<string> {
    const seen = await until(
      10,
      () => running.linesOf('ledger.unreadable'),
      (lines) => lines.some(({ problem }) => isAbout(String(problem), record, rowKey)),
    )
    return String(seen.find(({ problem }) => isAbout(String(problem), record, rowKey))?.['problem'])
  }

  function isAbout(problem: string, record: string, rowKey: string): boolean {
    return problem.includes(record) && problem.includes(rowKey)
  }

  it('when it is a notification, by the timer notifyDue', async () => {
    const record = await askUntilReviewed()
    await running.table(tableNames.requests).updateEntity({
      partitionKey: record,
      rowKey: firstNotification,
      attempts: -1,
    })
    await running.table(tableNames.requestIndex).createEntity({
      partitionKey: 'due',
      rowKey: `${new Date(0).toISOString()}:${record}:${firstNotification}`,
      schemaVersion: 1,
    })
    await running.runTimer('notifyDue')
    expect(await untilReported(record, firstNotification)).toContain('"attempts" is -1')
  })

  it('when it is the state of a request, by the next review of its target', async () => {
    const record = await askUntilReviewed()
    await running.table(tableNames.requests).updateEntity({
      partitionKey: record,
      rowKey: 'state',
      schemaVersion: 2,
    })
    await sendEvent()
    expect(await untilReported(record, 'state')).toContain('"schemaVersion" is 2, expected 1')
  })
})
