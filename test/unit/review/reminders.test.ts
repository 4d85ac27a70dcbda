import { describe, expect, it } from 'vitest'
import { connectionOf, endpointNamed, lake } from '../../forgery/arena.ts'
import { ann, ben, Page } from '../../support/deciding.ts'
import { PersistentWorld } from '../../support/persistent-world.ts'
import { salesToLake } from '../../support/request-parts.ts'

const hour = 3600
const day = 24 * hour

const byTwo = { ...salesToLake, id: 'two', effect: 'ask', requiredApprovals: 2 } as const

async function openWorld(rules: PersistentWorld['arena']['rules'] = []): Promise<PersistentWorld> {
  const world = new PersistentWorld({ rules, end: 'Pending' })
  await world.run(hour)
  return world
}

describe('a request that nobody decides', () => {
  it('reminds people ever more seldom, in one question, and each reminder is an entry', async () => {
    const world = await openWorld()
    await world.pass(13 * day)
    expect(world.followed).toEqual([4, 24, 72, 168].map((hours) => `reminder after ${hours} h`))
    expect(world.notices).toHaveLength(1)
    expect(world.entryLines()).toEqual([
      'escalated:open',
      ...Array.from({ length: 4 }, () => 'reminded:open'),
    ])
    expect(world.broken()).toEqual([])
  })

  it('reminds them once after a stop of the app for days', async () => {
    const world = await openWorld()
    world.stop(5 * day)
    await world.pass(hour)
    expect(world.followed).toEqual(['reminder after 121 h'])
  })

  it('has an outcome when it is withdrawn, and no reminder after that', async () => {
    const world = await openWorld()
    await world.pass(6 * hour)
    world.arena.connections.set(lake, [])
    await world.pass(2 * day)
    expect(world.followed).toEqual(['reminder after 4 h', 'outcome after 7 h'])
  })

  it('begins the count anew when people are notified anew', async () => {
    const world = await openWorld()
    await world.pass(26 * hour)
    const said = { status: 'Pending', description: 'Please hurry.' }
    world.show(said.status, said.description)
    await world.event()
    await world.pass(2 * day)
    expect(world.notices).toHaveLength(2)
    // 20 hours after the reminder before, and then by the times of the new question.
    expect(world.followed.slice(0, 2)).toEqual(['reminder after 4 h', 'reminder after 24 h'])
    expect(Number(/\d+/.exec(world.followed[2] ?? '')?.[0])).toBeGreaterThanOrEqual(44)
    expect(Number(/\d+/.exec(world.followed[3] ?? '')?.[0])).toBeGreaterThanOrEqual(64)
  })
})

it('a partial quorum does not begin the count anew, and the last approval ends it', async () => {
  const world = await openWorld([byTwo])
  const connectionId = connectionOf(lake, 'c-true', endpointNamed('adf-sales.mpe-blob')).id as string
  const page = new Page(world.arena.ports, connectionId)
  await world.pass(2 * hour)
  await page.open()
  expect(await page.click('approve', ann)).toMatchObject({ isComplete: false })
  await world.pass(22 * hour)
  expect(world.followed).toEqual(['reminder after 4 h', 'reminder after 24 h'])
  await page.open()
  expect(await page.click('approve', ben)).toMatchObject({ isComplete: true })
  await world.pass(2 * day)
  expect(world.status()).toBe('Approved')
  expect(world.followed.slice(2)).toEqual(['outcome after 25 h'])
})
