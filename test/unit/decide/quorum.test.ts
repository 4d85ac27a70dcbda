import { beforeEach, describe, expect, it } from 'vitest'
import type { Person } from '../../../shared/domain/caller.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import { ann, ben, Page } from '../../support/deciding.ts'
import { connection, endpoint, FakeReview, salesToLake } from '../../support/fake-review.ts'

const [team, other] = ['6a0b0000-0000-4d2c-9b3a-c0de5e1f0001', '6a0b0000-0000-4d2c-9b3a-c0de5e1f0002']
let world: FakeReview
let page: Page

beforeEach(async () => {
  world = new FakeReview()
  world.live = [connection('mpe', { endpoint: endpoint('a'), groupIds: ['blob'] })]
  page = new Page(world.ports, connection('mpe').id.id)
  await asking({ requiredApprovals: 2 })
})

/** From now on that is the rule, and it has been evaluated. */
async function asking(change: Partial<Rule>): Promise<void> {
  rule(change)
  await later(60)
}

function rule(change: Partial<Rule>): void {
  const ask: Rule = { ...salesToLake, id: 'ask', effect: 'ask', requester: undefined, ...change }
  world.rules = { complete: true, rules: [ask], hash: JSON.stringify(change) }
}

async function later(seconds: number): Promise<void> {
  world.time += seconds * 1000
  await world.review()
}

/** The page is opened, and the person approves. */
async function approves(person: Person) {
  await page.open()
  return page.click('approve', person)
}

const statuses = () => world.writes.map(({ write }) => write.status)
const inGroups = (person: Person, ...groups: readonly string[]): Person => ({ ...person, groups })

describe('two people have to approve', () => {
  it('one is not enough, whatever passes come', async () => {
    expect(await approves(ann)).toEqual({ kind: 'chosen', isComplete: false })
    await later(3600)
    expect(statuses()).toEqual([])
    await approves(ben)
    await later(5)
    expect(statuses()).toEqual(['Approved'])
    expect((await page.open()).record.lastEntry.reason.sentence).toBe(
      'Approved by Ann Approver and Ben Approver.',
    )
  })

  it.each([
    ['the same person', ann],
    ['in capitals', { ...ann, objectId: ann.objectId.toUpperCase() }],
    ['under another name', { ...ann, name: 'Somebody else' }],
    ['in another group', inGroups(ann, other)],
  ])('nobody counts twice: %s', async (_, again) => {
    await approves(inGroups(ann, team))
    expect(await approves(again)).toMatchObject({ kind: 'refused', obstacle: { code: 'approved-before' } })
    await later(60)
    expect(statuses()).toEqual([])
  })

  it('of two clicks in two sessions of one person at once one counts', async () => {
    await page.open()
    const both = await Promise.all([page.click('approve', ann), page.click('approve', ann)])
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['chosen', 'refused'])
    await later(60)
    expect(statuses()).toEqual([])
  })

  it('of two people on the same page one is shown that the other was first', async () => {
    await page.open()
    const both = await Promise.all([page.click('approve', ann), page.click('approve', ben)])
    expect(both.map(({ kind }) => kind).toSorted()).toEqual(['changed', 'chosen'])
  })

  it('one rejection ends it', async () => {
    await approves(ann)
    await page.open()
    expect(await page.click('reject', ben)).toEqual({ kind: 'chosen', isComplete: true })
    await later(5)
    expect(statuses()).toEqual(['Rejected'])
    expect((await page.open()).record.lastEntry.reason.sentence).toBe('Rejected by Ben Approver.')
  })

  it('somebody who approved changes their mind', async () => {
    await approves(ann)
    await page.open()
    await page.click('reject', ann)
    await later(5)
    expect(statuses()).toEqual(['Rejected'])
  })
})

describe('the rule changes', () => {
  it('from one to two between click and pass: the one who approved is not enough', async () => {
    await asking({ requiredApprovals: 1, version: 4 })
    await approves(ann)
    rule({ requiredApprovals: 2, version: 5 })
    await later(5)
    expect(statuses()).toEqual([])
    expect(world.notifications.at(-1)).toMatchObject({ code: 'choice-outdated' })
    await approves(ann)
    await approves(ben)
    await later(5)
    expect(statuses()).toEqual(['Approved'])
  })

  it('from two to one and back while one has approved: two are required', async () => {
    await approves(ann)
    await asking({ requiredApprovals: 1, version: 4 })
    await asking({ requiredApprovals: 2, version: 5 })
    expect(statuses()).toEqual([])
    await approves(ben)
    await later(5)
    const approved = statuses()
    await approves(ann)
    await later(5)
    expect([approved, statuses()]).toEqual([[], ['Approved']])
  })

  it('without a new version, from two to one: what was required at the first click is required', async () => {
    await approves(ann)
    await asking({ requiredApprovals: 1 })
    expect(statuses()).toEqual([])
    await approves(ben)
    await later(5)
    expect(statuses()).toEqual(['Approved'])
  })

  it('an approver is taken out of it between click and pass', async () => {
    await asking({ approvers: [ann.objectId, ben.objectId], version: 4 })
    await approves(ann)
    rule({ approvers: [ben.objectId], version: 5 })
    await later(5)
    expect(statuses()).toEqual([])
    expect(await approves(ann)).toMatchObject({ kind: 'refused', obstacle: { code: 'not-an-approver' } })
    await approves(ben)
    await later(5)
    expect(statuses()).toEqual(['Approved'])
  })

  it('a group is taken out of it, in which the person who approved is', async () => {
    await asking({ approvers: [team, other], version: 4 })
    await approves(inGroups(ann, team))
    rule({ approvers: [other], version: 5 })
    await later(5)
    expect(statuses()).toEqual([])
  })

  it('it names approvers where it named none', async () => {
    await asking({ version: 4 })
    await approves(ann)
    rule({ approvers: [team], version: 5 })
    await later(5)
    expect(statuses()).toEqual([])
  })

  it('it names nobody any more: whoever was an approver still counts', async () => {
    await asking({ approvers: [ann.objectId], version: 4 })
    await approves(ann)
    rule({ approvers: [], version: 4 })
    await later(5)
    expect(statuses()).toEqual(['Approved'])
  })

  it('ids of approvers in capitals are the same ids', async () => {
    await asking({ approvers: [ann.objectId.toUpperCase()], version: 4 })
    await approves(ann)
    rule({ approvers: [ann.objectId], version: 4 })
    await later(5)
    expect(statuses()).toEqual(['Approved'])
  })
})
