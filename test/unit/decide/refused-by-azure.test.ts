import { beforeEach, describe, expect, it } from 'vitest'
import { isBeingApplied } from '../../../shared/domain/request.ts'
import { ann, ben, type Page, pageOfWaiting } from '../../support/deciding.ts'
import { FakeReview } from '../../support/fake-review.ts'

const final = { kind: 'refused', code: 'BadRequest', message: 'No.', passes: false } as const
const passing = { ...final, code: 'ScopeLocked', passes: true } as const

let world: FakeReview
let page: Page

beforeEach(async () => {
  world = new FakeReview()
  page = await pageOfWaiting(world)
})

const statuses = () => world.writes.map(({ write }) => write.status)
async function later(seconds: number): Promise<void> {
  world.time += seconds * 1000
  await world.review()
}

describe('Azure refuses what a person has approved', () => {
  it.each([final, passing])(
    'people are notified with its words, and the page is open again: $code',
    async (no) => {
      world.outcomes = [no]
      await page.click('approve')
      await world.review()
      const found = await page.open()
      expect(world.notifications.map(({ code }) => code)).toEqual(['no-rule-matched', 'refused-by-azure'])
      expect(world.notifications[1]?.sentence).toContain('No.')
      expect(isBeingApplied(found.record.request)).toBe(false)
    },
  )

  it('the person clicks again once the cause is gone: it is sent again at once', async () => {
    world.outcomes = [final]
    await page.click('approve')
    await world.review()
    await later(3600)
    expect(statuses()).toEqual(['Approved'])
    await page.open()
    expect(await page.click('approve')).toEqual({ kind: 'chosen', isComplete: true })
    await later(1)
    expect(statuses()).toEqual(['Approved', 'Approved'])
    const { record } = await page.open()
    expect(record.request.state.name).toBe('applied')
    expect(record.request.choices).toHaveLength(1)
  })

  it('whoever clicks again is told when Azure refuses again', async () => {
    world.outcomes = [final, final]
    await page.click('approve')
    await world.review()
    await later(60)
    await page.open()
    await page.click('approve')
    await later(1)
    await later(3600)
    expect(statuses()).toEqual(['Approved', 'Approved'])
    expect(world.notifications.map(({ code }) => code)).toEqual([
      'no-rule-matched',
      'refused-by-azure',
      'refused-by-azure',
    ])
  })

  it('somebody else rejects it instead', async () => {
    world.outcomes = [final]
    await page.click('approve')
    await world.review()
    await later(60)
    await page.open()
    await page.click('reject', ben)
    await later(1)
    expect(statuses()).toEqual(['Approved', 'Rejected'])
    expect((await page.open()).record.lastEntry.actor).toMatchObject({ objectId: ben.objectId })
  })

  it('what passes is sent again by itself, in the name of the person, and notifies nobody anew', async () => {
    world.outcomes = [passing, passing]
    await page.click('approve')
    await world.review()
    await later(61)
    await later(301)
    expect(statuses()).toEqual(['Approved', 'Approved', 'Approved'])
    expect(world.notifications).toHaveLength(2)
    expect((await page.open()).record.lastEntry).toMatchObject({
      state: 'applied',
      actor: { objectId: ann.objectId },
    })
  })
})

describe('Azure refuses what a person has rejected', () => {
  beforeEach(async () => {
    world.outcomes = [final]
    await page.click('reject')
    await world.review()
    await later(60)
    await page.open()
  })

  it('nobody approves it after that', async () => {
    expect(await page.click('approve', ben)).toMatchObject({
      kind: 'refused',
      obstacle: { code: 'rejected-already' },
    })
  })

  it('it can be rejected again', async () => {
    await page.click('reject', ben)
    await later(1)
    expect(statuses()).toEqual(['Rejected', 'Rejected'])
  })
})

describe('Azure is busy', () => {
  it('for half an hour: people are notified, the page is open again, and it goes on by itself', async () => {
    const busy = { kind: 'retry-after', afterSeconds: 20, code: '429', message: 'Slow down.' } as const
    world.outcomes = Array.from({ length: 40 }, () => busy)
    await page.click('approve')
    for (let minutes = 0; minutes <= 31; minutes += 1) await later(60)
    expect(world.notifications.map(({ code }) => code)).toEqual(['no-rule-matched', 'refused-by-azure'])
    expect(isBeingApplied((await page.open()).record.request)).toBe(false)
    world.outcomes = []
    await later(3700)
    expect((await page.open()).record.request.state.name).toBe('applied')
  })
})

describe('a decision that Azure carries out after all', () => {
  it('against what a person has chosen since is an alarm, and nobody counts it as applied', async () => {
    const lost = { kind: 'unanswered', afterSeconds: 0, code: 'Timeout', message: 'no response' } as const
    world.outcomes = Array.from({ length: 40 }, () => lost)
    await page.click('approve')
    for (let minutes = 0; minutes <= 31; minutes += 1) await later(60)
    const [sent] = world.writes.slice(-1)
    await page.open()
    await page.click('reject', ben)
    world.set('mpe', { status: 'Approved', description: sent?.write.description ?? '' })
    await later(5)
    const { record } = await page.open()
    expect(record.request).toMatchObject({
      state: { name: 'open', cause: { kind: 'shown-late' } },
      choices: [],
    })
    expect(world.notifications.at(-1)).toMatchObject({ severity: 'alarm', code: 'shown-late' })
  })

  it('as the person chose: it is theirs', async () => {
    const lost = { kind: 'unanswered', afterSeconds: 0, code: 'Timeout', message: 'no response' } as const
    world.outcomes = Array.from({ length: 40 }, () => lost)
    await page.click('approve')
    for (let minutes = 0; minutes <= 31; minutes += 1) await later(60)
    const [sent] = world.writes.slice(-1)
    world.set('mpe', { status: 'Approved', description: sent?.write.description ?? '' })
    await later(5)
    expect((await page.open()).record.lastEntry).toMatchObject({
      state: 'applied',
      actor: { objectId: ann.objectId },
    })
  })
})
