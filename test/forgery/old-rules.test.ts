import { describe, expect, it } from 'vitest'
import {
  type Arena,
  connectionOf,
  dataPlatform,
  endpointNamed,
  factory,
  lake,
  managedEndpoint,
  ok,
} from './arena.ts'
import { begin, day, elsewhere, evilOne, good, stays, type Story, trueOne } from './story.ts'

const tenant = '7f3d1c52-6a0b-4e6f-9d57-2b8c4a1e0f10'

/** Two rules that are as old as each other, each for a management group; the lake lies in the first one. */
function twoRules(arena: Arena): void {
  arena.rules = ['first', 'second'].flatMap((group) =>
    arena.rules.map((rule) => ({
      ...rule,
      id: `in-${group}`,
      target: `/providers/Microsoft.Management/managementGroups/${group}`,
    })),
  )
  lies(arena, 'first')
}

/** The subscription of the lake is moved to another management group. */
function lies(arena: Arena, group: string): void {
  const properties = { tenantId: tenant, parentNameChain: [tenant, group] }
  const value = [{ name: dataPlatform, type: '/subscriptions', properties }]
  arena.instead.set('POST /providers/Microsoft.Management/getEntities', ok({ value }))
}

async function later({ arena, pass }: Story): Promise<void> {
  arena.world.time += day
  await pass()
}

describe('a rule that is as old as the hold releases nothing when the target is moved to its management group:', () => {
  stays({
    title: 'a name that two endpoints claimed',
    play: async (story) => {
      const { arena, shows } = story
      twoRules(arena)
      shows(trueOne(), evilOne())
      await story.pass()
      shows(evilOne())
      await later(story)
      lies(arena, 'second')
      await later(story)
    },
    reason: 'competing-claim-before',
  })
  stays({
    title: 'a person’s “no” that came while the allow-list could not be used',
    play: async (story) => {
      const { arena, shows } = story
      twoRules(arena)
      arena.rulesProblem = 'Row x has no target.'
      shows(connectionOf(lake, 'c-evil', good))
      await story.pass()
      story.decidesByHand('c-evil', 'Rejected')
      await story.pass()
      arena.rulesProblem = undefined
      shows(connectionOf(lake, 'c-evil', good))
      await story.pass()
      lies(arena, 'second')
      await later(story)
    },
    reason: 'rejected-before',
  })

  it('requests of a burst', async () => {
    const { arena, ...story } = begin()
    twoRules(arena)
    Object.assign(arena.world.burstLimits, { perRequester: 1 })
    const names = ['a', 'b', 'c']
    arena.managedEndpoints.set(
      factory,
      names.map((one) => managedEndpoint(one, lake, 'blob')),
    )
    story.shows(...names.map((one) => connectionOf(lake, `c-${one}`, endpointNamed(`adf-sales.${one}`))))
    await story.pass()
    expect(arena.approvals()).toHaveLength(1)
    lies(arena, 'second')
    for (let passes = 0; passes < 3; passes += 1) await later({ arena, ...story })
    expect(arena.approvals()).toHaveLength(1)
    expect(new Set(arena.escalated()).size).toBe(2)
  })
})

describe('a rule that is new since the hold releases it although the target was moved:', () => {
  it('a name that two endpoints claimed', async () => {
    const story = begin()
    twoRules(story.arena)
    story.shows(trueOne(), evilOne())
    await story.pass()
    story.shows(trueOne())
    await later(story)
    lies(story.arena, 'second')
    await later(story)
    expect(story.arena.approvals()).toEqual([])
    story.newVersion()
    await later(story)
    expect(story.arena.approvals()).toEqual(['c-true'])
  })
})

const hiddenOne = connectionOf(lake, 'c-hidden', undefined)

describe('a competing claim after the release of an older one is one more:', () => {
  stays({
    title: 'a person approved the endpoint between the two',
    play: async (story) => {
      const { arena, shows } = story
      shows(evilOne(), hiddenOne)
      await story.pass()
      shows(evilOne())
      story.decidesByHand('c-evil', 'Approved')
      await story.pass()
      shows()
      await story.pass()
      shows(connectionOf(lake, 'c-again', elsewhere), hiddenOne)
      await story.pass()
      expect(arena.approvals()).toEqual([])
      shows(evilOne())
    },
    reason: 'competing-claim-before',
  })
  stays({
    title: 'a new version of the rule released it between the two',
    play: async (story) => {
      const { arena, shows } = story
      shows(evilOne(), hiddenOne)
      await story.pass()
      shows(evilOne())
      await story.pass()
      story.newVersion()
      shows(evilOne(), hiddenOne)
      await story.pass()
      expect(arena.approvals()).toEqual([])
      shows(evilOne())
    },
    reason: 'competing-claim-before',
  })
})
