import { beforeEach, describe, expect, it } from 'vitest'
import type { Rule } from '../../../shared/domain/rule.ts'
import { review } from '../../../shared/review/review-target.ts'
import { connection, FakeReview, salesToLake } from '../../support/fake-review.ts'

const deny: Rule = { ...salesToLake, id: 'no', effect: 'deny', requester: undefined }
const elsewhere: Rule = {
  ...deny,
  id: 'zz-elsewhere',
  target: '/subscriptions/0a5e6f10-9999-4a6b-8c2d-d47a91a7f001',
}
let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
  world.live = [connection('a'), connection('b'), connection('c')]
})

let sets = 0
function setRules(...rules: Rule[]): void {
  sets += 1
  world.rules = { complete: true, rules, hash: `set-${sets}` }
}

const pass = () => world.review()
const written = () => world.writes.map(({ connection: { id }, write: { status } }) => `${id.name} ${status}`)

describe('rules that change while a review pass goes on', () => {
  it('count for the connections that come after', async () => {
    let proofs = 0
    world.beforeProof = () => {
      proofs += 1
      if (proofs === 2) setRules(salesToLake, deny)
    }
    await pass()
    expect(written().filter((line) => line.endsWith('Approved'))).toHaveLength(1)
  })

  it('count for the connection that is being proven', async () => {
    world.live = [connection('a')]
    world.beforeProof = once(() => setRules(salesToLake, deny))
    await pass()
    expect(written()).toEqual(['a Rejected'])
  })

  it('count between the intent and the write: nothing is written by the former ones', async () => {
    world.live = [connection('a')]
    world.beforeRead = once(() => setRules(salesToLake, deny))
    await pass()
    expect(written()).toEqual([])
    expect(world.story()).toEqual(['intent:applying approve'])
    expect(world.sent.at(-1)?.delaySeconds).toBe(1)
    await pass()
    expect(written()).toEqual(['a Rejected'])
  })

  it('and cannot be read any more, before the write, stop it', async () => {
    world.live = [connection('a')]
    world.beforeRead = once(() => {
      world.rules = { complete: false, problem: 'Row x has no target.' }
    })
    await pass()
    await pass()
    expect(written()).toEqual([])
    expect(world.log.at(-1)).toMatchObject({ state: 'open', reason: { code: 'rules-unreadable' } })
  })

  it('again and again do not keep a request from being evaluated', async () => {
    world.live = [connection('a')]
    world.beforeProof = () => setRules(salesToLake)
    await pass()
    expect(world.log).not.toEqual([])
  })

  it('and cannot be used are read once for all connections of a review pass', async () => {
    let loads = 0
    const rules = {
      load: () => {
        loads += 1
        return Promise.resolve({ complete: false, problem: 'An apply is not finished.' } as const)
      },
    }
    await review({ ...world.ports, rules }, world.message())
    expect([loads, world.log.map(({ reason }) => reason.code)]).toEqual([
      1,
      ['rules-unreadable', 'rules-unreadable', 'rules-unreadable'],
    ])
  })

  it('elsewhere hold an answer up for one review pass only', async () => {
    world.live = [connection('a')]
    world.beforeRead = once(() => setRules(salesToLake, elsewhere))
    await pass()
    await pass()
    expect(written()).toEqual(['a Approved'])
    expect(world.log.at(-1)?.ruleSetHash).toBe(`set-${sets}`)
  })
})

describe('what is held', () => {
  const narrow: Rule = { ...salesToLake, id: 'a-narrow', validUntil: '2026-11-21T08:30:00.000Z' }
  const wide: Rule = { ...salesToLake, id: 'b-wide', version: 1 }
  const minutes = (count: number) => (world.time += count * 60_000)

  async function burst(): Promise<void> {
    Object.assign(world.burstLimits, { perRequester: 2 })
    setRules(narrow, wide)
    await pass()
    minutes(45)
  }

  it('by a burst is not released when its rule has run out and somebody changes another one', async () => {
    await burst()
    setRules(narrow, wide, elsewhere)
    await pass()
    expect(written()).toHaveLength(2)
  })

  it('by a burst is released by a new version of a rule', async () => {
    await burst()
    setRules(narrow, { ...wide, version: 2 })
    await pass()
    expect(written()).toHaveLength(3)
  })

  it('by a burst is released by a new rule', async () => {
    await burst()
    setRules(narrow, wide, { ...wide, id: 'a-new-one' })
    await pass()
    expect(written()).toHaveLength(3)
  })

  it('beside more rules than are kept in mind stays with people', async () => {
    Object.assign(world.burstLimits, { perRequester: 2 })
    const many = Array.from({ length: 201 }, (_, index) => ({ ...wide, id: `rule-${100 + index}` }))
    setRules(...many)
    await pass()
    minutes(45)
    setRules(...many, { ...wide, id: 'a-new-one' })
    await pass()
    expect(written()).toHaveLength(2)
    expect(world.log.at(-1)?.reason.sentence).toContain(
      'too many rules may apply to its target to recognize a new one',
    )
  })
})

function once(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}
