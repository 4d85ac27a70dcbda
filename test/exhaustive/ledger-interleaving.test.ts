import { expect, it } from 'vitest'
import { isUnfinished, stateNames, type Request } from '../../shared/domain/request.ts'
import { LedgerConflict, type LedgerPort } from '../../shared/ports/ledger.ts'
import { MemoryLedger } from '../support/memory-ledger.ts'
import {
  sampleConnection,
  sampleNotification,
  sampleRequest,
  sampleTarget,
  stepTo,
} from '../support/sample-request.ts'

const start = Date.parse('2026-11-21T08:00:00.000Z')
const elevenMinutesMs = 660_000
const dayMs = 86_400_000

const again = { episode: 2, firstSeenAt: '2026-11-21T09:00:00.000Z' }
const lives: readonly (readonly Request[])[] = [
  [sampleRequest('open'), sampleRequest('applying'), sampleRequest('applied')],
  [sampleRequest('open'), sampleRequest('withdrawn'), sampleRequest('open', again)],
  [sampleRequest('applying'), sampleRequest('applied'), sampleRequest('open', again)],
  [sampleRequest('withdrawn'), sampleRequest('open', again), sampleRequest('applying', again)],
]

async function step(ledger: LedgerPort, request: Request): Promise<void> {
  const record = await ledger.read(sampleConnection)
  const decisionId = ledger.nextEntryId(sampleConnection, record, request.episode)
  const notification =
    request.state.name === 'open' ? sampleNotification({ id: decisionId, decisionId }) : undefined
  await ledger.write(sampleConnection, record, stepTo('open', { request, notification }))
}

async function read(memory: MemoryLedger): Promise<void> {
  await memory.ledger.unfinishedOn(sampleTarget)
  await memory.ledger.unfinishedTargets()
  for (const name of stateNames) await Array.fromAsync(memory.ledger.inState(name))
  await memory.outbox.due(10)
}

/**
 * A writer is suspended at its n-th call while others read, write on and sweep for eleven minutes each, and goes on
 * then. Returns false when it makes fewer calls.
 */
async function suspendedAt(
  n: number,
  [first, slow, ...others]: readonly Request[],
  world: { time: number; memory: MemoryLedger },
): Promise<boolean> {
  const { memory } = world
  if (first) await step(memory.ledger, first)
  const gate = Promise.withResolvers<undefined>()
  const reached = Promise.withResolvers<undefined>()
  let calls = 0
  memory.hook = () => {
    calls += 1
    if (calls !== n) return undefined
    memory.hook = () => undefined
    reached.resolve(undefined)
    return gate.promise
  }
  const writing = step(memory.ledger, slow ?? sampleRequest('open')).catch((error: unknown) => {
    if (!(error instanceof LedgerConflict)) throw error
  })
  await Promise.race([reached.promise, writing])
  memory.hook = () => undefined
  const isReached = calls >= n
  for (const request of others) {
    world.time += elevenMinutesMs
    await read(memory)
    await step(memory.anotherHost().ledger, request)
    await memory.ledger.repairIndexes(new Date(world.time - dayMs))
  }
  world.time += elevenMinutesMs
  await read(memory)
  gate.resolve(undefined)
  await writing
  return isReached
}

function expectRepaired({ memory }: { memory: MemoryLedger }): void {
  const held = memory.requests.rows().filter(({ rowKey }) => rowKey === 'state')
  const right = held.flatMap(({ partitionKey, columns }) => {
    const request = JSON.parse(String(columns['request'])) as Request
    const byState = `state:${request.state.name} ${request.firstSeenAt}:${partitionKey}`
    return isUnfinished(request) ? [byState, `target ${partitionKey}`] : [byState]
  })
  const pointers = memory.index
    .rows()
    .filter(({ partitionKey }) => /^(state|target):/.test(partitionKey))
    .map(({ partitionKey, rowKey }) => `${partitionKey.replace(/^target:.*/, 'target')} ${rowKey}`)
  expect(pointers.toSorted()).toEqual(right.toSorted())
}

it.each(lives.map((life) => [life.map(({ state }) => state.name).join(', '), life] as const))(
  'wherever a writer is suspended for eleven minutes, one sweep repairs every pointer: %s',
  async (_, life) => {
    let n = 1
    for (; ; n += 1) {
      const world = { time: start, memory: undefined as unknown as MemoryLedger }
      Object.assign(world, { memory: new MemoryLedger(() => new Date(world.time)) })
      if (!(await suspendedAt(n, life, world))) break
      await world.memory.ledger.repairIndexes(new Date(world.time - dayMs))
      const unfinished = (await world.memory.ledger.read(sampleConnection))?.request
      expect(await world.memory.ledger.unfinishedTargets(), `suspended at call ${n}`).toEqual(
        unfinished && isUnfinished(unfinished) ? [sampleTarget.id] : [],
      )
      world.time += elevenMinutesMs
      await world.memory.ledger.repairIndexes(new Date(world.time - dayMs))
      expectRepaired(world)
    }
    expect(n).toBeGreaterThan(8)
  },
)
