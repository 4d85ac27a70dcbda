import { afterAll, beforeAll, expect, it } from 'vitest'
import { Ledger } from '../../../shared/ledger/ledger.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { decidedAtOnce } from '../../support/deciding-at-once.ts'
import { newTable } from '../../support/ledger-tables.ts'

const runs = 50
const seed = Number(process.env['DECIDE_SEED'] ?? Math.floor(Math.random() * 1e9))
let azurite: Azurite

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

it(`of two approvers, a withdrawal, a change of the rules and two hosts at one instant, one wins on Azurite as well: ${runs} orders, DECIDE_SEED=${seed}`, async () => {
  const unreadable: unknown[] = []
  for (let run = 0; run < runs; run += 1) {
    const [requests, index] = [await newTable(azurite, 'requests'), await newTable(azurite, 'index')]
    const { script, problems } = await decidedAtOnce(seed + run, ({ ports }) =>
      Promise.resolve(new Ledger(requests, index, (row) => unreadable.push(row), ports.now)),
    )
    expect(problems, `DECIDE_SEED=${seed + run}: ${script}`).toEqual([])
  }
  expect(unreadable).toEqual([])
}, 180_000)
