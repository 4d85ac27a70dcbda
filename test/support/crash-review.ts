import type { RuleSet } from '../../shared/domain/rule.ts'
import type { ReviewPorts } from '../../shared/review/ports.ts'
import { connection, FakeReview } from './fake-review.ts'
import { MemoryLedger } from './memory-ledger.ts'

const day = '2026-11-21'

/** What outlives a process. */
export interface World {
  readonly fake: FakeReview
  readonly memory: MemoryLedger
  /** Decision ids of what was sent to people. */
  readonly sent: string[]
}

/** A world in which these connections are Pending. */
export function worldWith(rules: RuleSet, names: readonly string[]): World {
  const fake = new FakeReview()
  fake.rules = rules
  fake.live = names.map((name) => connection(name))
  return { fake, memory: new MemoryLedger(() => new Date(fake.time)), sent: [] }
}

/** Carries out a call in whose course the process may die, before or after it. */
export function dyingAt(point: (call: string) => void) {
  return async <T>(call: string, carryOut: () => Promise<T>): Promise<T> => {
    point(`before ${call}`)
    const result = await carryOut()
    point(`after ${call}`)
    return result
  }
}

/** The ports of a process that may die before and after each call to Azure, storage or a queue. */
export function portsOf({ fake, memory }: World, point: (call: string) => void): ReviewPorts {
  const { connections } = fake.ports
  fake.onClaims = (when, call) => {
    point(`${when} ${call}`)
  }
  const around = dyingAt(point)
  return {
    ...fake.ports,
    ledger: memory.ledger,
    hints: { hint: () => around('hint', () => Promise.resolve()) },
    connections: {
      ...connections,
      list: (target) => around('list', () => connections.list(target)),
      read: (one) => around('read', () => connections.read(one)),
      apply: (one, write) => around('PUT', () => connections.apply(one, write)),
    },
  }
}

/** The log. */
export async function entriesOf({ memory }: World) {
  await memory.ledger.repairIndexes(new Date(0))
  const entries = []
  for await (const { entry } of memory.ledger.entries(day, day)) entries.push(entry)
  return entries.sort((a, b) => a.sequence - b.sequence)
}

/** `kind:state` of each entry; the intent of a decision that was sent again stands there once. */
export async function storyOf(world: World): Promise<readonly string[]> {
  const entries = await entriesOf(world)
  return entries
    .filter((entry, at) => entry.kind !== 'intent' || entry.decisionId !== entries[at - 1]?.decisionId)
    .map(({ kind, state }) => `${kind}:${state}`)
}
