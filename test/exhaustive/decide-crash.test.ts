import { expect, it } from 'vitest'
import type { RuleSet } from '../../shared/domain/rule.ts'
import type { ReviewMessage } from '../../shared/ports/queue.ts'
import type { ReviewPorts } from '../../shared/review/ports.ts'
import { review } from '../../shared/review/review-target.ts'
import { crashEverywhere } from '../support/crash.ts'
import { dyingAt, entriesOf, portsOf, storyOf, type World, worldWith } from '../support/crash-review.ts'
import { ann, ben, Page } from '../support/deciding.ts'
import { connection, salesToLake } from '../support/fake-review.ts'
import { brokenInLog } from '../support/life/laws.ts'

interface Decided extends World {
  /** Messages of the queue, which outlive the process. */
  readonly queue: ReviewMessage[]
}

/** The request waits, as the rules leave it to people, and its page is open. */
async function waiting(rules: RuleSet): Promise<Decided> {
  const world = { ...worldWith(rules, ['mpe']), queue: [] }
  await review(
    portsOf(world, () => undefined),
    world.fake.message(),
  )
  return world
}

function dying(world: Decided, point: (call: string) => void): ReviewPorts {
  const around = dyingAt(point)
  return {
    ...portsOf(world, point),
    queue: {
      ...world.fake.ports.queue,
      enqueue: (message) => around('enqueue', () => Promise.resolve(void world.queue.push(message))),
    },
  }
}

async function clicks(ports: ReviewPorts, ...people: readonly (typeof ann)[]): Promise<void> {
  for (const person of people) {
    const page = new Page(ports, connection('mpe').id.id)
    await page.open()
    await page.click('approve', person)
  }
}

/** Whatever is on the queue is delivered, until it is empty; no timer comes. */
async function deliverAll(world: Decided, ports: ReviewPorts): Promise<void> {
  for (let next = world.queue.shift(); next; next = world.queue.shift()) await review(ports, next)
}

const alive = () => undefined
const nothing: RuleSet = { complete: true, rules: [], hash: 'list-1' }
const two: RuleSet = {
  complete: true,
  rules: [{ ...salesToLake, id: 'ask', effect: 'ask', requester: undefined, requiredApprovals: 2 }],
  hash: 'list-2',
}

it.each([
  ['one person', nothing, [ann], 1],
  ['two people', two, [ann, ben], 2],
] as const)(
  'wherever a host dies between the click of %s and the end, the decision is applied once, or was not taken',
  async (_, rules, people, required) => {
    let taken = 0
    const points = await crashEverywhere(
      () => waiting(rules),
      async (world, point) => {
        const ports = dying(world, point)
        await clicks(ports, ...people)
        await deliverAll(world, ports)
      },
      async (world, diedAt) => {
        world.fake.time += 66_000
        const ports = dying(world, alive)
        await deliverAll(world, ports)
        // The recovery message of the review that died.
        if (diedAt !== undefined) await review(ports, world.fake.message())
        const entries = await entriesOf(world)
        const chosen = entries.filter(({ kind }) => kind === 'chosen').length
        const isTaken = chosen === required
        const story = await storyOf(world)
        expect(story, diedAt).toEqual([
          'escalated:open',
          ...Array.from({ length: chosen }, () => 'chosen:open'),
          ...(isTaken ? ['intent:applying', 'result:applied'] : []),
        ])
        expect(world.fake.writes, diedAt).toHaveLength(isTaken ? 1 : 0)
        expect(entries.at(-1)?.actor.kind, diedAt).toBe(chosen > 0 ? 'person' : 'policy')
        expect(brokenInLog(entries)).toEqual([])
        if (isTaken) taken += 1
      },
    )
    expect(points).toBeGreaterThan(25)
    expect(taken).toBeGreaterThan(15)
  },
)

it('where a host dies right after the click is recorded, the message that was sent before it applies it', async () => {
  let died = 0
  await crashEverywhere(
    () => waiting(nothing),
    async (world, point) => clicks(dying(world, point), ann),
    async (world, diedAt) => {
      const isRecorded = (await storyOf(world)).includes('chosen:open')
      if (!isRecorded) return
      died += diedAt === undefined ? 0 : 1
      expect(world.queue.length, diedAt).toBeGreaterThan(0)
      await deliverAll(world, dying(world, alive))
      expect(world.fake.writes, diedAt).toHaveLength(1)
    },
  )
  expect(died).toBeGreaterThan(2)
})
