import { describe, expect, it } from 'vitest'
import { clouds } from '../../shared/config/clouds.ts'
import {
  attackerSubscription,
  connectionOf,
  dataPlatform,
  endpointNamed,
  factory,
  lake,
  managedEndpoint,
  managedTenant,
  ok,
  ordinaryEndpoint,
  resource,
} from './arena.ts'
import {
  begin,
  day,
  elsewhere,
  evilOne,
  good,
  hour,
  inState,
  name,
  stays,
  type Story,
  trueOne,
} from './story.ts'

const factoryNetworks = `${factory}/managedVirtualNetworks`

describe('a name that two endpoints claimed is remembered:', () => {
  const reason = 'competing-claim-before'
  stays({
    title: 'both are removed, and the unknown requester’s comes back',
    play: async ({ shows, pass }) => {
      shows(trueOne(), evilOne())
      await pass()
      shows()
      await pass()
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'both are removed, and it comes back as another connection',
    play: async ({ shows, pass }) => {
      shows(trueOne(), connectionOf(lake, 'c-first', elsewhere))
      await pass()
      shows()
      await pass()
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'both are removed, and it comes back eighty-nine days later',
    play: async ({ arena, shows, pass }) => {
      shows(trueOne(), evilOne())
      await pass()
      shows()
      await pass()
      arena.world.time += 89 * day
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'the true one was approved, and its own side disconnected it',
    play: async ({ arena, shows, pass, decidesByHand }) => {
      shows(trueOne())
      await pass()
      decidesByHand('c-true', 'Disconnected', arena.world.log.at(-1)?.decisionId)
      await pass()
      shows(trueOne(inState('Disconnected')), evilOne())
    },
    reason,
  })
  stays({
    title: 'the true one was approved, and then hides its endpoint',
    play: async ({ shows, pass }) => {
      shows(trueOne())
      await pass()
      shows(trueOne({ ...inState('Approved'), privateEndpoint: undefined }), evilOne())
    },
    reason,
  })
  stays({
    title: 'the true one was approved, and one list lacks it',
    play: async ({ shows, pass }) => {
      shows(trueOne())
      await pass()
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'the true one could not be proven yet, and one list lacks it',
    play: async ({ arena, shows, pass }) => {
      arena.instead.set(`GET ${factoryNetworks}`, { status: 503, body: {} })
      shows(trueOne())
      await pass()
      arena.instead.clear()
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'both were seen before a rule existed, and the true one is gone when it does',
    play: async ({ arena, shows, pass }) => {
      const { rules } = arena
      arena.rules = []
      shows(trueOne(), evilOne())
      await pass()
      arena.rules = rules
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'the true one was seen before a rule existed, and the other comes after it',
    play: async ({ arena, shows, pass }) => {
      const { rules } = arena
      arena.rules = []
      shows(trueOne())
      await pass()
      shows()
      await pass()
      arena.rules = rules
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'the true one was seen while the allow-list could not be used',
    play: async ({ arena, shows, pass }) => {
      arena.rulesProblem = 'Row x has no target.'
      shows(trueOne())
      await pass()
      arena.rulesProblem = undefined
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'the true one was seen by an early pass only, after which others follow',
    play: async ({ arena, shows, pass }) => {
      arena.instead.set(`GET ${factoryNetworks}`, { status: 503, body: {} })
      shows(trueOne())
      await pass(0)
      arena.instead.clear()
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'the true one was seen while a rule required a person',
    play: async ({ arena, shows, pass }) => {
      const { rules } = arena
      arena.rules = rules.map((rule) => ({ ...rule, id: 'ask', effect: 'ask' as const }))
      shows(trueOne())
      await pass()
      arena.rules = rules
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'the true one was seen on the list of a target that could be read in part only',
    play: async ({ shows, pass }) => {
      shows(trueOne(), { id: 'no connection' })
      await pass()
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'the other one spells the name in capitals',
    play: async ({ shows, pass }) => {
      shows(trueOne())
      await pass()
      shows(evilOne({}, elsewhere.replace(name, name.toUpperCase())))
    },
    reason,
  })
  stays({
    title: 'the other one lies in another subscription of a managed tenant',
    play: async ({ arena, shows, pass }) => {
      arena.tenants.set(attackerSubscription, managedTenant)
      shows(trueOne())
      await pass()
      shows(evilOne({}, endpointNamed(name, attackerSubscription)))
    },
    reason,
  })
  stays({
    title: 'nobody can say which tenant the true one lay in',
    play: async ({ arena, shows, pass }) => {
      const nobodys = 'dead0000-4444-4b2c-8d3e-1f2a3b4c5d02'
      shows(trueOne({ privateEndpoint: { id: endpointNamed(name, nobodys) } }))
      await pass()
      arena.world.time += hour
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'another endpoint appears behind the same connection',
    play: async ({ shows, pass }) => {
      shows(connectionOf(lake, 'c-evil', good))
      await pass()
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'the true one was only seen by the second list of a pass, and both come and go',
    play: async ({ arena, shows, pass }) => {
      shows(evilOne())
      arena.beforeCall = (_method, path) => {
        if (path.endsWith('/managedPrivateEndpoints')) shows(evilOne(), trueOne())
      }
      await pass()
      arena.beforeCall = () => undefined
      shows()
      await pass()
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'one that hid its endpoint waited beside it, and both come and go',
    play: async ({ shows, pass }) => {
      shows(evilOne(), connectionOf(lake, 'c-hidden', undefined))
      await pass()
      shows()
      await pass()
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'the version of the rule is newer than the first claim, and older than the second',
    play: async ({ shows, pass, newVersion }) => {
      shows(trueOne())
      await pass()
      newVersion()
      shows()
      await pass()
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'a new version released one of them, and a third endpoint takes the name',
    play: async ({ shows, pass, newVersion }) => {
      shows(connectionOf(lake, 'c-second', elsewhere), trueOne())
      await pass()
      shows(trueOne())
      await pass()
      newVersion()
      await pass()
      shows(evilOne({}, good.replace('-1-rg', '-3-rg')))
    },
    reason,
  })
  stays({
    title: 'so many endpoints claimed the name that not all of them are kept',
    play: async ({ shows, pass }) => {
      const many = Array.from({ length: 40 }, (_, index) =>
        connectionOf(lake, `c-${index}`, good.replace('-1-rg', `-${index + 10}-rg`)),
      )
      shows(...many)
      await pass()
      shows()
      await pass()
      shows(evilOne({}, good.replace('-1-rg', '-99-rg')))
    },
    reason,
  })
  stays({
    title: 'so many ordinary endpoints of the name were rejected that no more of those are kept',
    play: async ({ shows, pass }) => {
      const veto = endpointNamed(name, attackerSubscription)
      shows(
        ...Array.from({ length: 40 }, (_, index) =>
          connectionOf(lake, `c-${index}`, veto.replace('-1-rg', `-${index}-rg`), inState('Rejected', 'No.')),
        ),
      )
      await pass()
      shows(trueOne())
      await pass()
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'the naming is only inferred, and one that was called otherwise waited beside it',
    play: async ({ arena, shows, pass }) => {
      const account = resource(dataPlatform, 'rg-analytics', 'Microsoft.Purview/accounts', 'pv-sales')
      arena.rules = arena.rules.map((rule) => ({ ...rule, requester: { kind: 'resource', id: account } }))
      arena.instead.set(`GET ${account}`, ok({ properties: { provisioningState: 'Succeeded' } }))
      const address = clouds.public.purview.endpoint.replace('{account}', 'pv-sales')
      arena.dataPlanes.set(
        `${address}/scan/managedvirtualnetworks/defaultv2/managedprivateendpoints`,
        ok({ value: [managedEndpoint('mpe-blob', lake, 'blob')] }),
      )
      const evil = evilOne({}, endpointNamed('pv-sales.mpe-blob'))
      shows(evil, connectionOf(lake, 'c-alias', endpointNamed('alias.mpe-blob')))
      await pass()
      shows()
      await pass()
      shows(evil)
    },
    reason,
  })
})

describe('a person’s “no” is remembered:', () => {
  const reason = 'rejected-before'
  const inside = resource(dataPlatform, 'rg-apps', 'Microsoft.Network/privateEndpoints', 'pe-app')
  const ordinary = ({ arena, shows }: Story, id = inside, connection = 'c-evil'): void => {
    const pattern = `/subscriptions/${dataPlatform}`
    arena.rules = arena.rules.map((rule) => ({ ...rule, requester: { kind: 'scope', pattern } }))
    arena.endpoints.set(id, ordinaryEndpoint(id, lake, ['blob']))
    shows(connectionOf(lake, connection, id))
  }
  const asksAgain = { privateLinkServiceConnectionState: { status: 'Pending', description: 'Again.' } }

  stays({
    title: 'the one on hold was rejected by a person, and is resubmitted when the true one is gone',
    play: async ({ shows, pass, decidesByHand }) => {
      shows(trueOne(), evilOne())
      await pass()
      decidesByHand('c-evil', 'Rejected')
      await pass()
      shows(evilOne())
    },
  })
  stays({
    title: 'one that no rule allowed was rejected by a person, and asks again as it was',
    play: async ({ arena, shows, pass, decidesByHand }) => {
      const { rules } = arena
      arena.rules = rules.map((rule) => ({ ...rule, endpointName: 'nobody' }))
      shows(connectionOf(lake, 'c-evil', good))
      await pass()
      decidesByHand('c-evil', 'Rejected')
      await pass()
      arena.rules = arena.rules.map((rule) => ({ ...rule, endpointName: undefined }))
      shows(connectionOf(lake, 'c-evil', good, asksAgain))
    },
    reason,
  })
  stays({
    title: 'the rejection keeps the requester’s own message, which quotes a decision of ours',
    play: async ({ arena, shows, pass, decidesByHand }) => {
      arena.rulesProblem = 'Row x has no target.'
      shows(connectionOf(lake, 'c-evil', good))
      await pass()
      const decision = arena.world.log.at(-1)?.decisionId ?? ''
      decidesByHand('c-evil', 'Rejected', `Decision ${decision} of private-endpoint-approver.`)
      await pass()
      arena.rulesProblem = undefined
      shows(connectionOf(lake, 'c-evil', good, asksAgain))
    },
    reason,
  })
  stays({
    title: 'an approval of ours was taken back by a rejection, and it is asked again',
    play: async ({ shows, pass, decidesByHand }) => {
      shows(connectionOf(lake, 'c-evil', good))
      await pass()
      decidesByHand('c-evil', 'Rejected')
      await pass()
      shows(connectionOf(lake, 'c-evil', good, asksAgain))
    },
    reason,
  })
  stays({
    title: 'an approval of ours was taken back, and our own description is still there',
    play: async ({ arena, shows, pass, decidesByHand }) => {
      shows(connectionOf(lake, 'c-evil', good))
      await pass()
      decidesByHand('c-evil', 'Rejected', arena.world.log.at(-1)?.decisionId ?? '')
      await pass()
      shows(connectionOf(lake, 'c-evil', good, asksAgain))
    },
    reason,
  })
  stays({
    title: 'an approval of ours was taken back by a disconnection',
    play: async ({ shows, pass, decidesByHand }) => {
      shows(connectionOf(lake, 'c-evil', good))
      await pass()
      decidesByHand('c-evil', 'Disconnected', 'No longer.')
      await pass()
      shows(connectionOf(lake, 'c-evil', good, asksAgain))
    },
    reason,
  })
  stays({
    title: 'the rejected connection was removed, and the endpoint is connected anew',
    play: async ({ shows, pass, decidesByHand }) => {
      shows(connectionOf(lake, 'c-first', good))
      await pass()
      decidesByHand('c-first', 'Rejected')
      await pass()
      shows()
      await pass()
      shows(connectionOf(lake, 'c-evil', good))
    },
    reason,
  })
  stays({
    title: 'the endpoint is made anew in another network under the same name',
    play: async ({ arena, shows, pass, decidesByHand }) => {
      arena.rulesProblem = 'Row x has no target.'
      shows(trueOne())
      await pass()
      decidesByHand('c-true', 'Rejected')
      await pass()
      arena.rulesProblem = undefined
      shows(evilOne())
    },
    reason,
  })
  stays({
    title: 'the app was away when it was rejected, and sees only the rejection',
    play: async ({ shows, pass }) => {
      shows(connectionOf(lake, 'c-evil', good, inState('Rejected', 'No.')))
      await pass()
      shows(connectionOf(lake, 'c-evil', good, asksAgain))
    },
    reason,
  })
  stays({
    title: 'the rejected one hid its endpoint when a pass saw the rejection',
    play: async ({ shows, pass }) => {
      shows(connectionOf(lake, 'c-evil', good))
      await pass()
      shows(connectionOf(lake, 'c-evil', undefined, inState('Rejected', 'No.')))
      await pass()
      shows(connectionOf(lake, 'c-evil', good, asksAgain))
    },
    reason,
  })
  stays({
    title: 'an ordinary endpoint that a rule allows was approved, rejected by a person, and asks again',
    play: async (story) => {
      ordinary(story)
      await story.pass()
      story.decidesByHand('c-evil', 'Rejected')
      await story.pass()
      ordinary(story)
    },
    reason,
  })
  stays({
    title: 'an ordinary endpoint is made anew in another group of its subscription',
    play: async (story) => {
      ordinary(story, inside, 'c-first')
      await story.pass()
      story.decidesByHand('c-first', 'Rejected')
      await story.pass()
      ordinary(story, inside.replace('rg-apps', 'rg-apps2'))
    },
    reason,
  })
})

describe('what is remembered stops no true request:', () => {
  const veto = endpointNamed(name, attackerSubscription)
  const approved = (story: Story) => story.arena.approvals()

  it('an ordinary endpoint of a foreign tenant with the factory’s name beside it', async () => {
    const story = begin()
    story.shows(trueOne(), evilOne({}, veto))
    await story.pass()
    expect(approved(story)).toEqual(['c-true'])
    expect(story.arena.escalated()).toEqual(['c-evil'])
  })

  it('an ordinary endpoint of a foreign tenant that had the name before', async () => {
    const story = begin()
    story.shows(evilOne({}, veto))
    await story.pass()
    story.shows(trueOne())
    await story.pass()
    expect(approved(story)).toEqual(['c-true'])
  })

  it('an ordinary endpoint of a foreign tenant with that name, which a person rejected', async () => {
    const story = begin()
    story.shows(evilOne({}, veto))
    await story.pass()
    story.decidesByHand('c-evil', 'Rejected')
    await story.pass()
    story.shows(evilOne(inState('Rejected', 'No.'), veto), trueOne())
    await story.pass()
    expect(approved(story)).toEqual(['c-true'])
  })

  it('the same endpoint that was approved, removed and connected anew', async () => {
    const story = begin()
    story.shows(trueOne())
    await story.pass()
    story.shows()
    await story.pass()
    story.shows(connectionOf(lake, 'c-again', good))
    await story.pass()
    expect(approved(story)).toEqual(['c-true', 'c-again'])
  })

  it('another endpoint that was not seen for ninety-one days', async () => {
    const story = begin()
    story.shows(evilOne())
    story.arena.rulesProblem = 'Row x has no target.'
    await story.pass()
    story.arena.rulesProblem = undefined
    story.shows()
    story.arena.world.time += 91 * day
    story.shows(trueOne())
    await story.pass()
    expect(approved(story)).toEqual(['c-true'])
  })

  it('a person has approved exactly this endpoint since', async () => {
    const story = begin()
    story.shows(trueOne(), evilOne())
    await story.pass()
    story.decidesByHand('c-true', 'Approved')
    story.decidesByHand('c-evil', 'Rejected')
    await story.pass()
    story.shows()
    await story.pass()
    story.shows(connectionOf(lake, 'c-again', good))
    await story.pass()
    expect(approved(story)).toEqual(['c-again'])
  })

  it('a new version of the rule since a person was notified of the one that is left', async () => {
    const story = begin()
    story.shows(trueOne(), evilOne())
    await story.pass()
    story.shows(trueOne())
    await story.pass()
    expect(approved(story)).toEqual([])
    story.newVersion()
    await story.pass()
    expect(approved(story)).toEqual(['c-true'])
  })

  it('a new version of the rule since a person rejected it', async () => {
    const story = begin()
    story.arena.rulesProblem = 'Row x has no target.'
    story.shows(trueOne())
    await story.pass()
    story.arena.rulesProblem = undefined
    story.decidesByHand('c-true', 'Rejected')
    await story.pass()
    story.newVersion()
    story.shows(trueOne())
    await story.pass()
    expect(approved(story)).toEqual(['c-true'])
  })

  it('what a rule of ours rejected, and another version allows', async () => {
    const story = begin()
    const { rules } = story.arena
    story.arena.rules = rules.map((rule) => ({ ...rule, effect: 'deny' as const }))
    story.shows(trueOne())
    await story.pass()
    expect(story.arena.written.map(({ status }) => status)).toEqual(['Rejected'])
    story.arena.world.time += day
    await story.pass()
    story.arena.rules = rules
    story.shows(trueOne())
    await story.pass()
    expect(approved(story)).toEqual(['c-true'])
  })

  it('a `deny` rejects by itself what a person rejected before', async () => {
    const story = begin()
    story.arena.rulesProblem = 'Row x has no target.'
    story.shows(trueOne())
    await story.pass()
    story.decidesByHand('c-true', 'Rejected')
    await story.pass()
    story.arena.rulesProblem = undefined
    story.arena.rules = story.arena.rules.map((rule) => ({ ...rule, effect: 'deny' as const }))
    story.shows(trueOne())
    await story.pass()
    expect(story.arena.written.map(({ status }) => status)).toEqual(['Rejected'])
  })
})
