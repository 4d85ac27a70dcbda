import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { deliver, oldEvent } from '../../local/tour/events.ts'
import { untilRulesAreKnown } from '../../local/tour/known-rules.ts'
import { foreignEndpoint, nameOf } from '../../local/tour/places.ts'
import { askAsUnknown, type SentRequest } from '../../local/tour/requests.ts'
import { liveConnection } from '../../local/tour/watch.ts'
import type { LogEntry } from '../../shared/domain/log-entry.ts'
import {
  askForLake,
  createLake,
  createSalesFactory,
  logOf,
  untilTargetHas,
} from '../support/lake-requests.ts'
import { type RunningStack, runStack, until } from '../support/running-stack.ts'

let running: RunningStack

beforeAll(async () => {
  running = await runStack(inject('appFolder'))
  await createSalesFactory(running)
})
afterAll(() => running.stop())

let target: string
let targetCount = 0

beforeEach(async () => {
  const { places, allowList } = running
  targetCount += 1
  target = `${places.lake}${targetCount}`
  await createLake(running, target)
  await allowList.createEntity({
    partitionKey: 'rule',
    rowKey: `rule-${targetCount}`,
    effect: 'allow',
    target,
    requester: places.salesFactory,
    version: 4,
  })
  await untilRulesAreKnown(running)
})
afterEach(() => running.control('DELETE', 'faults'))

function ask(name = 'mpe'): Promise<SentRequest> {
  return askForLake(running, target, `${name}-${targetCount}`)
}

function logOfTarget(): Promise<LogEntry[]> {
  return logOf(running, target)
}

function untilState(seconds: number, state: string): Promise<LogEntry[]> {
  return untilTargetHas(running, target, seconds, state)
}

async function statusOf(request: SentRequest): Promise<string | undefined> {
  const live = await liveConnection(running.clients, request)
  return live?.properties?.privateLinkServiceConnectionState?.status
}

async function sendEvents(copies: number): Promise<void> {
  const { origin, keys } = running.stack.functionsApp()
  const event = oldEvent(target, 0)
  const hook = { origin, key: keys.eventGridKey }
  await Promise.all(Array.from({ length: copies }, () => deliver(hook, event)))
}

/** The next write of a connection is never answered; it is carried out before that, or not. */
async function hold(when: 'before' | 'after'): Promise<void> {
  await running.control('POST', 'faults', {
    method: 'PUT',
    path: 'privateEndpointConnections',
    when,
    holdMs: 'forever',
    times: 1,
  })
}

/** Until the write that is held has reached Azure. */
async function untilHeld(): Promise<void> {
  const faults = async () => ((await running.control('GET', 'faults')) as { value: unknown[] }).value
  await until(10, faults, (left) => left.length === 0)
}

