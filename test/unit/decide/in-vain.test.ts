import { beforeEach, describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import { AzureFailed } from '../../../shared/ports/azure.ts'
import { ann, ben, Page } from '../../support/deciding.ts'
import {
  connection,
  endpoint,
  factory,
  FakeReview,
  id,
  salesToLake,
  target,
} from '../../support/fake-review.ts'

let world: FakeReview
let page: Page

async function begin(change: Partial<Connection> = {}, proof?: Partial<Proof>): Promise<void> {
  world = new FakeReview()
  world.rules = { complete: true, rules: [], hash: 'none' }
  world.proof = { ...world.proof, ...proof }
  world.live = [connection('mpe', { endpoint: endpoint('a'), groupIds: ['blob'], ...change })]
  await world.review()
  page = new Page(world.ports, connection('mpe').id.id)
  await page.open()
}

beforeEach(() => begin())

const statuses = () => world.writes.map(({ write }) => write.status)
const codes = () => world.notifications.map(({ code }) => code)
async function later(seconds: number): Promise<void> {
  world.time += seconds * 1000
  await world.review()
}
/** Some passes over more than half an hour. */
async function aWhile(): Promise<void> {
  for (let minutes = 0; minutes < 40; minutes += 4) await later(240)
}
const list = (...rules: readonly Rule[]) => {
  world.rules = {
    complete: true,
    rules,
    hash: rules.map(({ id: name, version }) => `${name} ${version}`).join(),
  }
}
const deny: Rule = { ...salesToLake, id: 'no', effect: 'deny', requester: undefined }
const ask = (change: Partial<Rule> = {}): Rule => ({
  ...salesToLake,
  ...{ id: 'ask', effect: 'ask', requester: undefined },
  ...change,
})
const unproven = (...refused: readonly Proof['refusals'][number]['code'][]): Partial<Proof> => ({
  level: 'platform',
  requester: undefined,
  groupIds: undefined,
  refusals: refused.map((code) => ({ code, sentence: `It is ${code}.` })),
})

describe('an approval is not for what was not shown:', () => {
  it('an endpoint that was hidden then', async () => {
    await begin({ endpoint: undefined }, unproven('no-endpoint-id'))
    await page.click('approve')
    world.set('mpe', { endpoint: endpoint('b') })
    world.proof = { ...world.proof, level: 'confirmed', refusals: [] }
    await aWhile()
    expect([statuses(), codes()]).toEqual([[], ['no-rule-matched', 'choice-outdated']])
  })

  it.each([
    ['endpoint', { endpoint: undefined }],
    ['group ids', { groupIds: undefined }],
  ] as const)(
    'its %s, which are not shown any more; for half an hour they are waited for',
    async (_, change) => {
      await begin({}, unproven('no-rule-names-a-requester'))
      await page.click('approve')
      world.set('mpe', change)
      await later(600)
      expect(codes()).toEqual(['no-rule-matched'])
      await aWhile()
      expect([statuses(), codes()]).toEqual([[], ['no-rule-matched', 'choice-outdated']])
    },
  )

  it('another requester, confirmed as well', async () => {
    await page.click('approve')
    const other = id(`${factory.id}-other`)
    world.proof = { ...world.proof, requester: { kind: 'data-factory', id: other } }
    await aWhile()
    expect([statuses(), codes()]).toEqual([[], ['no-rule-matched', 'choice-outdated']])
  })

  it('a second doubt about the requester beside the first one', async () => {
    await begin({}, unproven('no-rule-names-a-requester'))
    await page.click('approve')
    world.proof = { ...world.proof, ...unproven('no-rule-names-a-requester', 'competing-claim') }
    await aWhile()
    expect([statuses(), codes()]).toEqual([[], ['no-rule-matched', 'choice-outdated']])
  })

  it('a rule that may deny it since; shown, it may be approved', async () => {
    await begin({}, unproven('no-rule-names-a-requester'))
    await page.click('approve')
    list({ ...deny, requester: { kind: 'resource', id: factory.id } })
    await later(5)
    expect([statuses(), codes().at(-1)]).toEqual([[], 'choice-outdated'])
    await page.open()
    await page.click('approve')
    await later(5)
    expect(statuses()).toEqual(['Approved'])
  })
})

describe('a rule denies what a person has approved', () => {
  it('while the request is on hold: people are notified once, and decide anew', async () => {
    world = new FakeReview()
    world.burstLimits.perRequester = 1
    list(deny)
    world.live = ['first', 'mpe'].map((name) =>
      connection(name, { endpoint: endpoint(name), groupIds: ['blob'] }),
    )
    await world.review()
    await world.review()
    const held = world.unfinished().map(({ request: { subject } }) => subject)
    const [subject] = held
    if (subject?.kind !== 'connection') throw new Error('Nothing is on hold.')
    page = new Page(world.ports, subject.connectionId)
    await page.open()
    const before = codes().length
    await page.click('approve')
    await aWhile()
    expect(codes().slice(before)).toEqual(['choice-outdated'])
    expect(statuses().filter((status) => status === 'Approved')).toEqual([])
    await page.open()
    expect(await page.click('reject')).toMatchObject({ kind: 'chosen' })
    await later(5)
    expect((await page.open()).record.request.state).toMatchObject({ name: 'applied', outcome: 'reject' })
  })

  it('while Azure refuses to reject it', async () => {
    list(deny)
    world.outcomes = [{ kind: 'refused', code: 'BadRequest', message: 'No.', passes: false }]
    await later(5)
    await page.open()
    await page.click('approve')
    await aWhile()
    expect(codes()).toEqual(['no-rule-matched', 'refused-by-azure', 'choice-outdated'])
    await page.open()
    expect(await page.click('reject')).toMatchObject({ kind: 'chosen' })
  })
})

describe('nobody approves a request of their own', () => {
  beforeEach(() => {
    world.askers = { kind: 'known', people: [ann.objectId] }
  })

  it('in whatever letters their id is written, and others are notified once', async () => {
    await page.click('approve', { ...ann, objectId: ann.objectId.toUpperCase() })
    await aWhile()
    expect([statuses(), codes()]).toEqual([[], ['no-rule-matched', 'requested-by-approver']])
    await page.open()
    await page.click('approve', ben)
    await later(5)
    expect(statuses()).toEqual(['Approved'])
  })

  it('nor as one of two', async () => {
    list(ask({ requiredApprovals: 2 }))
    await later(5)
    await page.open()
    await page.click('approve', ben)
    await page.open()
    expect(await page.click('approve', ann)).toEqual({ kind: 'chosen', isComplete: true })
    await aWhile()
    expect([statuses(), codes().at(-1)]).toEqual([[], 'requested-by-approver'])
  })

  it('on a request that is on hold: one notification, not two', async () => {
    world = new FakeReview()
    world.askers = { kind: 'known', people: [ann.objectId] }
    world.burstLimits.perRequester = 0
    list(salesToLake)
    world.live = [connection('mpe', { endpoint: endpoint('a'), groupIds: ['blob'] })]
    await world.review()
    page = new Page(world.ports, connection('mpe').id.id)
    await page.open()
    const before = codes().length
    await page.click('approve')
    await aWhile()
    expect([statuses(), codes().slice(before)]).toEqual([[], ['requested-by-approver']])
  })

  it('may reject it', async () => {
    await page.click('reject', ann)
    await later(5)
    expect(statuses()).toEqual(['Rejected'])
  })

  it('is not found out where Azure does not know who asked', async () => {
    world.askers = { kind: 'unknown', why: 'Nobody knows.' }
    await page.click('approve')
    await later(5)
    expect(statuses()).toEqual(['Approved'])
  })

  it('and where Azure fails at telling for half an hour, people are notified with its words', async () => {
    // What Azure fails at is remembered from now on.
    world.work.arrange(target, undefined)
    world.ports.askers.askersOf = () =>
      Promise.reject(new AzureFailed({ code: '503', message: 'Insights is away.' }))
    await page.click('approve')
    await aWhile()
    expect(statuses()).toEqual([])
    expect(world.notifications.at(-1)).toMatchObject({ code: 'azure-fails' })
    expect(world.notifications.at(-1)?.sentence).toContain('Insights is away.')
  })
})

describe('what people said at length does not hide why it does not hold:', () => {
  it('ten people', async () => {
    list(ask({ requiredApprovals: 10 }))
    await later(5)
    for (let person = 0; person < 10; person += 1) {
      await page.open()
      await page.click(
        'approve',
        { ...ann, objectId: `p${person}`, name: `Person ${person}` },
        'x'.repeat(300),
      )
    }
    world.set('mpe', { description: 'Really urgent.' })
    await later(5)
    expect(world.notifications.at(-1)?.sentence).toContain(
      'But the message of the requester is another one now.',
    )
  })
})

it('a list and a read that differ for half an hour after the click are somebody’s business', async () => {
  const refused = { kind: 'refused', code: 'BadRequest', message: 'No.', passes: false } as const
  world.outcomes = [refused]
  await page.click('approve')
  await later(5)
  const { connections } = world.ports
  const lasting = { ...connections }
  connections.read = () => Promise.resolve(undefined)
  await page.open()
  await page.click('approve')
  await aWhile()
  const notified = world.notifications.length
  await page.open()
  await page.click('approve')
  await aWhile()
  expect(world.notifications.length).toBeGreaterThan(notified)
  Object.assign(connections, lasting)
  await page.open()
  await page.click('approve')
  await aWhile()
  expect((await page.open()).record.request.state.name).toBe('applied')
})
