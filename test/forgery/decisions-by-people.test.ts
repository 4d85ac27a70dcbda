import { describe, expect, it } from 'vitest'
import { Page } from '../support/deciding.ts'
import { theRead } from '../support/places.ts'
import { connectionOf, lake } from './arena.ts'
import { begin, elsewhere, evilOne, good, inState, stays, type Story, trueOne } from './story.ts'

/** People decide on the page of this app: what they decided holds for exactly that endpoint, and nobody borrows it. */
const ask = { id: 'ask', effect: 'ask', requester: undefined } as const
const guessed = Array.from({ length: 12 }, (_, index) => `c-evil.1.${index + 1}`).join(' ')

/** Somebody opens the page and clicks, and a review pass follows. */
async function decides(story: Story, name: string, outcome: 'approve' | 'reject'): Promise<void> {
  const page = new Page(story.arena.ports, `${lake}/privateEndpointConnections/${name}`)
  await page.open()
  expect(await page.click(outcome)).toEqual({ kind: 'chosen', isComplete: true })
  await story.pass()
}

function stateOf({ arena }: Story, name: string): { status: string; description: string } {
  const found = (arena.connections.get(lake) ?? []).find(({ id }) => String(id).endsWith(`/${name}`))
  const { privateLinkServiceConnectionState } = found?.properties as {
    privateLinkServiceConnectionState: { status: string; description: string }
  }
  return privateLinkServiceConnectionState
}

/** Beside the rule that allows, another one leaves everything to people. Returns what takes that one out again. */
function leftToPeople({ arena }: Story): () => void {
  const { rules } = arena
  arena.rules = [...rules, ...rules.map((rule) => ({ ...rule, ...ask }))]
  return () => {
    arena.rules = rules
  }
}

describe('an approval by a person is for exactly that endpoint:', () => {
  stays({
    title: 'another one of its name is not approved by a rule after it',
    play: async (story) => {
      const allowAlone = leftToPeople(story)
      story.shows(trueOne())
      await story.pass()
      await decides(story, 'c-true', 'approve')
      expect(story.arena.approvals()).toEqual(['c-true'])
      allowAlone()
      story.shows(evilOne())
    },
    reason: 'competing-claim-before',
  })
  stays({
    title: 'another one that takes its place at the very moment of the write is not the approved one',
    play: async (story) => {
      const allowAlone = leftToPeople(story)
      story.shows(connectionOf(lake, 'c-evil', good))
      await story.pass()
      story.arena.beforeCall = (method) => {
        if (method === 'PUT') story.shows(evilOne())
      }
      await decides(story, 'c-evil', 'approve')
      expect(story.arena.reasonOf('c-evil')).toBe('endpoint-changed')
      story.arena.beforeCall = () => undefined
      await story.pass()
      allowAlone()
      story.shows(evilOne())
    },
    reason: 'competing-claim-before',
  })

  it('the endpoint itself is let in by the rule again when it asks anew', async () => {
    const story = begin()
    const allowAlone = leftToPeople(story)
    story.shows(trueOne(), evilOne())
    await story.pass()
    await decides(story, 'c-true', 'approve')
    allowAlone()
    story.shows()
    await story.pass()
    story.shows(trueOne())
    await story.pass()
    await story.pass()
    expect(story.arena.approvals()).toEqual(['c-true', 'c-true'])
  })

  it('the same endpoint on another connection waits for its own decision, where a rule asks', async () => {
    const story = begin()
    leftToPeople(story)
    story.shows(trueOne(), connectionOf(lake, 'c-evil', good))
    await story.pass()
    await decides(story, 'c-true', 'approve')
    await story.pass()
    expect(story.arena.approvals()).toEqual(['c-true'])
  })
})

describe('who quotes the decision of a person in the own message borrows nothing:', () => {
  stays({
    title: 'the approval of an earlier request on the connection',
    play: async (story) => {
      const allowAlone = leftToPeople(story)
      story.shows(connectionOf(lake, 'c-evil', good))
      await story.pass()
      await decides(story, 'c-evil', 'approve')
      const { description } = stateOf(story, 'c-evil')
      expect(description).toContain('decision c-evil.')
      story.shows()
      await story.pass()
      allowAlone()
      story.shows(evilOne(inState('Pending', description)))
      await story.pass()
      story.shows(evilOne(inState('Pending', `${description} `)))
    },
    reason: 'competing-claim-before',
  })
  stays({
    title: 'decisions that are still to come, before a person rejects it',
    play: async (story) => {
      const allowAlone = leftToPeople(story)
      story.shows(connectionOf(lake, 'c-evil', good, inState('Pending', guessed)))
      await story.pass()
      await decides(story, 'c-evil', 'reject')
      expect(stateOf(story, 'c-evil').status).toBe('Rejected')
      allowAlone()
      story.shows(connectionOf(lake, 'c-evil', good, inState('Pending', guessed)))
    },
    reason: 'rejected-before',
  })
})

describe('a rejection by a person is a “no”:', () => {
  stays({
    title: 'the endpoint asks again, and the rule that allowed it then does not approve it',
    play: async (story) => {
      const allowAlone = leftToPeople(story)
      story.shows(connectionOf(lake, 'c-evil', good))
      await story.pass()
      await decides(story, 'c-evil', 'reject')
      allowAlone()
      story.shows(connectionOf(lake, 'c-evil', good, inState('Pending', 'Again.')))
    },
    reason: 'rejected-before',
  })
  stays({
    title: 'also as another connection',
    play: async (story) => {
      const allowAlone = leftToPeople(story)
      story.shows(trueOne())
      await story.pass()
      await decides(story, 'c-true', 'reject')
      allowAlone()
      story.shows(connectionOf(lake, 'c-evil', good))
    },
    reason: 'rejected-before',
  })
  stays({
    title: 'also another endpoint of the name',
    play: async (story) => {
      const allowAlone = leftToPeople(story)
      story.shows(trueOne())
      await story.pass()
      await decides(story, 'c-true', 'reject')
      allowAlone()
      story.shows(connectionOf(lake, 'c-evil', elsewhere))
    },
    reason: 'rejected-before',
  })

  it('until a person approves exactly that endpoint through this app', async () => {
    const story = begin()
    const allowAlone = leftToPeople(story)
    story.shows(trueOne())
    await story.pass()
    await decides(story, 'c-true', 'reject')
    allowAlone()
    story.shows(trueOne(inState('Pending', 'Again.')))
    await story.pass()
    expect(story.arena.reasonOf('c-true')).toBe('rejected-before')
    await decides(story, 'c-true', 'approve')
    story.shows()
    await story.pass()
    story.shows(trueOne())
    await story.pass()
    await story.pass()
    expect(story.arena.approvals()).toEqual(['c-true', 'c-true'])
  })
})

it("a read that still shows an approval through this app ends no person's 'no' of later", async () => {
  const story = begin()
  const { arena, shows, pass, decidesByHand } = story
  const allowAlone = leftToPeople(story)
  shows(trueOne())
  await pass()
  await decides(story, 'c-true', 'approve')
  const [connection] = structuredClone(arena.connections.get(lake) ?? [])
  decidesByHand('c-true', 'Rejected')
  await pass()
  allowAlone()
  shows()
  arena.fault = (method, path, respond) =>
    theRead(method, path) ? { status: 200, body: connection } : respond()
  await pass()
  shows(trueOne())
  await pass()
  arena.fault = () => undefined
  await pass()
  await pass()
  expect(arena.approvals()).toEqual(['c-true'])
})
