import { expect, it } from 'vitest'
import type { Notification } from '../../shared/domain/notification.ts'
import { isUnfinished, stateNames, type Request, type StateName } from '../../shared/domain/request.ts'
import type { LedgerPort, SubjectKey } from '../../shared/ports/ledger.ts'
import { crashEverywhere } from '../support/crash.ts'
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

interface World {
  readonly memory: MemoryLedger
  time: number
}

function newWorld(): World {
  const world = { time: start, memory: undefined as unknown as MemoryLedger }
  return Object.assign(world, { memory: new MemoryLedger(() => new Date(world.time)) })
}

/** Steps of a life, each with a notification where it opens a question or ends one. */
const lives: readonly (readonly Request[])[] = [
  [sampleRequest('open'), sampleRequest('applying'), sampleRequest('applied')],
  [sampleRequest('applying'), sampleRequest('open'), sampleRequest('applying'), sampleRequest('withdrawn')],
  [
    sampleRequest('open'),
    sampleRequest('decided-elsewhere'),
    sampleRequest('open', { episode: 2, firstSeenAt: '2026-11-21T09:00:00.000Z' }),
  ],
  [sampleRequest('open'), sampleRequest('open'), sampleRequest('open'), sampleRequest('withdrawn')],
  [{ ...sampleRequest('open'), subject: { kind: 'target', targetId: sampleTarget.id } }],
]

/** What people are notified of with a step: a question, reminders of it, or the outcome of one before. */
function kindOf(request: Request, steps: readonly Request[]): Notification['kind'] | undefined {
  const before = steps.slice(0, steps.indexOf(request))
  if (request.state.name === 'open') return before.at(-1)?.state.name === 'open' ? 'reminder' : 'question'
  const isAfterQuestion = before.some(({ state }) => state.name === 'open')
  return !isUnfinished(request) && isAfterQuestion ? 'outcome' : undefined
}

async function live(ledger: LedgerPort, subject: SubjectKey, steps: readonly Request[]): Promise<void> {
  let record = await ledger.read(subject)
  for (const request of steps.slice(record?.lastEntry.sequence ?? 0)) {
    const decisionId = ledger.nextEntryId(subject, record, request.episode)
    const kind = kindOf(request, steps)
    const notification = kind && sampleNotification({ id: decisionId, decisionId, kind })
    record = await ledger.write(subject, record, stepTo('open', { request, notification }))
  }
}

it.each(lives.map((steps) => [steps.map(({ state }) => state.name).join(', '), steps] as const))(
  'whatever call a process dies at, nothing unfinished or undelivered is missing from an index: %s',
  async (_, steps) => {
    const [first] = steps
    const subject: SubjectKey =
      first?.subject.kind === 'target' ? { kind: 'target', id: sampleTarget } : sampleConnection
    const points = await crashEverywhere(
      newWorld,
      ({ memory }) => live(memory.ledger, subject, steps),
      async (world) => {
        const { ledger, outbox } = world.memory.anotherHost()
        await expectComplete(world, ledger)
        await ledger.repairIndexes(new Date(0))
        expect(await loggedOf(ledger)).toBe((await ledger.read(subject))?.lastEntry.sequence ?? 0)
        expect(await ledger.repairIndexes(new Date(0))).toBe(0)

        await live(ledger, subject, steps)
        await expectComplete(world, ledger)
        expect(await loggedOf(ledger)).toBe(steps.length)
        expect(await outbox.due(10)).toHaveLength(steps.filter((one) => kindOf(one, steps)).length)

        world.time += elevenMinutesMs
        await expectComplete(world, ledger)
        expect(staleIn(world.memory)).toEqual([])
      },
    )
    expect(points).toBeGreaterThan(steps.length * 6)
  },
)

async function loggedOf(ledger: MemoryLedger['ledger']): Promise<number> {
  return (await Array.fromAsync(ledger.entries('2026-11-21', '2026-11-21'))).length
}

/** What the tables hold is what readers of the indexes find, no less and no more. */
async function expectComplete({ memory }: World, ledger: MemoryLedger['ledger']): Promise<void> {
  const records = await Array.fromAsync(ledger.records())
  const unfinished = records.filter(({ request }) => isUnfinished(request))
  expect(await ledger.unfinishedOn(sampleTarget)).toEqual(unfinished)
  expect(await ledger.unfinishedTargets()).toEqual(unfinished.length > 0 ? [sampleTarget.id] : [])
  const byState: [StateName, number][] = []
  for (const name of stateNames) byState.push([name, (await Array.fromAsync(ledger.inState(name))).length])
  expect(byState).toEqual(
    stateNames.map((name) => [name, records.filter(({ request }) => request.state.name === name).length]),
  )
  const waiting = memory.requests.rows().filter(({ rowKey }) => rowKey.startsWith('outbox:'))
  expect(new Set(await memory.outbox.due(10))).toEqual(
    new Set(waiting.map(({ partitionKey, rowKey }) => `${partitionKey}:${rowKey}`)),
  )
}

/** Pointers that no record bears out. */
function staleIn({ requests, index }: MemoryLedger): readonly string[] {
  const held = requests.rows().filter(({ rowKey }) => rowKey === 'state')
  const right = held.flatMap(({ partitionKey, columns }) => {
    const request = JSON.parse(String(columns['request'])) as Request
    const byState = `state:${request.state.name} ${request.firstSeenAt}:${partitionKey}`
    return isUnfinished(request) ? [byState, partitionKey] : [byState]
  })
  return index
    .rows()
    .filter(({ partitionKey }) => /^(state|target):/.test(partitionKey))
    .map(({ partitionKey, rowKey }) =>
      partitionKey.startsWith('state:') ? `${partitionKey} ${rowKey}` : rowKey,
    )
    .filter((place) => !right.includes(place))
}
