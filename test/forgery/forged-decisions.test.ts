import { describe, expect, it } from 'vitest'
import type { Rule } from '../../shared/domain/rule.ts'
import {
  connectionOf,
  dataPlatform,
  endpointNamed,
  factory,
  failed,
  lake,
  managedEndpoint,
  resource,
} from './arena.ts'
import { begin, good, inState, stays, type Story } from './story.ts'

/** Ids of decisions are public, and the next ones can be guessed. Whoever asks writes them into the own message. */
const allow = { effect: 'allow' } as const
const deny = { id: 'no', effect: 'deny', requester: undefined } as const
const ask = { id: 'ask', effect: 'ask', requester: undefined } as const
const guessed = Array.from({ length: 12 }, (_, index) => `c-evil.1.${index + 1}`).join(' ')

const saying = (description: string) => connectionOf(lake, 'c-evil', good, inState('Pending', description))
const evil = ({ arena }: Story) => {
  const found = (arena.connections.get(lake) ?? []).find(({ id }) => String(id).endsWith('/c-evil'))
  return found?.properties as { privateLinkServiceConnectionState: { description: string } }
}
const described = (story: Story) => evil(story).privateLinkServiceConnectionState.description

function lists({ arena }: Story): (...changes: readonly Partial<Rule>[]) => void {
  const { rules } = arena
  return (...changes) =>
    (arena.rules = changes.flatMap((change) => rules.map((one) => ({ ...one, ...change }))))
}

/** The connection is rejected by a rule of ours. What our words are. */
async function rejectedByUs(story: Story, list: ReturnType<typeof lists>): Promise<string> {
  list(allow, deny)
  story.shows(saying('Please.'))
  await story.pass()
  await story.pass()
  expect(story.arena.written.map(({ status }) => status)).toEqual(['Rejected'])
  return described(story)
}

describe('a person’s “no” counts although the requester’s message quotes a decision of ours:', () => {
  const reason = 'rejected-before'
  const far = '-'.repeat(600)

  it.each<[string, (words: string) => string, ((message: string) => string)?]>([
    ['as it was', (words) => words],
    ['with more words behind it', (words) => `${words} Thank you.`],
    ['with more words before it', (words) => `As before: ${words}`],
    ['beyond what is kept of a message', (words) => `${far} ${words}`],
    ['by its id alone', (words) => /decision ([^,]+)/.exec(words)?.[1] ?? ''],
    ['between blanks that Azure leaves out', (words) => `  ${words}\n`, (message) => message.trim()],
    ['before words that Azure leaves out', (words) => `${words} ${far}`, (message) => message.slice(0, 120)],
    [
      'with a longer id that Azure cuts',
      (words) => words.replace(/,.*/, '77'),
      (message) => message.slice(0, -2),
    ],
    [
      'in signs that Azure writes otherwise',
      (words) => `"${words}"`,
      (message) => message.replaceAll('"', '&quot;'),
    ],
    [
      'in capitals that Azure writes small',
      (words) => words.toUpperCase(),
      (message) => message.toLowerCase(),
    ],
  ])('%s', async (_how, messageOf, keptByAzure = (message) => message) => {
    const story = begin()
    const list = lists(story)
    const message = messageOf(await rejectedByUs(story, list))
    list(allow, ask)
    story.shows(saying(message))
    await story.pass()
    story.decidesByHand('c-evil', 'Rejected', keptByAzure(message))
    await story.pass()
    list(allow)
    story.shows(saying('Again.'))
    await story.pass()
    await story.pass()
    expect(story.arena.approvals()).toEqual([])
    expect(story.arena.reasonOf('c-evil')).toBe(reason)
  })

  stays({
    title: 'no verdict was written before the person rejected',
    play: async (story) => {
      const list = lists(story)
      const words = await rejectedByUs(story, list)
      list(allow)
      story.arena.instead.set(
        `GET ${story.arena.managedEndpoints.keys().next().value}/managedVirtualNetworks`,
        {
          ...{ status: 503, body: {} },
        },
      )
      story.shows(saying(words))
      await story.pass(0)
      story.decidesByHand('c-evil', 'Rejected', words)
      await story.pass()
      story.arena.instead.clear()
      story.shows(saying('Again.'))
    },
    reason,
  })
  stays({
    title: 'it names decisions that are still to come, and Azure refuses ours',
    play: async (story) => {
      const list = lists(story)
      const path = `PUT ${lake}/privateEndpointConnections/c-evil`
      list(allow, deny)
      story.arena.instead.set(path, failed(403, 'RequestDisallowedByPolicy'))
      story.shows(saying(guessed))
      await story.pass()
      story.decidesByHand('c-evil', 'Rejected', guessed)
      await story.pass()
      story.arena.instead.clear()
      list(allow)
      story.shows(saying('Again.'))
    },
    reason,
  })
  stays({
    title: 'the message was changed while Azure refuses ours',
    play: async (story) => {
      const list = lists(story)
      const path = `PUT ${lake}/privateEndpointConnections/c-evil`
      list(allow, deny)
      story.arena.instead.set(path, failed(403, 'RequestDisallowedByPolicy'))
      story.shows(saying('Please.'))
      await story.pass()
      story.shows(saying(guessed))
      await story.pass()
      story.decidesByHand('c-evil', 'Rejected', guessed)
      await story.pass()
      story.arena.instead.clear()
      list(allow)
      story.shows(saying('Again.'))
    },
    reason,
  })
})

