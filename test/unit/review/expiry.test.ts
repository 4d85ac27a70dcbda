import { beforeEach, describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import { connectionOf, endpointNamed, lake } from '../../forgery/arena.ts'
import { ann, Page } from '../../support/deciding.ts'
import { PersistentWorld } from '../../support/persistent-world.ts'
import { salesToLake } from '../../support/request-parts.ts'

const hour = 3600
const day = 24 * hour

const rejects: Rule = { ...salesToLake, id: 'brief', effect: 'ask', expiresAfter: 'P2D', atExpiry: 'reject' }
const connectionId = connectionOf(lake, 'c-true', endpointNamed('adf-sales.mpe-blob')).id as string

let world: PersistentWorld
let page: Page

async function begin(rules: readonly Rule[]): Promise<void> {
  world = new PersistentWorld({ rules, end: 'Pending' })
  page = new Page(world.arena.ports, connectionId)
  await world.run(hour)
}

const outcomes = () => world.arena.world.followed.filter(({ kind }) => kind === 'outcome')
const sentences = () => outcomes().map(({ sentence }) => sentence)

describe('a request that no rule allows, and nobody decides', () => {
  beforeEach(() => begin([]))

  it('stays Pending and says so after two weeks, once, to the minute, and nobody is reminded any more', async () => {
    await world.pass(60 * day)
    expect(world.status()).toBe('Pending')
    expect(world.followed.at(-1)).toBe('outcome after 336 h')
    expect(world.followed.filter((line) => line.startsWith('outcome'))).toHaveLength(1)
    expect(sentences()[0]).toMatch(/^Nobody decided until .* UTC; the connection stays Pending in Azure\./)
    const expired = world.entries().find(({ kind }) => kind === 'expired')
    const opened = world.entries()[0]
    const lasted = Date.parse(expired?.at ?? '') - Date.parse(opened?.at ?? '')
    expect(lasted / 1000 - 14 * day).toBeLessThan(60)
    expect(world.broken()).toEqual([])
  })

  it('can still be decided after that, and everybody learns of it', async () => {
    await world.pass(15 * day)
    await page.open()
    expect(await page.click('approve', ann)).toMatchObject({ kind: 'chosen' })
    await world.pass(hour)
    expect(world.status()).toBe('Approved')
    expect(sentences().at(-1)).toBe('Approved by Ann Approver.')
  })

  it('is approved after that by a rule that begins', async () => {
    await world.pass(20 * day)
    world.arena.rules = [salesToLake]
    await world.pass(hour)
    expect(world.status()).toBe('Approved')
    expect(outcomes()).toHaveLength(2)
  })
})

describe('a request that a rule rejects when nobody decides it', () => {
  beforeEach(() => begin([rejects]))

  it('is rejected then, after everything was verified again, and everybody learns why', async () => {
    await world.pass(2 * day - 2 * hour)
    expect(world.status()).toBe('Pending')
    await world.pass(3 * hour)
    expect(world.status()).toBe('Rejected')
    expect(world.entryLines().slice(-3)).toEqual([
      'expired:open',
      'intent:applying reject',
      'result:applied reject',
    ])
    expect(sentences()).toEqual([expect.stringMatching(/^Rejected, as nobody decided until .* UTC\.$/)])
    expect(world.entries().every(({ actor }) => actor.kind === 'policy')).toBe(true)
    await world.pass(3 * day)
    expect(outcomes()).toHaveLength(1)
  })

  it('is approved where a person was first, by one write', async () => {
    await world.pass(2 * day - hour - 120)
    await page.open()
    await page.click('approve', ann)
    await world.pass(2 * hour)
    expect([world.status(), world.sentAt.length]).toEqual(['Approved', 1])
    expect(sentences()).toEqual(['Approved by Ann Approver.'])
  })

  it('is no longer decided by a person then', async () => {
    await world.pass(2 * day - hour - 60)
    await page.open()
    await world.pass(3 * hour)
    expect(await page.click('approve', ann)).toMatchObject({ kind: 'refused' })
    expect(world.status()).toBe('Rejected')
  })

  it('is rejected as soon as the app runs again', async () => {
    world.stop(3 * day)
    await world.pass(hour)
    expect(world.status()).toBe('Rejected')
    expect(world.followed.filter((line) => line.startsWith('reminder'))).toEqual([])
  })

  it('may ask again: it is not taken for the "no" of a person', async () => {
    await world.pass(2 * day)
    expect(world.status()).toBe('Rejected')
    world.arena.rules = [salesToLake]
    world.arena.connections.set(lake, [])
    await world.pass(hour)
    world.arena.connections.set(lake, [connectionOf(lake, 'c-true', endpointNamed('adf-sales.mpe-blob'))])
    await world.event()
    await world.pass(hour)
    expect(world.status()).toBe('Approved')
  })
})
