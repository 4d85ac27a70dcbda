import { expect, it } from 'vitest'
import { type Fault, PersistentWorld, type Place, type Story } from '../../support/persistent-world.ts'
import { places, stories } from './cases.ts'
import { faults, type NamedFault } from './faults.ts'

const hours = 3
/** For each hour: two faults have more tries than one. */
const maxCalls = 45
/** One of so many pairs of faults is played at each place. */
const playedEvery = 19

/** One fault of each kind: refused, absent, busy, failing, carried out, and nothing that can be read. */
const kinds = ['403', '404', '429', '503', 'an empty list', '204', 'no response', 'carried out, and 500']
const chosen = faults.filter(({ title }) => kinds.includes(title))
const pairs = chosen.flatMap((one) =>
  chosen.flatMap((other) => (one === other ? [] : [[one, other] as const])),
)

/** What is not as it should be after some hours. */
function problemsOf(world: PersistentWorld, story: Story): readonly string[] {
  const isDone = world.status() === story.end && story.end !== 'Pending'
  const entries = world.entries()
  const problems = {
    'is neither decided nor brought to a person': !isDone && world.notified().length === 0,
    'is decided otherwise than the rules say': world.status() !== story.end && world.status() !== 'Pending',
    'is logged as gone': entries.some(({ kind }) => kind === 'observed'),
    [`takes ${world.calls().length} calls`]: world.calls().length > maxCalls * hours,
    'breaks a law of the log': world.broken().length > 0,
  }
  return Object.entries(problems).flatMap(([problem, isSo]) => (isSo ? [problem] : []))
}

async function play(story: Story, place: Place, fault: Fault): Promise<PersistentWorld> {
  const world = new PersistentWorld(story)
  world.fail(place, fault)
  await world.run(hours * 3600 - 1)
  return world
}

/** Those pairs of which one in `playedEvery` is played, others at each place. */
function sample(turn: number): readonly (readonly [NamedFault, NamedFault])[] {
  return pairs.filter((_, at) => at % playedEvery === turn % playedEvery)
}

it.each([
  [1, 1],
  [2, 2],
  [1, 3],
])('a request outlives two faults of one place by turns, %i and %i times', async (first, second) => {
  const found: string[] = []
  let turn = first * 7 + second
  for (const [name, story] of Object.entries(stories))
    for (const [title, place] of Object.entries(places))
      for (const [one, other] of sample((turn += 1))) {
        let count = -1
        const world = await play(story, place, (respond) => {
          count += 1
          return (count % (first + second) < first ? one : other).play(respond)
        })
        if (world.played === 0) break
        const what = `${name}: ${one.title} and ${other.title} at ${title}`
        found.push(...problemsOf(world, story).map((problem) => `${what}: the request ${problem}`))
      }
  expect(found).toEqual([])
})

it('a request outlives faults at two places', async () => {
  const found: string[] = []
  let turn = 0
  const named = Object.entries(places)
  for (const [name, story] of Object.entries(stories))
    for (const [at, [title, place]] of named.entries())
      for (const [otherTitle, otherPlace] of named.slice(at + 1))
        for (const [one, other] of sample((turn += 1)).slice(0, 1)) {
          let isOther = false
          const either: Place = (method, path) => {
            isOther = otherPlace(method, path)
            return isOther || place(method, path)
          }
          const world = await play(story, either, (respond) => (isOther ? other : one).play(respond))
          const what = `${name}: ${one.title} at ${title}, ${other.title} at ${otherTitle}`
          found.push(...problemsOf(world, story).map((problem) => `${what}: the request ${problem}`))
        }
  expect(found).toEqual([])
})