describe('a person’s approval ends a request whose message quotes a decision of ours:', () => {
  /** Once approved by us, it asks again with such a message; a person approves it without a word. */
  async function approvedByHand(messageOf: (words: string) => string): Promise<Story> {
    const story = begin()
    const list = lists(story)
    story.shows(saying('Please.'))
    await story.pass()
    expect(story.arena.approvals()).toEqual(['c-evil'])
    const message = messageOf(described(story))
    list(allow, ask)
    story.shows(saying(message))
    await story.pass()
    story.decidesByHand('c-evil', 'Approved', message)
    await story.pass()
    await story.pass()
    return story
  }

  it.each<[string, (words: string) => string]>([
    ['our approval before', (words) => words],
    ['our approval before, with more words', (words) => `${words} Again.`],
    ['decisions that are still to come', () => `Approved ${guessed}`],
    [
      'a decision of an episode that is still to come',
      () => 'Approved by private-endpoint-approver, decision c-evil.9.99',
    ],
  ])('%s', async (_what, messageOf) => {
    const story = await approvedByHand(messageOf)
    expect(story.arena.world.unfinished()).toEqual([])
    expect(story.arena.reasonOf('c-evil')).toBe('final-state')
    expect(story.arena.world.log.at(-1)?.state).toBe('decided-elsewhere')
  })
})

it('our late approval of a notification hub, whose connections keep no description, is an alarm, not a person’s', async () => {
  const hub = resource(dataPlatform, 'rg-lake', 'Microsoft.NotificationHubs/namespaces', 'hub')
  const endpoint = endpointNamed('adf-sales.mpe-hub')
  const shown = (status?: string) =>
    connectionOf(hub, 'c-hub', endpoint, { groupIds: ['namespace'], ...(status && inState(status)) })
  const { arena } = begin()
  const allow = arena.rules.map((rule) => ({ ...rule, target: hub }))
  arena.connections.set(lake, [])
  arena.managedEndpoints.set(factory, [managedEndpoint('mpe-hub', hub, 'namespace')])
  arena.connections.set(hub, [shown()])
  arena.instead.set(`PUT ${hub}/privateEndpointConnections/c-hub`, { status: 503, body: {} })
  arena.rules = allow
  await arena.pass(hub)
  arena.rules = [...allow, ...allow.map((rule) => ({ ...rule, id: 'ask', effect: 'ask' as const }))]
  arena.world.time += 60_000
  await arena.pass(hub)
  arena.world.time += 60_000
  arena.connections.set(hub, [shown('Approved')])
  await arena.pass(hub)
  expect(arena.world.log.at(-1)?.reason.code).toBe('shown-late')
  expect(arena.world.log.map(({ state }) => state)).not.toContain('decided-elsewhere')
})
