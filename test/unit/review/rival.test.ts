import { beforeEach, describe, expect, it } from 'vitest'
import type { Proof } from '../../../shared/domain/proof.ts'
import { review } from '../../../shared/review/review-target.ts'
import { confirmed, connection, FakeReview, salesToLake } from '../../support/fake-review.ts'

const rival = {
  code: 'rival-claims-the-same',
  sentence: 'Another has an endpoint of the same name.',
} as const
const notReady = { code: 'managed-endpoint-not-ready', sentence: 'It is still being made.' } as const
const claimedByTwo: Proof = {
  ...confirmed,
  level: 'platform',
  requester: undefined,
  groupIds: undefined,
  refusals: [rival],
}
let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
  world.live = [connection('mpe')]
  world.proof = claimedByTwo
})

const look = (attempt = 9) => review(world.ports, world.message(attempt))
const rivalVanishes = () => (world.proof = confirmed)
function rules(hash: string, version: number): void {
  world.rules = { complete: true, rules: [{ ...salesToLake, version }], hash }
}

describe('a request whose endpoint name another connection claimed, too', () => {
  it('stays with a person when the other is gone, and that is written once', async () => {
    await look()
    rivalVanishes()
    for (let looks = 0; looks < 3; looks += 1) await look()
    expect(world.answers).toEqual([])
    expect(world.story()).toEqual(['escalated:open', 'escalated:open'])
    expect(world.log.at(-1)).toMatchObject({
      reason: {
        code: 'rival-claimed-before',
        sentence:
          'Another connection claimed the same endpoint name before; a person has to say which of the two was meant.',
      },
      decidedBy: { ruleId: 'sales-to-lake' },
      caseId: undefined,
    })
    expect(world.logged).toEqual([
      expect.stringMatching(/^warn A request waits for manual review/),
      expect.stringMatching(/^warn A request waits for manual review/),
    ])
  })

  it('is answered when the rule has got a new version', async () => {
    await look()
    rivalVanishes()
    await look()
    rules('hash-2', 4)
    await look()
    expect(world.story().slice(2)).toEqual(['intent:applying approve', 'result:applied approve'])
  })

  it('is not let go by a change of the rules that leaves its rule as it was', async () => {
    await look()
    rules('hash-2', 3)
    rivalVanishes()
    await look()
    rules('hash-3', 3)
    await look()
    expect(world.answers).toEqual([])
  })

  it('is not let go by rules that can be read again', async () => {
    const readable = world.rules
    world.rules = { complete: false, problem: 'Row x has no target.' }
    await look()
    world.rules = readable
    rivalVanishes()
    await look()
    await look()
    expect(world.answers).toEqual([])
  })

  it('stays with a person where the rival stood behind another refusal, and where people knew of the request before', async () => {
    world.proof = { ...claimedByTwo, refusals: [notReady] }
    await look()
    world.proof = { ...claimedByTwo, refusals: [notReady, rival] }
    await look()
    rivalVanishes()
    await look()
    expect(world.answers).toEqual([])
  })

  it('is told of at once, although another refusal may pass', async () => {
    world.proof = { ...claimedByTwo, refusals: [notReady, rival] }
    await look(0)
    expect(world.story()).toEqual(['escalated:open'])
  })

  it('stays with a person where an intent was open when the rival came', async () => {
    rivalVanishes()
    world.outcomes = [new Error('killed')]
    await expect(look()).rejects.toThrow()
    world.proof = claimedByTwo
    await look()
    rivalVanishes()
    await look()
    expect(world.answers).toHaveLength(1)
    expect(world.story().slice(0, 2)).toEqual(['intent:applying approve', 'abandoned:open'])
  })

  it('is a new request, without the rival of the old one, once it was settled and asks anew', async () => {
    await look()
    world.set('mpe', { status: 'Rejected', description: 'No.' })
    await look()
    world.set('mpe', { status: 'Pending' })
    rivalVanishes()
    await look()
    expect(world.story().at(-1)).toBe('result:applied approve')
  })

  it('that came in a flood before needs a newer version of the rule than the one the flood kept back', async () => {
    world.floodLimits.perRequester = 1
    world.live = [connection('first'), connection('mpe')]
    rivalVanishes()
    await look()
    rules('hash-2', 4)
    world.proof = claimedByTwo
    await look()
    world.time += 11 * 60_000
    rivalVanishes()
    await look()
    expect(world.answers).toHaveLength(1)
    expect(world.log.at(-1)?.reason.code).toBe('rival-claimed-before')
    rules('hash-3', 5)
    await look()
    expect(world.answers).toHaveLength(2)
  })
})
