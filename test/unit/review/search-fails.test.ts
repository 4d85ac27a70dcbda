import { expect, it } from 'vitest'
import { AzureFailed } from '../../../shared/ports/azure.ts'
import { PersistentWorld } from '../../support/persistent-world.ts'

it('Resource Graph that fails is an error line at each sweep, with its words: a request without an event waits', async () => {
  const world = new PersistentWorld({ rules: [], end: 'Pending' })
  const failure = new AzureFailed({ code: 'AuthorizationFailed', message: 'The app may not read it.' })
  Object.assign(world.arena.ports.search, { targetsWithPending: () => Promise.reject(failure) })
  await world.pass(3600)
  const lines = world.arena.world.logged.filter((line) => line.startsWith('error'))
  expect(lines).toHaveLength(12)
  expect(new Set(lines)).toEqual(
    new Set(['error The sweep could not do all of its work: a missed event may stay unseen.']),
  )
})
