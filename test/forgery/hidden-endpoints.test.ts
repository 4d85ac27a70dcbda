import { describe } from 'vitest'
import { connectionOf, dataPlatform, lake, ordinaryEndpoint, resource } from './arena.ts'
import { inState, stays, type Story } from './story.ts'

const endpoint = (name: string) =>
  resource(dataPlatform, 'rg-apps', 'Microsoft.Network/privateEndpoints', name)
const [first, second] = [endpoint('pe-first'), endpoint('pe-second')]
const hidden = (status: string) => ({ ...inState(status, 'No.'), privateEndpoint: undefined })

/** Ordinary endpoints ask, each through a connection; a rule allows them unless told otherwise. */
function ask(
  { arena, shows }: Story,
  asking: Readonly<Record<string, string>>,
  effect: 'allow' | 'ask' = 'allow',
) {
  const requester = { kind: 'scope', pattern: `/subscriptions/${dataPlatform}` } as const
  const [rule] = arena.rules
  if (!rule) throw new Error('There is no rule.')
  const allow = { ...rule, id: 'ordinary', effect: 'allow', requester } as const
  arena.rules = effect === 'ask' ? [allow, { ...allow, id: 'ask', effect }] : [allow]
  for (const id of Object.values(asking)) arena.endpoints.set(id, ordinaryEndpoint(id, lake, ['blob']))
  shows(...Object.entries(asking).map(([name, id]) => connectionOf(lake, name, id)))
}

describe('a person’s “no” to an ordinary endpoint is remembered:', () => {
  const reason = 'rejected-before'
  stays({
    title: 'it hides its endpoint while it is Rejected, and asks again',
    play: async (story) => {
      ask(story, { 'c-evil': first }, 'ask')
      await story.pass()
      story.shows(connectionOf(lake, 'c-evil', undefined, hidden('Rejected')))
      await story.pass()
      ask(story, { 'c-evil': first })
    },
    reason,
  })
  stays({
    title: 'it hides its endpoint while it is Rejected, and asks through another connection',
    play: async (story) => {
      ask(story, { 'c-first': first }, 'ask')
      await story.pass()
      story.shows(connectionOf(lake, 'c-first', undefined, hidden('Rejected')))
      await story.pass()
      ask(story, { 'c-evil': first })
    },
    reason,
  })
  stays({
    title: 'our approval of it is taken back by a disconnection that hides it',
    play: async (story) => {
      ask(story, { 'c-evil': first })
      await story.pass()
      story.shows(connectionOf(lake, 'c-evil', undefined, hidden('Disconnected')))
      await story.pass()
      ask(story, { 'c-evil': first })
    },
    reason,
  })
  stays({
    title: 'another endpoint that was rejected had the connection before, and it hides while it is Rejected',
    play: async (story) => {
      ask(story, { 'c-evil': second }, 'ask')
      await story.pass()
      story.decidesByHand('c-evil', 'Rejected')
      await story.pass()
      ask(story, { 'c-evil': first }, 'ask')
      await story.pass()
      story.shows(connectionOf(lake, 'c-evil', undefined, hidden('Rejected')))
      await story.pass()
      ask(story, { 'c-evil': first })
    },
    reason,
  })
  stays({
    title: 'it takes over the connection of another one that we rejected, and quotes our words',
    play: async (story) => {
      ask(story, { 'c-evil': second })
      story.arena.rules = story.arena.rules.map((rule) => ({ ...rule, effect: 'deny' as const }))
      await story.pass()
      const words = `Rejected by private-endpoint-approver, decision ${story.arena.world.log.at(-1)?.decisionId}`
      ask(story, {})
      story.shows(connectionOf(lake, 'c-evil', first, inState('Rejected', words)))
      await story.pass()
      ask(story, { 'c-evil': first })
    },
    reason,
  })
})
