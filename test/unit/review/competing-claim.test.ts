import { beforeEach, describe, expect, it } from 'vitest'
import type { Proof } from '../../../shared/domain/proof.ts'
import { subjectId } from '../../../shared/domain/request.ts'
import { confirmed, connection, FakeReview, salesToLake, target } from '../../support/fake-review.ts'

const competingClaim = {
  code: 'competing-claim',
  sentence: 'Another has an endpoint of the same name.',
} as const
const notReady = { code: 'managed-endpoint-not-ready', sentence: 'It is still being made.' } as const
const claimedByTwo: Proof = {
  ...confirmed,
  level: 'platform',
  requester: undefined,
  groupIds: undefined,
  refusals: [competingClaim],
}
let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
  world.live = [connection('mpe')]
  world.proof = claimedByTwo
})

const pass = (attempt?: number) => world.review(target, attempt)
const competingClaimVanishes = () => (world.proof = confirmed)
function rules(hash: string, version: number): void {
  world.rules = { complete: true, rules: [{ ...salesToLake, version }], hash }
}

describe('a request whose endpoint name another connection claimed, too', () => {
  it('stays with a person when the other is gone, and that is written once', async () => {
    await pass()
    competingClaimVanishes()
    for (let passes = 0; passes < 3; passes += 1) await pass()
    expect(world.writes).toEqual([])
    expect(world.story()).toEqual(['escalated:open', 'escalated:open'])
    expect(world.log.at(-1)).toMatchObject({
      reason: {
        code: 'competing-claim-before',
        sentence:
          'Another connection claimed the same endpoint name before; it requires manual review to find out which of the two was meant.',
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
    await pass()
    competingClaimVanishes()
    await pass()
    rules('hash-2', 4)
    await pass()
    expect(world.story().slice(2)).toEqual(['intent:applying approve', 'result:applied approve'])
  })

  it('is not released by a change of the rules that leaves its rule as it was', async () => {
    await pass()
    rules('hash-2', 3)
    competingClaimVanishes()
    await pass()
    rules('hash-3', 3)
    await pass()
    expect(world.writes).toEqual([])
  })

  it('is not released by rules that can be read again', async () => {
    const readable = world.rules
    world.rules = { complete: false, problem: 'Row x has no target.' }
    await pass()
    world.rules = readable
    competingClaimVanishes()
    await pass()
    await pass()
    expect(world.writes).toEqual([])
  })

  it('stays with a person where the competing claim stood behind another refusal, and where people knew of the request before', async () => {
    world.proof = { ...claimedByTwo, refusals: [notReady] }
    await pass()
    world.proof = { ...claimedByTwo, refusals: [notReady, competingClaim] }
    await pass()
    competingClaimVanishes()
    await pass()
    expect(world.writes).toEqual([])
  })

  it('is told of at once, although another refusal may pass', async () => {
    world.proof = { ...claimedByTwo, refusals: [notReady, competingClaim] }
    await pass(0)
    expect(world.story()).toEqual(['escalated:open'])
  })

  it('stays with a person where an intent was open when the competing claim came', async () => {
    competingClaimVanishes()
    world.outcomes = [new Error('killed')]
    await expect(pass()).rejects.toThrow()
    world.proof = claimedByTwo
    await pass()
    competingClaimVanishes()
    await pass()
    expect(world.writes).toHaveLength(1)
    expect(world.story().slice(0, 2)).toEqual(['intent:applying approve', 'abandoned:open'])
  })

  it('stays with a person once it was settled and asks anew, until a newer rule decides', async () => {
    await pass()
    world.set('mpe', { status: 'Rejected', description: 'No.' })
    await pass()
    world.set('mpe', { status: 'Pending' })
    competingClaimVanishes()
    await pass()
    expect(world.story().at(-1)).toBe('escalated:open')
    rules('hash-2', 4)
    await pass()
    expect(world.story().at(-1)).toBe('result:applied approve')
  })

  it('that came in a burst before needs a newer version of the rule than the one that the burst held', async () => {
    world.burstLimits.perRequester = 1
    world.live = [connection('first'), connection('mpe')]
    competingClaimVanishes()
    await pass()
    rules('hash-2', 4)
    world.proof = claimedByTwo
    await pass()
    world.time += 11 * 60_000
    competingClaimVanishes()
    await pass()
    expect(world.writes).toHaveLength(1)
    expect(world.log.at(-1)?.reason.code).toBe('competing-claim-before')
    rules('hash-3', 5)
    await pass()
    expect(world.writes).toHaveLength(2)
  })
})

describe('a request whose competing claim meets a burst', () => {
  const requestOf = (name: string) =>
    world.unfinished().find(({ request }) => subjectId(request.subject).endsWith(`/${name}`))?.request

  it('keeps the hold of the claim in the burst case, and the release that a person has given', async () => {
    await pass()
    competingClaimVanishes()
    await pass()
    world.burstLimits.perRequester = 1
    rules('hash-2', 4)
    world.live = [connection('a'), connection('b'), ...world.live]
    await pass()
    expect(requestOf('b')?.hold?.kind).toBe('burst')
    expect(requestOf('mpe')).toMatchObject({
      hold: { kind: 'competing-claim', knownRules: ['sales-to-lake v3'], isProvisional: false },
      caseId: requestOf('b')?.caseId,
    })
    world.time += 11 * 60_000
    await pass()
    expect(world.writes.map(({ connection: { id } }) => id.name)).toEqual(['a', 'mpe'])
  })

  it('is held by the claim alone when that comes after the burst', async () => {
    world.burstLimits.perRequester = 1
    world.live = [connection('first'), connection('mpe')]
    competingClaimVanishes()
    await pass()
    expect(requestOf('mpe')?.hold?.kind).toBe('burst')
    world.proof = claimedByTwo
    await pass()
    expect(requestOf('mpe')).toMatchObject({ hold: { kind: 'competing-claim' }, caseId: 'mpe.1.1' })
  })
})
