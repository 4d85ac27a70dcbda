import { beforeEach, describe, expect, it } from 'vitest'
import { connectionOf, endpointNamed, factory, lake, ok, type Reply } from '../../forgery/arena.ts'
import { type Fault, operation, PersistentWorld, type Story } from '../../support/persistent-world.ts'
import {
  respondingWith,
  failing,
  salesConnections,
  theList,
  theRead,
  theWrite,
} from '../../support/places.ts'
import { salesToLake } from '../../support/request-parts.ts'

const halfAnHour = 1800
const hour = 3600
const approval: Story = { rules: [salesToLake], end: 'Approved' }
const question: Story = { rules: [], end: 'Pending' }
const rejection: Story = { rules: [{ ...salesToLake, effect: 'deny' }], end: 'Rejected' }

let world: PersistentWorld
const kinds = () => new Set(world.entries().map(({ kind }) => kind))
const errors = () => world.arena.world.logged.filter((line) => line.startsWith('error'))
const sentences = () => world.entries().map(({ reason }) => reason.sentence)

const denials: Readonly<Record<string, { readonly reply: Reply; readonly words: string }>> = {
  404: {
    reply: { status: 404, body: { error: { code: 'NotFound', message: 'No such thing.' } } },
    words: 'says that it does not exist',
  },
  204: { reply: { status: 204 }, words: 'says that it does not exist' },
  400: {
    reply: { status: 400, body: { error: { code: 'BadRequest', message: 'Not this way.' } } },
    words: 'Not this way.',
  },
}

describe.each(Object.entries(denials))(
  'a connection that the list shows and its own read answers with %s',
  (_, { reply, words }) => {
    it('is never called gone, and never written', async () => {
      world = new PersistentWorld(approval)
      world.fail(theRead, respondingWith(reply))
      await world.run(3 * hour)
      expect(kinds()).not.toContain('observed')
      expect(world.arena.written).toEqual([])
    })

    it('does not send the review round: in an hour there are some tries, not hundreds', async () => {
      world = new PersistentWorld(approval)
      world.fail(theRead, respondingWith(reply))
      await world.run(hour)
      expect(world.played).toBeLessThan(20)
      expect(world.entries().length).toBeLessThan(20)
    })

    it('ends at a person after half an hour, once, with what the two say', async () => {
      world = new PersistentWorld(approval)
      world.fail(theRead, respondingWith(reply))
      await world.run(24 * hour)
      expect(world.notices).toHaveLength(1)
      expect(world.notices[0]?.seconds).toBeLessThan(halfAnHour + 300)
      expect(world.notices[0]?.sentence).toContain(words)
    })

    it('is decided when the two agree again, and the question is closed', async () => {
      world = new PersistentWorld(approval)
      world.fail(theRead, respondingWith(reply))
      await world.run(2 * hour)
      world.heal()
      await world.pass(hour + 300)
      expect(world.status()).toBe('Approved')
      expect(world.openQuestions()).toEqual([])
    })
  },
)

/** The list lacks the connection, and a read of it fails. */
function failBoth(read: Fault): void {
  world.fail(
    (method, path) => theList(method, path) || theRead(method, path),
    (respond) =>
      Array.isArray((respond().body as { value?: unknown }).value) ? ok({ value: [] }) : read(respond),
  )
}

describe('an open request whose connection the list lacks', () => {
  beforeEach(async () => {
    world = new PersistentWorld(question)
    await world.run(600)
    expect(world.notices).toHaveLength(1)
  })

  it('once stays open, and nobody is notified again', async () => {
    world.fail(theList, respondingWith(ok({ value: [] })), 1)
    await world.event()
    await world.pass(600)
    expect(world.played).toBe(1)
    expect(world.entryLines()).toEqual(['escalated:open'])
    expect(world.notices).toHaveLength(1)
  })

  it('for half an hour, while a read shows it, is a question about the target, which says what differs', async () => {
    world.fail(theList, respondingWith(ok({ value: [] })))
    await world.event()
    await world.pass(hour)
    expect(world.entryLines()).toEqual(['escalated:open'])
    expect(world.notices.map(({ code }) => code)).toEqual(['no-rule-matched', 'azure-fails'])
    expect(world.notices[1]?.sentence).toContain('the list of the target lacks the connection')
    world.heal()
    await world.pass(hour)
    expect(world.openQuestions()).toEqual(['no-rule-matched'])
  })

  it('and whose read says the same is gone', async () => {
    failBoth(failing(404, 'NotFound'))
    await world.event()
    await world.pass(600)
    expect(world.entryLines()).toEqual(['escalated:open', 'observed:withdrawn'])
    expect(sentences().at(-1)).toContain('The connection is gone')
    expect(world.openQuestions()).toEqual([])
  })

  it('and whose read is throttled is not gone', async () => {
    failBoth(failing(429, 'Busy'))
    await world.event()
    await world.pass(600)
    expect(world.entryLines()).toEqual(['escalated:open'])
  })

  it('because another endpoint stands there now is over, and the log says that this is the reason', async () => {
    world.arena.connections.set(lake, [connectionOf(lake, 'c-true', endpointNamed('adf-other.mpe-blob'))])
    await world.event()
    await world.pass(600)
    expect(world.entryLines()).toEqual(['escalated:open', 'observed:withdrawn', 'escalated:open'])
    expect(sentences()[1]).toBe('Another endpoint stands behind the connection; this request is over.')
    expect(world.notices).toHaveLength(2)
  })
})

