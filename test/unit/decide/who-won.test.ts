import { beforeEach, describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import { obstacleToAll } from '../../../shared/decide/may-decide.ts'
import { ann, ben, Page } from '../../support/deciding.ts'
import { connection, endpoint, FakeReview, salesToLake } from '../../support/fake-review.ts'

const two: Rule = { ...salesToLake, id: 'ask', effect: 'ask', requester: undefined, requiredApprovals: 2 }
let world: FakeReview
let page: Page

beforeEach(async () => {
  world = new FakeReview()
  world.rules = { complete: true, rules: [two], hash: 'two' }
  world.live = [connection('mpe', { endpoint: endpoint('a'), groupIds: ['blob'] })]
  await world.review()
  page = new Page(world.ports, connection('mpe').id.id)
  await page.open()
  await page.click('approve', ann)
  await page.open()
})

/** What somebody reads who comes too late. */
async function shownToBen(): Promise<string | undefined> {
  const clicked = await page.click('approve', ben)
  return clicked.kind === 'refused' ? clicked.obstacle.sentence : undefined
}

describe('whoever comes too late is told what became of the request, and not who had a part in something else:', () => {
  it.each([
    ['Approved', 'This request is decided already. Decided elsewhere.'],
    ['Rejected', 'This request is decided already. Decided elsewhere.'],
    ['Disconnected', 'This request is decided already. Withdrawn.'],
  ])('somebody made it %s in Azure', async (status, sentence) => {
    world.set('mpe', { status, description: 'By hand.' })
    await world.review()
    expect(await shownToBen()).toBe(sentence)
    expect((await page.find())?.record.request.choices).toEqual([])
  })

  it.each([
    ['allow', 'This request is decided already. Approved.'],
    ['deny', 'This request is decided already. Rejected.'],
  ] as const)('a rule decided it: %s', async (effect, sentence) => {
    const rule: Rule = { ...salesToLake, id: effect, effect }
    world.rules = { complete: true, rules: [rule], hash: effect }
    await world.review()
    await world.review()
    expect(await shownToBen()).toBe(sentence)
  })

  it('another endpoint stands there: the page is of an earlier request', async () => {
    const before = await page.find()
    world.set('mpe', { endpoint: endpoint('b') })
    await world.review()
    const now = await page.find()
    expect(now?.record.request).toMatchObject({ episode: 2, choices: [], state: { name: 'open' } })
    if (!now || !before) throw new Error('It is gone.')
    expect(obstacleToAll({ ...now, entry: before.entry })).toMatchObject({ code: 'earlier-request' })
    expect(await page.click('approve', ben)).toMatchObject({ kind: 'changed' })
  })
})
