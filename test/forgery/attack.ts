import { expect, it } from 'vitest'
import type { RefusalCode } from '../../shared/domain/refusal-codes.ts'
import type { ReasonCode } from '../../shared/domain/verdict.ts'
import { Arena, armOrigin, lake } from './arena.ts'

/** One attempt to be approved by somebody who should not be. */
export interface Attack {
  readonly title: string
  /** Changes the arena, in which the true request waits until then. */
  readonly prepare: (arena: Arena) => void
  /** Default: the review looks at the lake. */
  readonly play?: (arena: Arena) => Promise<void>
  /** Services, by the beginning of their addresses, that may be asked besides Azure Resource Manager. Default: none. */
  readonly mayAsk?: readonly string[]
  /** Who has to be told: names of connections, or of a target that cannot be read; nobody by `[]`. Default: `c-evil`. */
  readonly escalated?: readonly string[]
  /** Why the proof is no better, for the first of those. */
  readonly refusal?: RefusalCode
  /** Why it was not automatic, for the first of those. */
  readonly reason?: ReasonCode
}

/** Plays an attack twice, as a queue would: nothing is approved, whoever has to be told is, and no other host is asked. */
export function fails(attack: Attack): void {
  it(attack.title, async () => {
    const arena = new Arena()
    attack.prepare(arena)
    const play = attack.play ?? ((world: Arena) => world.pass(lake))
    await play(arena)
    arena.world.time += 3_600_000
    await play(arena)
    const escalated = attack.escalated ?? ['c-evil']
    expect(arena.approvals()).toEqual([])
    expect(arena.escalated()).toEqual(escalated)
    const origins = [armOrigin, ...(attack.mayAsk ?? [])]
    const isElsewhere = (call: string) => !origins.some((origin) => call.includes(` ${origin}/`))
    expect(arena.called.filter(isElsewhere)).toEqual([])
    const [first] = escalated
    if (first === undefined) return
    if (attack.refusal) expect(arena.refusalOf(first)).toBe(attack.refusal)
    if (attack.reason) expect(arena.reasonOf(first)).toBe(attack.reason)
  })
}
