import { describe, expect, it } from 'vitest'
import { endpointNamed } from '../../forgery/arena.ts'
import { type Fault, PersistentWorld, type Place, type Story } from '../../support/persistent-world.ts'
import { byTurns, differing, lagging, storyOfOrders, theList, theSources } from '../../support/places.ts'
import { stories } from './cases.ts'

const day = 24 * 3600

interface Lasting {
  readonly place: Place
  readonly fault: () => Fault
  readonly doesSearchLag?: boolean
}

const other = { privateEndpoint: { id: endpointNamed('adf-other.mpe-blob') } }
const byHand = { privateLinkServiceConnectionState: { status: 'Approved', description: 'By hand.' } }

/** Two sources that disagree, for ever. */
const lasting: Readonly<Record<string, Lasting>> = {
  'a list that lags behind reads': { place: theList, fault: lagging },
  'a list and a search that lag behind reads': { place: theList, fault: lagging, doesSearchLag: true },
  'a read that shows another endpoint than the list': {
    place: theSources,
    fault: () => differing({ read: other }),
  },
  'a list that shows another endpoint than a read': {
    place: theSources,
    fault: () => differing({ list: other }),
  },
  'a read that shows a decision of a person, and a list that does not': {
    place: theSources,
    fault: () => differing({ read: byHand }),
    doesSearchLag: true,
  },
  'a list that shows a decision of a person, and a read that does not': {
    place: theSources,
    fault: () => differing({ list: byHand }),
  },
  'a list that shows a decision of a person each second time, and a read that does not': {
    place: theList,
    fault: () => byTurns(differing({ list: byHand })),
  },
}

const shows = (...groupIds: readonly string[]) => ({ groupIds })

const lastingOfGroupIds: Readonly<Record<string, Parameters<typeof differing>[0]>> = {
  'a read that shows other group ids than the list': { list: shows('sqlServer'), read: shows('blob') },
  'a list that shows other group ids than the requester': { list: shows('blob'), read: shows('sqlServer') },
  'a list that leaves the group ids out': { read: shows('sqlServer') },
  'a list that leaves out other group ids than the requester shows': { read: shows('blob') },
  'a read that leaves the group ids out': { list: shows('sqlServer') },
}
const ofOrders: Readonly<Record<string, Story>> = {
  'an approval': storyOfOrders(),
  'an approval that is carried out later': { ...storyOfOrders(), isAsync: true },
  'a rejection': storyOfOrders({ effect: 'deny' }),
  'a rejection of whoever asks': storyOfOrders({ effect: 'deny', requester: undefined }),
}

async function play(
  story: Story,
  { place, fault, doesSearchLag = false }: Lasting,
): Promise<PersistentWorld> {
  const world = new PersistentWorld(story)
  world.doesSearchLag = doesSearchLag
  world.fail(place, fault())
  await world.run(day)
  return world
}

/** What is not as it should be after a day. */
function problemsOf(world: PersistentWorld, { end }: Story): readonly string[] {
  const [entries, notices] = [world.entries(), world.notices]
  const problems = {
    [`makes ${entries.length} log entries`]: entries.length > 12,
    [`notifies people ${notices.length} times`]: notices.length > 3,
    [`makes ${entries.at(-1)?.episode} episodes`]: (entries.at(-1)?.episode ?? 1) > 2,
    'is neither decided nor brought to a person': world.status() !== end && notices.length === 0,
    'is decided otherwise than the rules say': world.status() !== end && world.status() !== 'Pending',
    'calls a decision given up': notices.some(({ sentence }) => sentence.includes('given up')),
    'breaks a law of the log': world.broken().length > 0,
  }
  return Object.entries(problems).flatMap(([problem, isSo]) => (isSo ? [problem] : []))
}

describe.each(Object.entries(lasting))('%s', (_, one) => {
  it.each(Object.entries(stories))('for a day leaves %s bounded', async (_title, story) => {
    expect(problemsOf(await play(story, one), story)).toEqual([])
  })
})

describe.each(Object.entries(lastingOfGroupIds))('%s', (_, parts) => {
  it.each(Object.entries(ofOrders))('for a day leaves %s bounded', async (_title, story) => {
    const one = { place: theSources, fault: () => differing(parts) }
    expect(problemsOf(await play(story, one), story)).toEqual([])
  })
})
