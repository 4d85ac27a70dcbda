import { describe, expect, it } from 'vitest'
import { connectionOf, dataPlatform, endpointNamed, lake, ordinaryEndpoint, resource } from './arena.ts'
import { begin, day, evilOne, good, hour, inState, type Story, trueOne } from './story.ts'

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))
const writesOf = ({ arena }: Story): string[] => {
  const calls: string[] = []
  arena.world.onClaims = (when, call) => {
    if (when === 'before' && call !== 'claims.query') calls.push(call)
  }
  return calls
}

describe('more connections of one endpoint than twelve', () => {
  const old = (count: number, status = 'Rejected') =>
    many(count, (index) => connectionOf(lake, `c-old${index}`, good, inState(status, 'No.')))

  it.each([5, 14])(
    'that people rejected (%i): a new version releases, as the sentence says',
    async (count) => {
      const { arena, shows, pass, newVersion } = begin()
      shows(...old(count), connectionOf(lake, 'c-again', good))
      await pass()
      await pass()
      expect(arena.world.log.at(-1)?.reason.sentence).toMatch(/a new version of a rule, releases it\.$/)
      newVersion()
      // The factory has one such endpoint, and the others do not count.
      shows(connectionOf(lake, 'c-again', good))
      await pass()
      expect(arena.approvals()).toEqual(['c-again'])
    },
  )

  it.each([14, 60])('are written once (%i)', async (count) => {
    const story = begin()
    story.shows(...old(count))
    await story.pass()
    const writes = writesOf(story)
    await story.pass()
    await story.pass()
    expect(writes).toEqual([])
  })

  it('than are kept at all leave the name to people, also when they are gone, until they are old', async () => {
    const { arena, shows, pass, newVersion } = begin()
    shows(...old(60))
    await pass()
    shows(connectionOf(lake, 'c-again', good))
    await pass()
    newVersion()
    await pass()
    expect(arena.approvals()).toEqual([])
    expect(arena.world.log.at(-1)?.reason.sentence).toMatch(
      /no rule decides before what is remembered is 90 days old\.$/,
    )
    shows()
    await pass()
    arena.world.time += 91 * day
    shows(connectionOf(lake, 'c-again', good))
    await pass()
    expect(arena.approvals()).toEqual(['c-again'])
  })
})

describe('more endpoints of one name than twenty', () => {
  const inside = (index: number) =>
    resource(dataPlatform, `rg-${index}`, 'Microsoft.Network/privateEndpoints', 'pe')

  /** Twenty ordinary endpoints of one name were rejected, and a new version of the rule releases the next one. */
  async function rejected(): Promise<Story> {
    const story = begin()
    const { arena, shows, pass, newVersion } = story
    const requester = { kind: 'scope', pattern: `/subscriptions/${dataPlatform}` } as const
    arena.rules = arena.rules.map((rule) => ({ ...rule, requester }))
    for (const index of many(22, (one) => one))
      arena.endpoints.set(inside(index), ordinaryEndpoint(inside(index), lake, ['blob']))
    shows(...many(20, (index) => connectionOf(lake, `c-${index}`, inside(index), inState('Rejected', 'No.'))))
    await pass()
    newVersion()
    shows(connectionOf(lake, 'c-evil', inside(21)))
    await pass()
    return story
  }

  it('that people rejected: the “no” to the twenty-first is not lost', async () => {
    const { arena, shows, pass, decidesByHand } = await rejected()
    expect(arena.approvals()).toEqual(['c-evil'])
    decidesByHand('c-evil', 'Rejected')
    await pass()
    shows(connectionOf(lake, 'c-evil', inside(21)))
    await pass()
    await pass()
    expect(arena.approvals()).toEqual(['c-evil'])
    expect(arena.reasonOf('c-evil')).toBe('competing-claim-before')
  })

  it('that people rejected: the “no” to the twenty-first outlasts the others', async () => {
    const { arena, shows, pass, decidesByHand } = await rejected()
    shows()
    arena.world.time += 88 * day
    await pass()
    shows(connectionOf(lake, 'c-evil', inside(21)))
    decidesByHand('c-evil', 'Rejected')
    await pass()
    arena.world.time += 30 * day
    shows(connectionOf(lake, 'c-evil', inside(21)))
    await pass()
    expect(arena.approvals()).toEqual(['c-evil'])
  })

  it('are a question that says so, and nothing of rules', async () => {
    const { arena, shows, pass } = begin()
    shows(
      ...many(20, (index) => connectionOf(lake, `c-${index}`, good.replace('-1-rg', `-${index + 10}-rg`))),
    )
    await pass()
    shows(evilOne({}, good.replace('-1-rg', '-99-rg')))
    await pass()
    const { sentence } = arena.world.log.at(-1)?.reason ?? {}
    expect(sentence).not.toContain('too many rules')
    expect(sentence).toMatch(/in Azure; no rule decides before what is remembered is 90 days old\.$/)
  })

  it('are written once a day', async () => {
    const story = begin()
    story.shows(
      ...many(40, (index) => connectionOf(lake, `c-${index}`, good.replace('-1-rg', `-${index + 10}-rg`))),
    )
    await story.pass()
    const writes = writesOf(story)
    await story.pass()
    await story.pass()
    expect(writes).toEqual([])
  })
})

describe('more connections that hide their endpoints than a hundred', () => {
  const hidden = (count: number) =>
    many(count, (index) =>
      connectionOf(lake, `c-${index}`, undefined, { privateEndpoint: undefined, ...inState('Approved') }),
    )

  it('leave the target to people, also when they are gone', async () => {
    const { arena, shows, pass, newVersion } = begin()
    shows(...hidden(101))
    await pass()
    shows(trueOne())
    await pass()
    newVersion()
    await pass()
    expect(arena.approvals()).toEqual([])
    expect(arena.reasonOf('c-true')).toBe('competing-claim-before')
  })

  it('leave it to people also once they all have shown their endpoints, as one may have gone before', async () => {
    const { arena, shows, pass } = begin()
    shows(...hidden(101))
    await pass()
    arena.world.time += hour
    shows(
      ...many(101, (index) =>
        connectionOf(lake, `c-${index}`, endpointNamed(`x.${index}`), inState('Approved')),
      ),
      trueOne(),
    )
    await pass()
    expect(arena.approvals()).toEqual([])
  })

  it('are written once', async () => {
    const story = begin()
    story.shows(...hidden(120))
    await story.pass()
    expect(story.arena.world.claims.rows()).toHaveLength(100)
    const writes = writesOf(story)
    await story.pass()
    await story.pass()
    expect(writes).toEqual([])
  })
})
