import { expect, it } from 'vitest'
import { decidedAtOnce } from '../support/deciding-at-once.ts'

const runs = 1000
const seed = Number(process.env['DECIDE_SEED'] ?? Math.floor(Math.random() * 1e9))

it(`of two approvers, a withdrawal, a change of the rules and two hosts at one instant, one wins: ${runs} orders, DECIDE_SEED=${seed}`, async () => {
  const ends: Record<string, number> = {}
  for (let run = 0; run < runs; run += 1) {
    const { end, script, problems } = await decidedAtOnce(seed + run)
    ends[end] = (ends[end] ?? 0) + 1
    expect(problems, `DECIDE_SEED=${seed + run}: ${script}`).toEqual([])
  }
  expect(Object.keys(ends).toSorted()).toEqual(['applied', 'open', 'withdrawn'])
})
