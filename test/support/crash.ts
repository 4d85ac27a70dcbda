import type { MemoryLedger } from './memory-ledger.ts'

/** Thrown by everything that a dead process tries to do. */
export class Crashed extends Error {
  override name = 'Crashed'
}

/**
 * Runs `work` again and again, each time in a new world, and lets the process die at another point: before or after
 * each of its calls. `check` looks at what is left, once storage answers again. The last run does not die.
 * @returns how many points there were.
 */
export async function crashEverywhere<World extends { readonly memory: MemoryLedger }>(
  makeWorld: () => World | Promise<World>,
  work: (world: World, point: (call: string) => void) => Promise<void>,
  check: (world: World, diedAt: string | undefined) => Promise<void>,
): Promise<number> {
  for (let dieAt = 0; ; dieAt += 1) {
    const world = await makeWorld()
    let passed = 0
    let diedAt: string | undefined
    const point = (call: string): void => {
      if (diedAt === undefined && passed++ === dieAt) diedAt = call
      if (diedAt !== undefined) throw new Crashed(diedAt)
    }
    world.memory.hook = (when, call) => {
      point(`${when} ${call}`)
    }
    await work(world, point).catch((error: unknown) => {
      if (diedAt === undefined) throw error
    })
    world.memory.hook = () => undefined
    await check(world, diedAt)
    if (diedAt === undefined) return dieAt
  }
}
