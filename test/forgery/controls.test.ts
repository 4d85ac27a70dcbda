import { expect, it } from 'vitest'
import { Arena, lake } from './arena.ts'

it('the true request is approved: what stops the attacks is not the arena', async () => {
  const arena = new Arena()
  await arena.event(`${lake}/privateEndpointConnectionProxies/adf-sales.mpe-blob.guid`)
  expect(arena.approvals()).toEqual(['c-true'])
  expect(arena.escalated()).toEqual([])
})
