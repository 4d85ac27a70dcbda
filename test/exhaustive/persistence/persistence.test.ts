import { describe, expect, it } from 'vitest'
import { PersistentWorld, type Place, type Story } from '../../support/persistent-world.ts'
import { places, stories } from './cases.ts'
import { faults, type NamedFault } from './faults.ts'

/** The next hour has its own calls. */
const hour = 3599
interface Case {
  readonly story: Story
  readonly fault: NamedFault
  readonly times: number
}

/**
 * Calls in an hour. A person's decision adds the question before it, and who made the endpoint: two or three calls in
 * each pass that would send it.
 */
function maxCallsOf({ person }: Story): number {
  return person === undefined ? 40 : 72
}

/** What is not as it should be after an hour. */
function problemsOf(world: PersistentWorld, { story, fault, times }: Case): readonly string[] {
  const entries = world.entries()
  const isDone = world.status() === story.end
  const notified = world.notified()
  const last = entries.at(-1)
  const isForEver = times === Infinity
  const problems = {
    'is neither decided nor brought to a person': !isDone && notified.length === 0,
    'is not decided although the fault is over, and nobody knows':
      !isForEver && !isDone && notified.length === 0,
    'is not as the person chose, and nobody was notified since':
      !isDone && world.noticesAtClick !== undefined && world.notices.length === world.noticesAtClick,
    'is decided, and the log does not say so':
      isDone && story.end !== 'Pending' && last?.state !== 'applied' && !isForEver,
    'waits for a person without the words of Azure':
      !isDone &&
      isForEver &&
      fault.words !== undefined &&
      !notified.some((sentence) => sentence.includes(fault.words ?? '')),
    'is decided otherwise than the rules say': world.status() !== story.end && world.status() !== 'Pending',
    'is logged as gone, or as decided by somebody else': entries.some(({ kind }) => kind === 'observed'),
    'is logged as applied while Azure shows another status':
      last?.state === 'applied' && world.status() === 'Pending',
    [`takes ${world.calls().length} calls`]: world.calls().length > maxCallsOf(story),
    [`makes ${entries.length} log entries`]: entries.length > 12,
    [`writes ${world.logged()} lines`]: world.logged() > 60,
    [`notifies people ${notified.length} times`]: notified.length > (story.person ? 4 : 3),
    'breaks a law of the log': world.broken().length > 0,
  }
  return Object.entries(problems).flatMap(([problem, isSo]) => (isSo ? [problem] : []))
}

/** The owner of a subscription is read from a 401. */
function isNoFault(place: string, { fault }: Case): boolean {
  return place === 'the owner of the subscription' && fault.title === '401'
}

async function play(place: Place, one: Case): Promise<PersistentWorld> {
  const world = new PersistentWorld(one.story)
  world.fail(place, one.fault.play, one.times)
  await world.run(hour)
  return world
}

describe.each(Object.entries(stories))('%s', (_, story) => {
  it('comes to its end where nothing fails', async () => {
    const world = new PersistentWorld(story)
    await world.run(hour)
    expect(world.status()).toBe(story.end)
    expect(world.calls().length).toBeLessThanOrEqual(40)
    expect(world.notified()).toHaveLength(story.end === 'Pending' || story.person ? 1 : 0)
  })

  it.each(Object.entries(places))(
    'outlives each fault of %s, however often it comes',
    async (title, place) => {
      const found: string[] = []
      for (const fault of faults) {
        for (const times of [1, 3, Infinity]) {
          const one = { story, fault, times }
          const world = await play(place, one)
          // The story never comes to this place.
          if (world.played === 0) return
          const problems = isNoFault(title, one) ? [] : problemsOf(world, one)
          found.push(...problems.map((problem) => `${fault.title}, ${times} times: the request ${problem}`))
        }
      }
      expect(found).toEqual([])
    },
  )
})
