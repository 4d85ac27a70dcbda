import { expect } from 'vitest'
import { connectionOf, endpointNamed, lake, type WireConnection } from '../forgery/arena.ts'
import { type Fault, PersistentWorld, type Story } from './persistent-world.ts'
import { theList } from './places.ts'
import { salesToLake } from './request-parts.ts'

const oldConnection = connectionOf(lake, 'c-old', endpointNamed('unknown.mpe'))
const oneOpen: Story = {
  rules: [salesToLake],
  prepare: ({ connections }) => connections.set(lake, [oldConnection]),
  end: 'Pending',
}

/** The list lacks the open request, and a read of it shows it. */
const lacksOld: Fault = (respond) => {
  const reply = respond()
  const { value } = reply.body as { readonly value: readonly WireConnection[] }
  return { ...reply, body: { value: value.filter((one) => one !== oldConnection) } }
}

/** Azure has failed at the open request for so many seconds, and does so for ever. */
export async function inTrouble(seconds: number): Promise<PersistentWorld> {
  const world = new PersistentWorld(oneOpen)
  await world.run(300)
  expect(world.notices).toHaveLength(1)
  world.fail(theList, lacksOld)
  await world.event()
  await world.pass(seconds)
  expect(world.work()?.series.trouble).toBeDefined()
  return world
}