describe('a managed private endpoint that is listed', () => {
  it('is Approved on both sides with no other help, and the log names rule, version, proof and times', async () => {
    const request = await ask()
    await until(
      15,
      async () => request.ownSide?.(),
      (status) => status === 'Approved',
    )
    expect(await statusOf(request)).toBe('Approved')
    const entries = await untilState(5, 'approved')
    expect(entries.map(({ kind }) => kind)).toEqual(['intent', 'result'])
    expect(entries.at(-1)).toMatchObject({
      decidedBy: { ruleId: `rule-${targetCount}`, ruleVersion: 4 },
      proof: { level: 'confirmed', groupIds: ['blob'] },
      requesterSaid: `Requested by DataFactory:${nameOf(running.places.salesFactory)}, Name:mpe-${targetCount}`,
    })
    expect(Date.parse(entries.at(-1)?.firstSeenAt ?? '')).toBeGreaterThan(request.sentAt - 1000)
  })

  it('whose event comes fifty times at once is written once and decided once', async () => {
    await running.control('POST', 'faults', {
      method: 'PUT',
      path: 'privateEndpointConnections',
      when: 'before',
      holdMs: 500,
    })
    const request = await ask()
    await until(
      5,
      () => liveConnection(running.clients, request),
      (live) => live !== undefined,
    )
    await sendEvents(50)
    const entries = await untilState(15, 'approved')
    expect(entries.map(({ kind }) => kind)).toEqual(['intent', 'result'])
    expect(await running.connectionWrites(target)).toHaveLength(1)
  })

  it('is approved later when Azure is throttling, a quarter of a minute after the first try', async () => {
    await running.control('POST', 'faults', {
      method: 'PUT',
      path: 'privateEndpointConnections',
      status: 429,
      code: 'TooManyRequests',
      headers: { 'retry-after': '2' },
      times: 1,
    })
    await ask()
    const entries = await untilState(30, 'approved')
    expect(entries.map(({ kind }) => kind)).toEqual(['intent', 'deferred', 'intent', 'result'])
    const writes = await running.connectionWrites(target)
    expect(writes.map(({ status }) => status)).toEqual([429, 200])
    const [first = 0, second = 0] = writes.map(({ time }) => Date.parse(time))
    expect(second - first).toBeGreaterThanOrEqual(14_000)
  }, 40_000)

  it('that Azure Policy forbids goes to a person with that reason, and is not tried again', async () => {
    await running.control('POST', 'faults', {
      method: 'PUT',
      path: 'privateEndpointConnections',
      status: 403,
      code: 'RequestDisallowedByPolicy',
      message: 'Policy deny-cross-tenant-endpoints does not allow it.',
    })
    const request = await ask()
    const entries = await untilState(10, 'waiting for manual review')
    expect(entries.at(-1)?.reason).toMatchObject({
      code: 'refused-by-azure',
      sentence: expect.stringContaining('RequestDisallowedByPolicy') as string,
    })
    expect(await statusOf(request)).toBe('Pending')
    expect(await running.connectionWrites(target)).toHaveLength(1)
  })
})

describe('when the host is killed', () => {
  it('between intent and write, the record is complete and the state right within a minute of its restart', async () => {
    await hold('before')
    const request = await ask()
    await untilHeld()
    await running.stack.functionsApp().kill()
    expect((await logOfTarget()).map(({ kind }) => kind)).toEqual(['intent'])
    expect(await statusOf(request)).toBe('Pending')
    await running.stack.restartFunctionsApp()
    const entries = await untilState(60, 'approved')
    expect(entries.map(({ kind }) => kind)).toEqual(['intent', 'intent', 'result'])
    expect(await statusOf(request)).toBe('Approved')
  }, 120_000)

  it('between write and result, the result is written without a second write', async () => {
    await hold('after')
    const request = await ask()
    await until(
      10,
      () => statusOf(request),
      (status) => status === 'Approved',
    )
    await running.stack.functionsApp().kill()
    expect((await logOfTarget()).map(({ kind }) => kind)).toEqual(['intent'])
    await running.stack.restartFunctionsApp()
    const entries = await untilState(60, 'approved')
    expect(entries.map(({ kind }) => kind)).toEqual(['intent', 'result'])
    expect(entries.at(-1)?.decisionId).toBe(entries[0]?.decisionId)
  }, 120_000)
})

describe('a request that is not what it says', () => {
  it('from a foreign tenant under a listed name stays Pending, and a person is told why', async () => {
    const factory = nameOf(running.places.salesFactory)
    const request = await askAsUnknown(running.clients, {
      name: `${factory}.mpe-blob`,
      message: `Requested by DataFactory:${factory}, Name:mpe-blob`,
      target,
      groupId: 'blob',
    })
    const [entry] = await untilState(10, 'waiting for manual review')
    expect(entry).toMatchObject({ reason: { code: 'unproven-requester' }, proof: { level: 'platform' } })
    expect(await statusOf(request)).toBe('Pending')
    await running.clients.foreignArm('DELETE', foreignEndpoint(`${factory}.mpe-blob`), '2025-05-01')
    await sendEvents(1)
    await untilState(15, 'withdrawn')
  }, 40_000)
})
