import { describe, expect, it } from 'vitest'
import { connectionOf, lake } from './arena.ts'
import { begin, good, inState, type Story, trueOne } from './story.ts'

const put = `PUT ${lake}/privateEndpointConnections/c-true`

/** A `deny` is sent and has no response; then a rule requires a person, and Azure shows the rejection. */
async function lateRejection({ arena, shows, pass }: Story): Promise<void> {
  const allow = arena.rules
  arena.rules = allow.map((rule) => ({ ...rule, id: 'no', effect: 'deny' as const }))
  shows(trueOne())
  arena.instead.set(put, { status: 503, body: {} })
  await pass()
  const id = arena.world.log.findLast(({ kind }) => kind === 'intent')?.decisionId
  arena.rules = [...allow, ...allow.map((rule) => ({ ...rule, id: 'ask', effect: 'ask' as const }))]
  await pass()
  shows(trueOne(inState('Rejected', `Rejected by private-endpoint-approver, decision ${id}, rule no v3`)))
  await pass()
  arena.instead.clear()
  arena.rules = allow
}

describe('a rejection of ours that Azure shows late is no person’s:', () => {
  it('the record names it, and the requester’s message does not', async () => {
    const story = begin()
    await lateRejection(story)
    story.shows(trueOne())
    await story.pass()
    await story.pass()
    expect(story.arena.world.log.filter(({ reason }) => /A person/.test(reason.sentence))).toEqual([])
    expect(story.arena.approvals()).toEqual(['c-true'])
  })

  it('after an approval of ours', async () => {
    const story = begin()
    story.shows(trueOne())
    await story.pass()
    await lateRejection(story)
    story.shows(trueOne())
    await story.pass()
    await story.pass()
    expect(
      story.arena.world.log.filter(({ reason }) => /A person (rejected|took)/.test(reason.sentence)),
    ).toEqual([])
  })

  it('but a rejection with the same words is, once the connection has waited again', async () => {
    const story = begin()
    await lateRejection(story)
    const [{ properties } = {}] = story.arena.connections.get(lake) ?? []
    const words = (properties as { privateLinkServiceConnectionState: { description: string } })
      .privateLinkServiceConnectionState.description
    story.arena.rulesProblem = 'being applied'
    story.shows(trueOne())
    await story.pass()
    story.shows(trueOne(inState('Rejected', words)))
    await story.pass()
    story.arena.rulesProblem = undefined
    story.shows(trueOne())
    await story.pass()
    expect(story.arena.approvals()).toEqual([])
    expect(story.arena.reasonOf('c-true')).toBe('rejected-before')
  })
})

describe('a text that changes on what this app approved', () => {
  it('is no person’s approval, and lifts no person’s “no”', async () => {
    const { arena, shows, pass, decidesByHand } = begin()
    shows(connectionOf(lake, 'c-first', good))
    await pass()
    await pass()
    const { rules } = arena
    arena.rules = [...rules, ...rules.map((rule) => ({ ...rule, id: 'ask', effect: 'ask' as const }))]
    const [first] = arena.connections.get(lake) ?? []
    if (!first) throw new Error('Nothing is there.')
    shows(first, connectionOf(lake, 'c-evil', good))
    await pass()
    decidesByHand('c-evil', 'Rejected')
    await pass()
    decidesByHand('c-first', 'Approved', 'Hello.')
    await pass()
    arena.rules = rules
    shows(first, connectionOf(lake, 'c-evil', good))
    await pass()
    await pass()
    shows(connectionOf(lake, 'c-evil', good))
    await pass()
    await pass()
    expect(arena.approvals()).toEqual(['c-first'])
    expect(arena.reasonOf('c-evil')).toBe('rejected-before')
  })
})

describe('a rule that is put back to a lower version', () => {
  it('is not new, and lifts no person’s “no”', async () => {
    const { arena, shows, pass, decidesByHand } = begin()
    const version = (to: number) => (arena.rules = arena.rules.map((rule) => ({ ...rule, version: to })))
    version(4)
    shows(trueOne())
    await pass()
    decidesByHand('c-true', 'Rejected')
    await pass()
    version(3)
    shows(trueOne())
    await pass()
    expect(arena.approvals()).toEqual(['c-true'])
    expect(arena.reasonOf('c-true')).toBe('rejected-before')
    version(5)
    await pass()
    expect(arena.approvals()).toEqual(['c-true', 'c-true'])
  })
})
