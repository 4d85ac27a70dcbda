import { describe, expect, it } from 'vitest'
import { connectionOf, endpointNamed, lake } from '../../forgery/arena.ts'
import { PersistentWorld, type Story } from '../../support/persistent-world.ts'
import { salesToLake } from '../../support/request-parts.ts'
import { type Search, searchShows } from '../../support/searched.ts'

const minute = 60
const hour = 3600
const day = 24 * hour
const oneOpen: Story = {
  rules: [salesToLake],
  prepare: ({ connections }) =>
    connections.set(lake, [connectionOf(lake, 'c-old', endpointNamed('unknown.mpe'))]),
  end: 'Pending',
}
const nothing: Story = {
  rules: [salesToLake],
  prepare: ({ connections }) => connections.set(lake, []),
  end: 'Pending',
}
const codes = (world: PersistentWorld) => world.notices.map(({ code }) => code)
const errors = (world: PersistentWorld) =>
  world.arena.world.logged.filter((line) => line.includes('Azure fails at a target')).length

describe('what Resource Graph still shows of a connection that is gone', () => {
  it.each([6, 20])(
    'for %i min is forgotten when it shows it no more, though it shows another one of the target',
    async (minutes) => {
      const world = new PersistentWorld(oneOpen)
      let names = ['c-old']
      searchShows(world, () => ({ names }))
      await world.run(20 * minute)
      names = ['c-old', 'c-gone']
      await world.pass(minutes * minute)
      names = ['c-old']
      await world.pass(hour)
      const before = errors(world)
      await world.pass(day)
      expect(codes(world)).toEqual(['no-rule-matched'])
      expect(errors(world)).toBe(before)
    },
  )

  it('is forgotten a day later where every search is cut off', async () => {
    const world = new PersistentWorld(oneOpen)
    let names = ['c-old', 'c-gone']
    searchShows(world, () => ({ names, isCutOff: true }))
    await world.run(20 * minute)
    names = ['c-old']
    await world.pass(2 * day)
    expect(world.openQuestions()).toEqual(['no-rule-matched'])
    expect(world.work()?.kind).toBe('resting')
  })
})

describe('a Pending connection that Resource Graph shows and the list lacks is one question', () => {
  async function playedBy(search: (count: number) => Search): Promise<PersistentWorld> {
    const world = new PersistentWorld(nothing)
    let count = 0
    searchShows(world, () => search((count += 1)))
    await world.run(day)
    return world
  }

  const all: Search = { names: ['c-true'] }
  it.each([2, 3, 8, 12])('though one of %i searches is cut off before it', async (turns) => {
    const world = await playedBy((count) => (count % turns === 0 ? { names: [], isCutOff: true } : all))
    expect(codes(world)).toEqual(['azure-fails'])
    expect(world.arena.world.log.map(({ kind }) => kind)).toEqual(['escalated'])
  })

  it.each([2, 3, 8])('though one of %i searches is cut off within the target', async (turns) => {
    const part: Search = { names: ['c-other'], isCutOff: true }
    const both: Search = { names: ['c-other', 'c-true'] }
    const world = await playedBy((count) => (count % turns === 0 ? part : both))
    // One about each connection.
    expect(codes(world)).toEqual(['azure-fails', 'azure-fails'])
    expect(new Set(world.notices.map(({ sentence }) => sentence)).size).toBe(2)
  })

  it.each([3, 8, 12])('though one of %i searches lacks it', async (turns) => {
    const world = await playedBy((count) => (count % turns === 0 ? { names: [] } : all))
    expect(codes(world)).toEqual(['azure-fails'])
  })
})
