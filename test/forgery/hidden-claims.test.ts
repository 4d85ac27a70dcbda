import { describe, expect, it } from 'vitest'
import {
  connectionOf,
  dataPlatform,
  endpointNamed,
  factory,
  lake,
  managedEndpoint,
  ok,
  ordinaryEndpoint,
  resource,
} from './arena.ts'
import { begin, evilOne, good, inState, stays, type Story, trueOne } from './story.ts'

const hidden = (name: string, status = 'Pending', description = 'No.') =>
  connectionOf(lake, name, undefined, { privateEndpoint: undefined, ...inState(status, description) })
const tags = `GET ${lake}/providers/Microsoft.Resources/tags/default`
const networks = `GET ${factory}/managedVirtualNetworks`

describe('a connection that hid its endpoint may have claimed the name, and is remembered:', () => {
  const reason = 'competing-claim-before'
  stays({
    title: 'it waited beside the other with a rule in force, and is gone',
    play: async ({ shows, pass }) => {
      shows(hidden('c-hidden'), evilOne())
      await pass()
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'it waited before a rule existed, and is gone when one does',
    play: async ({ arena, shows, pass }) => {
      const { rules } = arena
      arena.rules = []
      shows(hidden('c-hidden'), evilOne())
      await pass()
      arena.rules = rules
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'it waited while the factory could not be queried, and is gone',
    play: async ({ arena, shows, pass }) => {
      arena.instead.set(networks, { status: 503, body: {} })
      shows(hidden('c-hidden'), evilOne())
      await pass()
      arena.instead.clear()
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'it waited while the allow-list could not be used, and is gone',
    play: async ({ arena, shows, pass }) => {
      arena.rulesProblem = 'being applied'
      shows(hidden('c-hidden'), evilOne())
      await pass()
      arena.rulesProblem = undefined
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'it waited while the tags of the target could not be read, and is gone',
    play: async ({ arena, shows, pass }) => {
      arena.rules = arena.rules.map((rule) => ({ ...rule, targetTags: [{ name: 'env', value: 'prod' }] }))
      arena.instead.set(tags, { status: 503, body: {} })
      shows(hidden('c-hidden'), evilOne())
      await pass()
      arena.instead.set(tags, ok({ properties: { tags: { env: 'prod' } } }))
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'it waited alone, and is gone when the other comes',
    play: async ({ shows, pass }) => {
      shows(hidden('c-true'))
      await pass()
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'a person approved it, and it is still there',
    play: async ({ shows, pass }) => {
      shows(hidden('c-true'))
      await pass()
      shows(hidden('c-true', 'Approved', 'By hand.'))
      await pass()
      shows(hidden('c-true', 'Approved', 'By hand.'), evilOne())
    },
    reason,
  })
  for (const status of ['Approved', 'Rejected', 'Disconnected'])
    stays({
      title: `it was ${status} when it was first seen`,
      play: async ({ shows, pass }) => {
        shows(hidden('c-true', status))
        await pass()
        shows(hidden('c-true', status), evilOne())
      },
      reason,
    })
  stays({
    title: 'another connection hides in the very pass in which it turns out to have another name',
    play: async ({ shows, pass }) => {
      shows(hidden('c-true'), hidden('c-other'))
      await pass()
      shows(connectionOf(lake, 'c-other', endpointNamed('adf-sales.other')), evilOne())
    },
    reason,
  })
  stays({
    title: 'a new version is older than a second one that hides',
    play: async ({ shows, pass, newVersion }) => {
      shows(hidden('c-first'), evilOne())
      await pass()
      shows(evilOne())
      await pass()
      newVersion()
      shows(hidden('c-second'), evilOne())
      await pass()
      shows(evilOne())
    },
    reason,
  })
})

describe('a competing claim that only the proof has seen is remembered:', () => {
  const reason = 'competing-claim-before'
  /** The true one is on the second list of a pass, after the managed endpoints were listed, and on no other. */
  const onSecondListOnly = async (
    { arena, shows, pass }: Story,
    meanwhile = () => undefined,
  ): Promise<void> => {
    shows(evilOne())
    let isListed = false
    arena.beforeCall = (_method, path) => {
      if (path.endsWith('/tags/default')) shows(evilOne())
      if (!path.endsWith('/managedPrivateEndpoints') || isListed) return
      isListed = true
      shows(evilOne(), trueOne())
      meanwhile()
    }
    await pass()
    arena.beforeCall = () => undefined
    shows(evilOne())
  }
  stays({
    title: 'the tags of the target could not be read after it',
    play: async (story) => {
      const { arena } = story
      arena.rules = arena.rules.map((rule) => ({ ...rule, targetTags: [{ name: 'env', value: 'prod' }] }))
      arena.instead.set(tags, { status: 503, body: {} })
      await onSecondListOnly(story)
      arena.instead.set(tags, ok({ properties: { tags: { env: 'prod' } } }))
    },
    reason,
  })
  stays({
    title: 'the rules changed after it, and the proof was repeated',
    play: async (story) => {
      const { arena } = story
      arena.rules = arena.rules.map((rule) => ({ ...rule, targetTags: [{ name: 'env', value: 'prod' }] }))
      arena.instead.set(tags, ok({ properties: { tags: { env: 'prod' } } }))
      await onSecondListOnly(story, () => {
        arena.rules = [...arena.rules]
        return undefined
      })
    },
    reason,
  })
})

describe('a person’s “no” to a connection that hid its endpoint is remembered:', () => {
  const reason = 'rejected-before'
  const inside = (name: string) =>
    resource(dataPlatform, 'rg-apps', 'Microsoft.Network/privateEndpoints', name)
  const ordinary = ({ arena, shows }: Story, id = inside('pe'), connection = 'c-evil'): void => {
    const pattern = `/subscriptions/${dataPlatform}`
    arena.rules = arena.rules.map((rule) => ({ ...rule, requester: { kind: 'scope', pattern } }))
    arena.endpoints.set(id, ordinaryEndpoint(id, lake, ['blob']))
    shows(connectionOf(lake, connection, id))
  }

  stays({
    title: 'the same connection asks again, and shows its endpoint',
    play: async ({ shows, pass }) => {
      shows(hidden('c-evil'))
      await pass()
      shows(hidden('c-evil', 'Rejected'))
      await pass()
      shows(connectionOf(lake, 'c-evil', good))
    },
    reason,
  })
  stays({
    title: 'the same connection asks again, first hidden, and then shows an ordinary endpoint',
    play: async (story) => {
      story.shows(hidden('c-evil', 'Rejected'))
      await story.pass()
      story.shows(hidden('c-evil'))
      await story.pass()
      ordinary(story)
    },
    reason,
  })
  stays({
    title: 'the same connection shows its endpoint, which then asks by another connection',
    play: async (story) => {
      story.shows(hidden('c-first', 'Rejected'))
      await story.pass()
      ordinary(story, inside('pe'), 'c-first')
      await story.pass()
      ordinary(story)
    },
    reason,
  })
  stays({
    title: 'the same connection asks again with another endpoint than it had before',
    play: async (story) => {
      ordinary(story, inside('pe-first'))
      await story.pass()
      story.shows(hidden('c-evil', 'Rejected'))
      await story.pass()
      ordinary(story, inside('pe-second'))
    },
    reason,
  })
  stays({
    title: 'a person approved the connection while it hid its endpoint, and that was no word on the endpoint',
    play: async ({ shows, pass }) => {
      shows(connectionOf(lake, 'c-evil', good, inState('Rejected', 'No.')))
      await pass()
      shows(hidden('c-evil', 'Approved', 'Yes.'))
      await pass()
      shows(connectionOf(lake, 'c-evil', good))
    },
    reason,
  })
})

describe('a list that hides endpoints stops no true request:', () => {
  it('one of the factory that it hides in the first pass', async () => {
    const { arena, shows, pass } = begin()
    shows(hidden('c-true'))
    await pass()
    shows(trueOne())
    await pass()
    expect(arena.approvals()).toEqual(['c-true'])
  })

  it('one of the factory that it hides once after it has shown it', async () => {
    const { arena, shows, pass } = begin()
    arena.rulesProblem = 'Row x has no target.'
    shows(trueOne())
    await pass()
    shows(hidden('c-true'))
    await pass()
    arena.rulesProblem = undefined
    shows(trueOne())
    await pass()
    expect(arena.approvals()).toEqual(['c-true'])
  })

  it('ten of the factory that it hides in the first pass', async () => {
    const { arena, shows, pass } = begin()
    const names = Array.from({ length: 10 }, (_, index) => `mpe${index}`)
    arena.managedEndpoints.set(
      factory,
      names.map((name) => managedEndpoint(name, lake, 'blob')),
    )
    shows(...names.map((name) => hidden(`c-${name}`)))
    await pass()
    shows(...names.map((name) => connectionOf(lake, `c-${name}`, endpointNamed(`adf-sales.${name}`))))
    await pass()
    expect(arena.approvals().sort()).toEqual(names.map((name) => `c-${name}`))
  })

  it('ten ordinary ones that it hides once, while a person approved some before', async () => {
    const { arena, shows, pass } = begin()
    const pattern = `/subscriptions/${dataPlatform}`
    arena.rules = arena.rules.map((rule) => ({ ...rule, requester: { kind: 'scope', pattern } }))
    const names = Array.from({ length: 10 }, (_, index) => `pe${index}`)
    const idOf = (name: string) =>
      resource(dataPlatform, 'rg-apps', 'Microsoft.Network/privateEndpoints', name)
    for (const name of names) arena.endpoints.set(idOf(name), ordinaryEndpoint(idOf(name), lake, ['blob']))
    const stateOf = (index: number) => inState(index < 5 ? 'Approved' : 'Pending', 'By hand.')
    shows(
      ...names.map((name, index) =>
        connectionOf(lake, `c-${name}`, undefined, { privateEndpoint: undefined, ...stateOf(index) }),
      ),
    )
    await pass()
    shows(...names.map((name, index) => connectionOf(lake, `c-${name}`, idOf(name), stateOf(index))))
    await pass()
    expect(arena.approvals().sort()).toEqual(['c-pe5', 'c-pe6', 'c-pe7', 'c-pe8', 'c-pe9'])
    // Of those of which nobody asks, a few are read in each pass.
    await pass()
    expect(arena.world.claims.rows()).toEqual([])
  })

  it('one of the factory beside those that we approved, which it hides', async () => {
    const { arena, shows, pass } = begin()
    arena.managedEndpoints.set(
      factory,
      ['mpe-blob', 'mpe-more'].map((name) => managedEndpoint(name, lake, 'blob')),
    )
    shows(trueOne())
    await pass()
    await pass()
    const [first] = arena.connections.get(lake) ?? []
    if (!first) throw new Error('Nothing is there.')
    first.properties = { ...(first.properties as object), privateEndpoint: undefined }
    shows(first, connectionOf(lake, 'c-more', endpointNamed('adf-sales.mpe-more')))
    await pass()
    expect(arena.approvals()).toEqual(['c-true', 'c-more'])
  })

  it('one that a new version releases since people were notified of it beside the hidden one', async () => {
    const { arena, shows, pass, newVersion } = begin()
    shows(hidden('c-hidden', 'Approved', 'By hand.'), trueOne())
    await pass()
    expect(arena.approvals()).toEqual([])
    newVersion()
    await pass()
    expect(arena.approvals()).toEqual(['c-true'])
  })
})
