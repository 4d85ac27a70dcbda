import { beforeEach, describe, expect, it } from 'vitest'
import { ann, ben, type Page, pageOfWaiting } from '../../support/deciding.ts'
import { endpoint, FakeReview, salesToLake } from '../../support/fake-review.ts'

let world: FakeReview
let page: Page

beforeEach(async () => {
  world = new FakeReview()
  page = await pageOfWaiting(world)
})

const statuses = () => world.writes.map(({ write }) => write.status)

describe('a person decides a request that waits', () => {
  it('approves it: the next pass verifies everything again and applies it, in the name of the person', async () => {
    expect(await page.click('approve', ann, 'Known supplier.')).toEqual({ kind: 'chosen', isComplete: true })
    await world.review()
    expect(statuses()).toEqual(['Approved'])
    const { record } = await page.open()
    expect(record.request.state).toMatchObject({ name: 'applied', outcome: 'approve' })
    expect(record.lastEntry).toMatchObject({
      actor: { kind: 'person', objectId: ann.objectId, name: 'Ann Approver' },
      reason: { code: 'decided-by-person', sentence: 'Approved by Ann Approver (“Known supplier.”).' },
    })
    expect(world.story().slice(-3)).toEqual([
      'chosen:open',
      'intent:applying approve',
      'result:applied approve',
    ])
  })

  it('rejects it', async () => {
    await page.click('reject')
    await world.review()
    expect(statuses()).toEqual(['Rejected'])
  })

  it('everybody who was notified learns of it, once it is applied', async () => {
    await page.click('reject', ann, 'Nobody knows it.')
    expect(world.followed).toEqual([])
    await world.review()
    expect(world.followed).toMatchObject([
      { kind: 'outcome', sentence: 'Rejected by Ann Approver (“Nobody knows it.”).', about: ['mpe.1.1'] },
    ])
    await world.review()
    expect(world.followed).toHaveLength(1)
  })

  it('a second click on the same page changes nothing and says what became of it', async () => {
    await page.click('approve')
    expect(await page.click('approve', ben)).toMatchObject({
      kind: 'refused',
      obstacle: { code: 'decision-under-way', sentence: expect.stringContaining('Ann Approver') as string },
    })
    await world.review()
    expect(await page.click('reject', ben)).toMatchObject({
      kind: 'refused',
      obstacle: { code: 'decided-already' },
    })
    await world.review()
    expect(statuses()).toEqual(['Approved'])
  })

  it('is not bound by an allow-list that cannot be used', async () => {
    world.rules = { complete: false, problem: 'It is gone.' }
    await world.review()
    await page.open()
    await page.click('approve')
    await world.review()
    expect(statuses()).toEqual(['Approved'])
  })

  it('does not approve what a rule denies since', async () => {
    await page.click('approve')
    const deny = { ...salesToLake, id: 'no', effect: 'deny', requester: undefined } as const
    world.rules = { complete: true, rules: [deny], hash: 'deny' }
    for (let passes = 0; passes < 3; passes += 1) await world.review()
    expect(statuses()).toEqual(['Rejected'])
  })

  it('keeps a rejection although a rule would approve it since', async () => {
    await page.click('reject')
    world.rules = { complete: true, rules: [salesToLake], hash: 'allow' }
    await world.review()
    expect(statuses()).toEqual(['Rejected'])
  })
})

describe('what was not shown is not decided', () => {
  const changes: Readonly<Record<string, () => void>> = {
    'another endpoint': () => {
      world.set('mpe', { endpoint: endpoint('b') })
    },
    'other group ids': () => {
      world.set('mpe', { groupIds: ['blob', 'dfs'] })
    },
    'another message': () => {
      world.set('mpe', { description: 'Really urgent.' })
    },
    'a requester that is verified otherwise': () => {
      world.proof = {
        ...world.proof,
        level: 'platform',
        refusals: [{ code: 'competing-claim', sentence: 'Another claims it, too.' }],
      }
    },
  }

  it.each(Object.entries(changes))('%s after the click', async (_, change) => {
    await page.click('approve')
    change()
    await world.review()
    expect(statuses()).toEqual([])
    const { record } = await page.open()
    expect(record.request).toMatchObject({ state: { name: 'open' }, choices: [] })
    expect(world.notifications).toHaveLength(2)
  })

  it.each(Object.entries(changes))('%s between page and click', async (_, change) => {
    change()
    world.time += 3_600_000
    await world.review()
    const clicked = await page.click('approve')
    await world.review()
    expect([clicked.kind, statuses()]).toEqual([expect.stringMatching(/changed|refused/), []])
  })
})

describe('of a rule that requires two approvals', () => {
  const ask = {
    ...salesToLake,
    ...({ id: 'two', effect: 'ask', requester: undefined, requiredApprovals: 2 } as const),
  }

  beforeEach(async () => {
    world.rules = { complete: true, rules: [ask], hash: 'ask' }
    await world.review()
    await page.open()
  })

  it('two people are needed, and the first one counts once', async () => {
    expect(await page.click('approve', ann)).toEqual({ kind: 'chosen', isComplete: false })
    await page.open()
    expect(await page.click('approve', { ...ann, objectId: ann.objectId.toUpperCase() })).toMatchObject({
      kind: 'refused',
      obstacle: { code: 'approved-before' },
    })
    await world.review()
    expect(statuses()).toEqual([])
    await page.open()
    expect(await page.click('approve', ben)).toEqual({ kind: 'chosen', isComplete: true })
    await world.review()
    expect(statuses()).toEqual(['Approved'])
    expect(world.log.at(-1)?.reason.sentence).toBe('Approved by Ann Approver and Ben Approver.')
  })

  it('one rejection ends it', async () => {
    await page.click('approve', ann)
    await page.open()
    await page.click('reject', ben)
    await world.review()
    expect(statuses()).toEqual(['Rejected'])
  })

  it('the first approval stays while only the sentence of the question changes', async () => {
    const unread = (sentence: string) => ({
      ...world.proof,
      refusals: [{ code: 'could-not-ask', sentence } as const],
    })
    world.proof = unread('It said 403.')
    world.time += 3_600_000
    await world.review()
    await page.open()
    await page.click('approve', ann)
    world.proof = unread('It said 401.')
    world.time += 3_600_000
    await world.review()
    expect((await page.open()).record.request.choices).toHaveLength(1)
  })

  it('the first approval is not for a request that has changed', async () => {
    await page.click('approve', ann)
    world.set('mpe', { description: 'Really urgent.' })
    await world.review()
    expect((await page.open()).record.request.choices).toEqual([])
  })
})