describe.each(['Approved', 'Rejected'])(
  'a connection that somebody has %s with another endpoint',
  (status) => {
    const other = { privateEndpoint: { id: endpointNamed('adf-other.mpe-blob') } }

    it('was no decision on the request that was open: another endpoint stands there now', async () => {
      world = new PersistentWorld(question)
      await world.run(600)
      world.show(status, 'By hand.', other)
      await world.event()
      await world.pass(600)
      expect(world.entryLines()).toEqual(['escalated:open', 'observed:withdrawn'])
      expect(sentences()[1]).toBe('Another endpoint stands behind the connection; this request is over.')
      expect(world.openQuestions()).toEqual([])
    })

    it('was no decision on the request that was being applied, either', async () => {
      world = new PersistentWorld(approval)
      world.fail(theWrite, failing(429, 'TooManyRequests'), 1)
      await world.run(5)
      world.show(status, 'By hand.', other)
      await world.pass(600)
      expect(world.entryLines().at(-1)).toBe('observed:withdrawn')
      expect(sentences().at(-1)).toBe('Another endpoint stands behind the connection; this request is over.')
      expect(world.sentAt).toHaveLength(1)
    })
  },
)

it('a decision that is being applied to a connection that the list lacks once is applied', async () => {
  world = new PersistentWorld(approval)
  world.fail(theWrite, failing(429, 'TooManyRequests'), 1)
  await world.run(5)
  expect(world.entryLines()).toEqual(['intent:applying approve', 'deferred:applying approve'])
  world.fail(theList, respondingWith(ok({ value: [] })), 1)
  await world.pass(600)
  expect(kinds()).not.toContain('observed')
  expect(world.status()).toBe('Approved')
  expect(world.notices).toEqual([])
})

describe('one empty list, where many requests wait,', () => {
  function many(count: number, rules: Story['rules']): PersistentWorld {
    const { connections, managedEndpoints } = salesConnections(count)
    return new PersistentWorld({
      rules,
      prepare: (arena) => {
        arena.connections.set(lake, connections)
        arena.managedEndpoints.set(factory, managedEndpoints)
      },
      end: 'Pending',
    })
  }

  async function emptyOnce(): Promise<void> {
    world.fail(theList, respondingWith(ok({ value: [] })), 1)
    await world.event()
    await world.pass(900)
    expect(world.played).toBe(1)
  }

  it('makes none of thirty open requests gone, and notifies nobody again', async () => {
    world = many(30, [])
    await world.run(600)
    expect(world.notices).toHaveLength(30)
    await emptyOnce()
    expect(kinds()).toEqual(new Set(['escalated']))
    expect(world.notices).toHaveLength(30)
    expect(world.openQuestions()).toHaveLength(30)
  })

  it('lets no hold of a burst go', async () => {
    world = many(60, [salesToLake])
    await world.run(600)
    const approved = world.arena.approvals().length
    expect(approved).toBe(50)
    expect(world.openQuestions()).toEqual(Array.from({ length: 10 }, () => 'burst-limit'))
    await emptyOnce()
    await world.pass(2 * hour)
    expect(kinds()).not.toContain('observed')
    expect(world.arena.approvals()).toHaveLength(approved)
    expect(world.openQuestions()).toHaveLength(10)
  })
})

