import { describe, expect, it } from 'vitest'
import { Arena, connectionOf, endpointNamed, factory, managedEndpoint, orders } from './arena.ts'

const good = endpointNamed('adf-sales.mpe-sql')

/** A true request for a database, whose connection becomes another at the very moment of the write. */
function swappingTo(endpointId: string, groupIds: readonly string[]): Arena {
  const arena = new Arena()
  arena.rules = arena.rules.map((rule) => ({ ...rule, target: orders, groupIds: ['sqlServer'] }))
  arena.connections.set(orders, [connectionOf(orders, 'c-true', good, { groupIds: ['sqlServer'] })])
  arena.managedEndpoints.set(factory, [managedEndpoint('mpe-sql', orders, 'sqlServer')])
  arena.beforeCall = (method, path) => {
    if (method !== 'PUT' || !path.endsWith('/c-true')) return
    arena.connections.set(orders, [connectionOf(orders, 'c-true', endpointId, { groupIds })])
  }
  return arena
}

/** Azure takes no condition for this type, so the write itself cannot be called back. It must not pass unseen. */
describe('what changes while the answer is written is never logged as approved, and people are told:', () => {
  it.each([
    ['the endpoint', endpointNamed('evil.mpe'), ['sqlServer']],
    ['the groups', good, ['other']],
    ['one group more', good, ['sqlServer', 'other']],
    ['the groups, to none', good, []],
  ])('%s', async (_what, endpointId, groupIds) => {
    const arena = swappingTo(endpointId, groupIds)
    await arena.pass(orders)
    expect(arena.reasonOf('c-true')).toBe('endpoint-changed')
    arena.world.time += 3_600_000
    await arena.pass(orders)
    expect(arena.world.log.map(({ state }) => state)).not.toContain('approved')
    expect(arena.escalated()).toEqual(['c-true'])
    expect(arena.approvals()).toEqual(['c-true'])
  })

  it('nothing, and then it is approved', async () => {
    const arena = swappingTo(good, ['sqlServer'])
    await arena.pass(orders)
    expect(arena.world.log.at(-1)).toMatchObject({ state: 'applied', outcome: 'approve' })
    expect(arena.escalated()).toEqual([])
  })
})
