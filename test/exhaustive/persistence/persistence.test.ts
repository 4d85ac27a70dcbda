import { describe, expect, it } from 'vitest'
import { endpointNamed, lake, ordinaryEndpoint, connectionOf, dataPlatform } from '../../forgery/arena.ts'
import { salesToLake } from '../../support/request-parts.ts'
import { faults, type NamedFault } from './faults.ts'
import { operation, PersistentWorld, type Place, type Story } from './world.ts'

const hour = 3600
const entities = '/providers/Microsoft.Management/getEntities'
const ordinary = endpointNamed('pe-own', dataPlatform)

const stories: Readonly<Record<string, Story>> = {
  'an approval': { rules: [salesToLake], end: 'Approved' },
  'an approval that is carried out later': { rules: [salesToLake], isAsync: true, end: 'Approved' },
  'a rejection': { rules: [{ ...salesToLake, id: 'no', effect: 'deny' }], end: 'Rejected' },
  'a request that no rule allows': { rules: [], end: 'Pending' },
  'an approval by tags': {
    rules: [{ ...salesToLake, targetTags: [{ name: 'open', value: 'yes' }] }],
    prepare: ({ instead }) =>
      instead.set(`GET ${lake}/providers/Microsoft.Resources/tags/default`, {
        status: 200,
        body: { properties: { tags: { open: 'yes' } } },
      }),
    end: 'Approved',
  },
  'an approval of an ordinary endpoint': {
    rules: [
      { ...salesToLake, id: 'own', requester: { kind: 'scope', pattern: `/subscriptions/${dataPlatform}` } },
    ],
    prepare: (arena) => {
      arena.connections.set(lake, [connectionOf(lake, 'c-true', ordinary)])
      arena.endpoints.set(ordinary, ordinaryEndpoint(ordinary, lake, ['blob']))
    },
    end: 'Approved',
  },
}

const places: Readonly<Record<string, Place>> = {
  'the list of connections': (method, path) =>
    method === 'GET' && path === `${lake}/privateEndpointConnections`,
  'the connection': (method, path) => method === 'GET' && path.includes('/privateEndpointConnections/'),
  'the write': (method) => method === 'PUT',
  'the operation of a write': (_, path) => path === operation,
  'the owner of the subscription': (_, path) => /^\/subscriptions\/[^/]+$/.test(path),
  'the networks of the requester': (_, path) => path.endsWith('/managedVirtualNetworks'),
  'the list of the requester': (_, path) => path.endsWith('/managedPrivateEndpoints'),
  'the endpoint': (_, path) => path === ordinary,
  'the tags': (_, path) => path.endsWith('/tags/default'),
  'the management groups': (_, path) => path === entities,
}

interface Case {
  readonly story: Story
  readonly fault: NamedFault
  readonly times: number
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
    'is not decided although the fault is over': !isForEver && !isDone,
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
    [`takes ${world.calls().length} calls`]: world.calls().length > 40,
    [`makes ${entries.length} log entries`]: entries.length > 12,
    [`notifies people ${notified.length} times`]: notified.length > 3,
    'breaks a law of the log': world.broken().length > 0,
  }
  return Object.entries(problems).flatMap(([problem, isSo]) => (isSo ? [problem] : []))
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
    expect(world.notified()).toHaveLength(story.end === 'Pending' ? 1 : 0)
  })

  it.each(Object.entries(places))('outlives each fault of %s, however often it comes', async (_, place) => {
    const found: string[] = []
    for (const fault of faults) {
      for (const times of [1, 3, Infinity]) {
        const one = { story, fault, times }
        const world = await play(place, one)
        // The story never comes to this place.
        if (world.played === 0) return
        const problems = problemsOf(world, one)
        found.push(...problems.map((problem) => `${fault.title}, ${times} times: the request ${problem}`))
      }
    }
    expect(found).toEqual([])
  })
})