describe('an operation', () => {
  it('that never ends, while the connection is Approved and done, is no reason to wait', async () => {
    world = new PersistentWorld({ ...approval, isAsync: true })
    world.arena.instead.set(`GET ${operation}`, ok({ status: 'InProgress' }))
    await world.run(30)
    expect(world.entryLines()).toEqual(['intent:applying approve', 'result:applied approve'])
    expect(world.notices).toEqual([])
  })

  it('that never ends, while the connection stays Pending, ends at a person', async () => {
    world = new PersistentWorld(approval)
    world.arena.instead.set(`GET ${operation}`, ok({ status: 'InProgress' }))
    const headers = { 'azure-asyncoperation': `https://management.azure.com${operation}` }
    world.fail(theWrite, respondingWith({ status: 202, headers }))
    await world.run(hour)
    expect(world.notices.map(({ code }) => code)).toEqual(['refused-by-azure'])
    expect(world.notices[0]?.seconds).toBeLessThan(halfAnHour + 300)
  })

  it("whose 200 from `Location` says Failed has failed, and Azure's words reach the person", async () => {
    world = new PersistentWorld(approval)
    const error = { Code: 'LinkInUse', Message: 'The link is in use elsewhere.' }
    world.arena.instead.set(`GET ${operation}`, ok({ status: 'Failed', error }))
    const headers = { location: `https://management.azure.com${operation}` }
    world.fail(theWrite, respondingWith({ status: 202, headers }))
    await world.run(hour)
    expect(world.notices).toHaveLength(1)
    expect(world.notices[0]?.sentence).toContain('LinkInUse ("The link is in use elsewhere.")')
    expect(world.entryLines()).not.toContain('result:applied approve')
  })
})

describe('an error of Azure', () => {
  it.each([
    { error: { code: 'Odd', message: 'Azure says why.' } },
    { Error: { Code: 'Odd', Message: 'Azure says why.' } },
    { code: 'Odd', message: 'Azure says why.' },
    { Code: 'Odd', Message: 'Azure says why.' },
    { ERROR: { CODE: 'Odd', MESSAGE: 'Azure says why.' } },
  ])('reaches the person in its own words, spelled as %j', async (body) => {
    world = new PersistentWorld(approval)
    world.fail(theWrite, respondingWith({ status: 400, body }))
    await world.run(hour)
    expect(world.notices).toHaveLength(1)
    expect(world.notices[0]?.sentence).toContain('Odd ("Azure says why.")')
  })
})

describe('the wanted status beside a provisioning state that is not known', () => {
  const showing = (story: Story, provisioningState: string): Story => ({
    ...story,
    prepare: ({ connections }) => {
      const endpoint = endpointNamed('adf-sales.mpe-blob')
      connections.set(lake, [connectionOf(lake, 'c-true', endpoint, { provisioningState })])
    },
  })

  it.each([
    ['Approved', approval, 'Polishing', 'result:applied approve'],
    ['Rejected', rejection, 'Polishing', 'result:applied reject'],
  ] as const)(
    'is %s for some minutes, and counts as applied, which the log says',
    async (status, story, state, end) => {
      world = new PersistentWorld(showing(story, state))
      await world.run(120)
      expect(world.entryLines()).not.toContain(end)
      await world.pass(900)
      expect(world.entryLines().at(-1)).toBe(end)
      expect(sentences().at(-1)).toBe(
        `The connection is ${status}; its provisioning state, ${state}, is not known here.`,
      )
      expect(world.notices).toEqual([])
      expect(world.sentAt).toHaveLength(1)
    },
  )

  it('is not applied while Azure says that it is updating', async () => {
    world = new PersistentWorld(showing(approval, 'Updating'))
    await world.run(halfAnHour - 60)
    expect(world.entryLines()).not.toContain('result:applied approve')
  })
})

describe.each(['Approving', 'Rejecting', 'Disconnecting'])('the status %s', (status) => {
  const shownEnd =
    { Approving: 'Approved', Rejecting: 'Rejected', Disconnecting: 'Disconnected' }[status] ?? ''

  it('is one under way: a request that comes to its end in a minute is no question', async () => {
    world = new PersistentWorld(approval)
    world.show(status)
    await world.run(60)
    world.show(shownEnd)
    await world.pass(hour)
    expect(world.notices).toEqual([])
    expect(world.arena.written).toEqual([])
  })

  it('that never ends is a question all the same', async () => {
    world = new PersistentWorld(approval)
    world.show(status)
    await world.run(hour)
    expect(world.notices.map(({ code }) => code)).toEqual(['unknown-status'])
    expect(world.arena.written).toEqual([])
  })
})

it.each([
  [approval, 'Approving', 'Approved', 'result:applied approve'],
  [rejection, 'Rejecting', 'Rejected', 'result:applied reject'],
] as const)('after our write %# a status under way is waited for', async (story, underWay, status, end) => {
  world = new PersistentWorld(story)
  world.fail(theWrite, (respond) => {
    const reply = respond()
    const { description } = (
      world.connection().properties as { privateLinkServiceConnectionState: { description: string } }
    ).privateLinkServiceConnectionState
    world.show(underWay, description)
    return reply
  })
  await world.run(300)
  expect(world.entryLines()).not.toContain(end)
  const { description } = (
    world.connection().properties as { privateLinkServiceConnectionState: { description: string } }
  ).privateLinkServiceConnectionState
  world.show(status, description)
  await world.pass(hour)
  expect(world.entryLines().at(-1)).toBe(end)
  expect([world.notices, errors(), world.sentAt.length]).toEqual([[], [], 1])
})
