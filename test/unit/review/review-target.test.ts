import { setTimeout } from 'node:timers/promises'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { subjectId } from '../../../shared/domain/request.ts'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import { AzureBusy } from '../../../shared/ports/azure.ts'
import { LedgerConflict } from '../../../shared/ports/ledger.ts'
import { review } from '../../../shared/review/review-target.ts'
import {
  confirmed,
  connection,
  endpoint,
  FakeReview,
  salesToLake,
  target,
} from '../../support/fake-review.ts'

let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
  world.live = [connection('mpe')]
})

function resourceId(place: ResourceId, attempt = 9) {
  return review(world.ports, { ...world.message(attempt), resourceId: place.id })
}

describe('a listed and proven request', () => {
  it('is approved between an intent and a result', async () => {
    await resourceId(target)
    expect(world.story()).toEqual(['intent:applying approve', 'result:applied approve'])
    expect(world.writes).toHaveLength(1)
  })

  it('is answered with the endpoint id it was evaluated by and words that name the decision', async () => {
    await resourceId(target)
    const [sent] = world.writes
    expect(sent?.connection.endpoint?.id).toBe(endpoint('adf-sales.mpe').id)
    expect(sent?.write).toEqual({
      status: 'Approved',
      description: 'Approved by private-endpoint-approver, decision mpe.1.1, rule sales-to-lake v3',
    })
  })

  it('leaves rule, version, proof and times in the log', async () => {
    await resourceId(target)
    expect(world.log.at(-1)).toMatchObject({
      decidedBy: { ruleId: 'sales-to-lake', ruleVersion: 3 },
      proof: { level: 'confirmed' },
      ruleSetHash: 'hash-1',
      firstSeenAt: '2026-11-21T08:00:00.000Z',
      secondsSinceFirstSeen: 0,
    })
  })

  it('is looked at again without another write or entry', async () => {
    await resourceId(target)
    await resourceId(target)
    expect(world.writes).toHaveLength(1)
    expect(world.log).toHaveLength(2)
  })
})

describe('a denied request', () => {
  it('is rejected the same way', async () => {
    world.rules = {
      complete: true,
      hash: 'h',
      rules: [salesToLake, { ...salesToLake, id: 'no', effect: 'deny', requester: undefined }],
    }
    await resourceId(target)
    expect(world.story()).toEqual(['intent:applying reject', 'result:applied reject'])
    expect(world.writes[0]?.write.status).toBe('Rejected')
  })
})

describe('a request that is not certain', () => {
  it('waits for a person when the rules cannot be read, and is approved once they can', async () => {
    const readable = world.rules
    world.rules = { complete: false, problem: 'Row x has no target.' }
    await resourceId(target)
    expect(world.story()).toEqual(['escalated:open'])
    expect(world.log[0]?.reason.code).toBe('rules-unreadable')
    world.rules = readable
    await resourceId(target)
    expect(world.story()).toEqual(['escalated:open', 'intent:applying approve', 'result:applied approve'])
  })

  it('writes nothing new when it is looked at again and nothing is new', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    await resourceId(target)
    await resourceId(target)
    expect(world.story()).toEqual(['escalated:open'])
    expect(world.writes).toEqual([])
  })
})

describe('when Azure is busy', () => {
  it('the request is left in place and looked at after the wait it asked for', async () => {
    world.outcomes = [{ kind: 'retry-after', afterSeconds: 17, code: '429' }]
    await resourceId(target)
    expect(world.story()).toEqual(['intent:applying approve', 'deferred:applying approve'])
    expect(world.sent).toMatchObject([{ delaySeconds: 17 }])
    expect(world.finished).toEqual([{ attempt: 9, afterSeconds: 17, notSooner: true }])
  })

  it('for long, one entry says so, and the decision stays the same to the end', async () => {
    const busy = { kind: 'retry-after', afterSeconds: 17, code: '429' } as const
    world.outcomes = [busy, busy, busy]
    for (let passes = 0; passes < 4; passes += 1) await resourceId(target)
    expect(world.story()).toEqual([
      'intent:applying approve',
      'deferred:applying approve',
      'result:applied approve',
    ])
    expect(new Set(world.log.map(({ decisionId }) => decisionId)).size).toBe(1)
  })

  it('with the write itself, the result waits until it has finished', async () => {
    world.set('mpe', { provisioningState: 'Updating' })
    await resourceId(target)
    expect(world.story()).toEqual(['intent:applying approve', 'deferred:applying approve'])
    world.set('mpe', { provisioningState: 'Succeeded' })
    await resourceId(target)
    expect(world.story().at(-1)).toBe('result:applied approve')
    expect(world.writes).toHaveLength(1)
  })
})

describe('when Azure stays busy', () => {
  it('the waits grow, and after half an hour a person is asked, once', async () => {
    world.outcomes = Array.from({ length: 500 }, () => ({
      kind: 'retry-after',
      afterSeconds: 2,
      code: 'Conflict',
    }))
    for (let passes = 0; passes < 200; passes += 1) {
      await resourceId(target)
      world.time += (world.finished.at(-1)?.afterSeconds ?? 60) * 1000
    }
    expect(world.story()).toEqual(['intent:applying approve', 'deferred:applying approve', 'result:open'])
    expect(world.log.at(-1)?.reason.sentence).toContain('half an hour')
    expect(world.writes.length).toBeLessThan(80)
  })

  it('the reason of the decision stays what it was', async () => {
    world.outcomes = [{ kind: 'retry-after', afterSeconds: 2, code: 'Conflict' }]
    await resourceId(target)
    await resourceId(target)
    expect(world.log.at(-1)).toMatchObject({
      state: 'applied',
      outcome: 'approve',
      reason: { code: 'allowed-by-rule' },
    })
    expect(world.log.at(-1)?.reason.sentence).toBe(world.log[0]?.reason.sentence)
  })

  it('while the requester is proven, the look comes back after the wait', async () => {
    world.proofFailure = new AzureBusy(300)
    await resourceId(target)
    expect(world.sent).toMatchObject([{ delaySeconds: 300 }])
    expect(world.abandoned).toBe(0)
  })
})

describe('an answer that Azure does not finish', () => {
  it('and calls failed stays with the person who was asked', async () => {
    world.beforeRead = () => {
      if (world.writes.length > 0) world.set('mpe', { provisioningState: 'Failed' })
    }
    await resourceId(target)
    await resourceId(target)
    expect(world.story()).toEqual(['intent:applying approve', 'result:open'])
  })

  it('in time but does later is known for our own', async () => {
    world.set('mpe', { provisioningState: 'Updating' })
    await resourceId(target)
    world.time += 1_900_000
    await resourceId(target)
    world.set('mpe', { provisioningState: 'Succeeded' })
    await resourceId(target)
    expect(world.story()).toEqual([
      'intent:applying approve',
      'deferred:applying approve',
      'result:open',
      'result:applied approve',
    ])
  })

  it('and shows in a status nobody knows meanwhile is waited for, and known for our own', async () => {
    world.beforeRead = () => {
      if (world.writes.length > 0) world.set('mpe', { status: 'Updating', provisioningState: 'Updating' })
    }
    await resourceId(target)
    world.beforeRead = () => undefined
    await resourceId(target)
    const description = world.writes[0]?.write.description ?? ''
    world.set('mpe', { status: 'Approved', provisioningState: 'Succeeded', description })
    await resourceId(target)
    expect(world.story()).toEqual([
      'intent:applying approve',
      'deferred:applying approve',
      'result:applied approve',
    ])
  })

  it('has its half an hour counted from the first time Azure was busy, not from a crash before', async () => {
    world.outcomes = [new Error('killed'), { kind: 'retry-after', afterSeconds: 5, code: 'TooManyRequests' }]
    await expect(resourceId(target)).rejects.toThrow()
    world.time += 3_600_000
    await resourceId(target)
    await resourceId(target)
    expect(world.story()).toEqual([
      'intent:applying approve',
      'deferred:applying approve',
      'result:applied approve',
    ])
  })
})

describe('a status nobody knows that comes between evaluating and writing', () => {
  it('is looked at again and closes nothing', async () => {
    world.beforeRead = () => world.set('mpe', { status: 'Updating' })
    await resourceId(target)
    expect(world.story()).toEqual(['intent:applying approve', 'deferred:applying approve'])
    expect(world.writes).toEqual([])
    expect(world.sent).toHaveLength(1)
  })
})

describe('many slow requests on one target', () => {
  const slow = () => {
    world.live = Array.from({ length: 40 }, (_, number) => connection(`m${number}`))
    world.beforeProof = () => (world.time += 10_000)
  }

  async function passUntilDone(attempt: number): Promise<number> {
    for (let passes = 1; passes <= 60; passes += 1) {
      await resourceId(target, attempt)
      const next = world.finished.at(-1)
      if (!next) return passes
      attempt = next.attempt
    }
    return Number.POSITIVE_INFINITY
  }

  it('all reach a person although nobody can be asked, and the review passes end', async () => {
    slow()
    world.proof = {
      ...confirmed,
      level: 'platform',
      requester: undefined,
      refusals: [{ code: 'could-not-ask', sentence: 'Could not ask: 403.' }],
    }
    expect(await passUntilDone(0)).toBeLessThan(30)
    expect(world.log).toHaveLength(40)
  })

  it('that people know of already are not looked at without end', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    world.live = Array.from({ length: 40 }, (_, number) => connection(`m${number}`))
    await resourceId(target)
    slow()
    expect(await passUntilDone(9)).toBe(1)
  })
})

describe('a burst of requests on one target', () => {
  it('does not keep a new one from being seen', async () => {
    const unknownOnes = Array.from({ length: 150 }, (_, number) =>
      connection(`s${number}`, { description: '' }),
    )
    world.rules = { complete: true, rules: [], hash: 'h' }
    world.live = unknownOnes
    world.beforeProof = () => (world.time += 1000)
    await resourceId(target)
    await resourceId(target)
    world.log = []
    world.live = [...unknownOnes, connection('ours')]
    await resourceId(target)
    expect(world.log.map(({ subject }) => subjectId(subject))).toEqual([expect.stringMatching(/\/ours$/)])
  })

  it('does not let one run of the function go on for ever', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    world.live = Array.from({ length: 200 }, (_, number) => connection(`s${number}`))
    world.beforeProof = () => (world.time += 1000)
    const startedAt = world.time
    await resourceId(target, 0)
    expect(world.time - startedAt).toBeLessThan(180_000)
    expect(world.finished.at(-1)).toMatchObject({ attempt: 1, notSooner: true })
  })
})

describe('when Azure throttles reading', () => {
  it('nothing is decided, and the target is looked at after the wait it asked for', async () => {
    world.listFailure = new AzureBusy(40)
    await resourceId(target)
    expect(world.log).toEqual([])
    expect(world.sent).toMatchObject([{ delaySeconds: 40 }])
    expect(world.abandoned).toBe(0)
  })
})

describe('a managed endpoint that its owner does not show as waiting yet', () => {
  beforeEach(() => {
    world.proof = {
      ...confirmed,
      level: 'platform',
      requester: undefined,
      groupIds: undefined,
      refusals: [{ code: 'managed-endpoint-not-ready', sentence: 'Not yet.' }],
    }
  })

  it('is left for the next review pass while there is one', async () => {
    await resourceId(target, 0)
    expect(world.log).toEqual([])
    expect(world.sent).toHaveLength(1)
  })

  it('of a foreign tenant that cannot be read goes to a person at once', async () => {
    world.proof = {
      ...world.proof,
      isManagedTenant: false,
      refusals: [{ code: 'could-not-ask', sentence: 'Could not ask: 401.' }],
    }
    await resourceId(target, 0)
    expect(world.log.at(-1)?.reason.code).toBe('unproven-requester')
  })

  it('goes to a person at the last review pass', async () => {
    await resourceId(target, 7)
    expect(world.log.at(-1)?.reason.code).toBe('unproven-requester')
  })
})

describe('when Azure refuses', () => {
  it('by saying that a connection it shows does not exist, a person is asked, once', async () => {
    world.outcomes = [{ kind: 'gone' }, { kind: 'gone' }]
    await resourceId(target)
    await resourceId(target)
    expect(world.story()).toEqual(['intent:applying approve', 'result:open'])
  })

  it('by never finishing the write, a person is asked', async () => {
    world.set('mpe', { provisioningState: 'Failed' })
    await resourceId(target)
    expect(world.story()).toEqual(['intent:applying approve', 'result:open'])
    expect(world.log.at(-1)?.reason.sentence).toContain('ProvisioningFailed')
  })

  it('a person is asked, with the code that Azure gave', async () => {
    world.outcomes = [{ kind: 'refused', code: 'RequestDisallowedByPolicy', message: 'deny-cross-tenant' }]
    await resourceId(target)
    expect(world.story()).toEqual(['intent:applying approve', 'result:open'])
    expect(world.log.at(-1)?.reason).toMatchObject({
      code: 'refused-by-azure',
      sentence: expect.stringContaining('RequestDisallowedByPolicy') as string,
    })
  })
})

describe('after Azure refused', () => {
  beforeEach(async () => {
    world.outcomes = [{ kind: 'refused', code: 'RequestDisallowedByPolicy', message: 'no' }]
    await resourceId(target)
  })

  it('the same answer is not sent again', async () => {
    await resourceId(target)
    expect(world.writes).toHaveLength(1)
    expect(world.log).toHaveLength(2)
  })

  it('nor after somebody could not be asked for a while', async () => {
    const proven = world.proof
    world.proof = {
      ...proven,
      level: 'platform',
      requester: undefined,
      refusals: [{ code: 'could-not-ask', sentence: '403' }],
    }
    await resourceId(target)
    world.proof = proven
    await resourceId(target)
    expect(world.writes).toHaveLength(1)
  })

  it('a changed rule is a reason to try again', async () => {
    world.rules = { complete: true, rules: [{ ...salesToLake, version: 4 }], hash: 'h2' }
    await resourceId(target)
    expect(world.story().at(-1)).toBe('result:applied approve')
  })
})

describe('after a crash', () => {
  it('before the write, the next review pass carries the same decision out', async () => {
    world.outcomes = [new Error('killed')]
    await expect(resourceId(target)).rejects.toThrow()
    expect(world.story()).toEqual(['intent:applying approve'])
    expect(world.abandoned).toBe(1)
    await resourceId(target)
    expect(world.story()).toEqual(['intent:applying approve', 'result:applied approve'])
    expect(world.log[1]?.decisionId).toBe(world.log[0]?.decisionId)
  })

  it('after the write, the result is written without a second write', async () => {
    world.outcomes = ['carried-out-then-lost']
    await expect(resourceId(target)).rejects.toThrow()
    await resourceId(target)
    expect(world.story()).toEqual(['intent:applying approve', 'result:applied approve'])
    expect(world.writes).toHaveLength(1)
  })

  it('an answer somebody else gave meanwhile is recorded as theirs', async () => {
    world.outcomes = [new Error('killed')]
    await expect(resourceId(target)).rejects.toThrow()
    world.set('mpe', { status: 'Approved', description: 'by hand' })
    await resourceId(target)
    expect(world.story()).toEqual(['intent:applying approve', 'observed:decided-elsewhere'])
  })

  it('an intent that the rules no longer carry is abandoned and a person is asked', async () => {
    world.outcomes = [new Error('killed')]
    await expect(resourceId(target)).rejects.toThrow()
    world.rules = { complete: true, rules: [], hash: 'h2' }
    await resourceId(target)
    expect(world.story()).toEqual(['intent:applying approve', 'abandoned:open'])
    expect(world.writes).toHaveLength(1)
  })
})

describe('a connection that changes under the review', () => {
  it('to another endpoint between evaluating and writing is not answered', async () => {
    world.beforeRead = () => world.set('mpe', { endpoint: endpoint('adf-sales.other') })
    await resourceId(target)
    expect(world.writes).toEqual([])
    expect(world.log.at(-1)?.reason.code).toBe('endpoint-changed')
  })

  it('to another group between evaluating and writing is not answered', async () => {
    world.set('mpe', { groupIds: ['blob'] })
    world.beforeRead = () => world.set('mpe', { groupIds: ['blob', 'dfs'] })
    await resourceId(target)
    expect(world.writes).toEqual([])
    expect(world.log.at(-1)?.reason.code).toBe('endpoint-changed')
  })

  describe.each([
    ['another endpoint', { endpoint: endpoint('adf-sales.other') }],
    ['another group', { groupIds: ['dfs'] }],
  ])('to %s while the answer is written', (_what, swapped) => {
    const swapWith = (name: string) => {
      let reads = 0
      world.beforeRead = () => {
        reads += 1
        if (reads === 2) world.set(name, swapped)
      }
    }

    it.each(['with-description', 'without-description'] as const)(
      'goes to a person and stays there, answering %s',
      async (writeSupport) => {
        world.set('mpe', { groupIds: ['blob'], writeSupport })
        swapWith('mpe')
        await resourceId(target)
        await resourceId(target)
        expect(world.story()).toEqual(['intent:applying approve', 'abandoned:open'])
        expect(world.log.at(-1)?.reason.code).toBe('endpoint-changed')
        expect(world.logged.filter((line) => line.startsWith('error'))).toHaveLength(1)
      },
    )

    it('is seen by the look after a crash, too, and stays with a person until the connection is answered anew', async () => {
      world.set('mpe', { groupIds: ['blob'] })
      world.outcomes = ['carried-out-then-lost']
      await expect(resourceId(target)).rejects.toThrow()
      world.set('mpe', swapped)
      await resourceId(target)
      await resourceId(target)
      expect(world.story()).toEqual(['intent:applying approve', 'abandoned:open'])
      expect(world.log.at(-1)?.reason.code).toBe('endpoint-changed')
      expect(world.logged.filter((line) => line.startsWith('error'))).toHaveLength(1)
      world.set('mpe', { status: 'Rejected', description: 'No.' })
      await resourceId(target)
      expect(world.story().at(-1)).toBe('observed:decided-elsewhere')
    })
  })

  it('to another endpoint under an open request is a new request', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    await resourceId(target)
    world.set('mpe', { endpoint: endpoint('somebody.else') })
    await resourceId(target)
    expect(world.story()).toEqual(['escalated:open', 'observed:withdrawn', 'escalated:open'])
    expect(world.log.at(-1)?.episode).toBe(2)
  })

  it('to nothing is withdrawn', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    await resourceId(target)
    world.live = []
    await resourceId(target)
    expect(world.story()).toEqual(['escalated:open', 'observed:withdrawn'])
  })

  it('by the hand of a person in the portal is settled elsewhere', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    await resourceId(target)
    world.set('mpe', { status: 'Rejected' })
    await resourceId(target)
    expect(world.story()).toEqual(['escalated:open', 'observed:decided-elsewhere'])
  })

  it('from Rejected back to Pending is a new request', async () => {
    world.rules = {
      complete: true,
      hash: 'h',
      rules: [{ ...salesToLake, effect: 'deny', requester: undefined }],
    }
    await resourceId(target)
    world.set('mpe', { status: 'Pending' })
    world.time += 61_000
    world.rules = { complete: true, rules: [salesToLake], hash: 'h2' }
    await resourceId(target)
    expect(world.log.at(-1)).toMatchObject({ episode: 2, state: 'applied', outcome: 'approve' })
  })

  it('and still shows Pending just after its rejection is not answered twice', async () => {
    world.rules = {
      complete: true,
      hash: 'h',
      rules: [{ ...salesToLake, effect: 'deny', requester: undefined }],
    }
    await resourceId(target)
    world.set('mpe', { status: 'Pending' })
    await resourceId(target)
    expect(world.writes).toHaveLength(1)
  })

  it('and still shows Pending just after its approval is not answered twice', async () => {
    await resourceId(target)
    world.set('mpe', { status: 'Pending' })
    await resourceId(target)
    expect(world.writes).toHaveLength(1)
    world.time += 61_000
    await resourceId(target)
    expect(world.log.at(-1)).toMatchObject({ episode: 2, state: 'applied', outcome: 'approve' })
  })

  it('in a status nobody knows is brought to a person, and never answered', async () => {
    world.set('mpe', { status: 'Timeout' })
    await resourceId(target)
    await resourceId(target)
    expect(world.story()).toEqual(['escalated:open'])
    expect(world.log[0]?.reason.code).toBe('unknown-status')
    expect(world.writes).toEqual([])
  })

  it('to no status at all is not taken for withdrawn', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    await resourceId(target)
    world.set('mpe', { status: '' })
    await resourceId(target)
    expect(world.log.at(-1)).toMatchObject({ state: 'open', reason: { code: 'unknown-status' } })
  })
})

describe('several connections on one target', () => {
  it('are each settled, although one of them fails', async () => {
    world.live = [connection('a'), connection('b'), connection('c')]
    world.onLedgerWrite = ({ subject }) => {
      if (subjectId(subject).endsWith('/b')) throw new Error('storage said no')
    }
    await expect(resourceId(target)).rejects.toThrow(/1 of the connections/)
    expect(world.writes.map(({ connection: { id } }) => id.name)).toEqual(['a', 'c'])
  })

  it('lose a race to somebody who wrote first without a second answer', async () => {
    world.onLedgerWrite = () => {
      throw new LedgerConflict('changed')
    }
    await resourceId(target)
    expect(world.writes).toEqual([])
    expect(world.sent).toMatchObject([{ delaySeconds: 2 }])
  })
})

describe('the lease of a target', () => {
  it('that somebody else holds ends the review at once', async () => {
    world.isBusy = true
    await resourceId(target)
    expect(world.log).toEqual([])
  })

  it('that somebody else holds is named, with the pass that is owed', async () => {
    world.isBusy = true
    const info = vi.fn()
    const ports = { ...world.ports, log: { ...world.ports.log, info } }
    await review(ports, world.message())
    expect(info.mock.calls).toEqual([
      ['Another review works on this target; it makes one more pass.', { target: target.id }],
    ])
  })

  it('is not asked for by a follow-up of a series that has ended', async () => {
    await review(world.ports, { ...world.message(1), isFollowUp: true })
    expect([world.log, world.sent, world.logged]).toEqual([[], [], []])
  })

  it('that is lost stops the review before it writes to Azure', async () => {
    world.isLeaseLost = true
    await expect(resourceId(target)).rejects.toThrow()
    expect(world.writes).toEqual([])
  })

  it('that is lost before the connection is read for the last time stops the review before that', async () => {
    let reads = 0
    world.beforeRead = () => (reads += 1)
    const bursts: typeof world.ports.bursts = {
      ...world.ports.bursts,
      change: async (key, decide) => {
        world.isBusy = true
        await setTimeout(20)
        return world.ports.bursts.change(key, decide)
      },
    }
    await expect(review({ ...world.ports, bursts }, world.message())).rejects.toThrow(
      'Another review took the target over.',
    )
    expect([reads, world.writes]).toEqual([0, []])
  })

  it('that is lost is not given back, nor put on the list of open work', async () => {
    world.isLeaseLost = true
    await expect(resourceId(target)).rejects.toThrow()
    expect(world.work.stateOf(target)).toMatchObject({ kind: 'held', holder: 'another review' })
  })

  it('that is still held sends one message for the next pass, and none for the last', async () => {
    await resourceId(target, 6)
    expect(world.sent).toMatchObject([{ delaySeconds: 60, message: { attempt: 7, isFollowUp: true } }])
    await resourceId(target, 7)
    expect(world.sent).toHaveLength(1)
    expect(world.work.stateOf(target)).toBeUndefined()
  })
})

describe('word that is left during a pass', () => {
  /** Another review begins while the requester of the first connection is proven. */
  const leaveWord = (attempt: number) => {
    let isLeft = false
    world.beforeProof = () => {
      if (isLeft) return
      isLeft = true
      world.live = [...world.live, connection('later')]
      left = resourceId(target, attempt)
    }
  }
  let left: Promise<void>

  it('leads to one more pass of the same review, at once', async () => {
    leaveWord(9)
    await resourceId(target)
    await left
    expect(world.writes.map(({ connection: { id } }) => id.name)).toEqual(['mpe', 'later'])
    expect(world.sent).toEqual([])
    expect(world.logged).toEqual(['info Another review works on this target; it makes one more pass.'])
  })

  it('leads to as many passes as were asked for', async () => {
    leaveWord(3)
    await resourceId(target)
    await left
    expect(world.sent).toMatchObject([{ delaySeconds: 8, message: { attempt: 4, isFollowUp: true } }])
  })

  it.each([
    [120_000, 'this review', ['mpe', 'later'], []],
    [120_001, 'another', ['mpe'], [{ delaySeconds: 1, message: { attempt: 9, isFollowUp: true } }]],
  ])('that took %i ms leads to one more pass of %s', async (milliseconds, _whose, written, sent) => {
    leaveWord(9)
    world.beforeRead = () => {
      if (world.writes.length === 0) world.time += milliseconds
    }
    await resourceId(target)
    await left
    expect(world.writes.map(({ connection: { id } }) => id.name)).toEqual(written)
    expect(world.sent).toMatchObject(sent)
    expect(world.sent).toHaveLength(sent.length)
  })
})

describe('where to look', () => {
  it('is looked at again 1, 3, 7, 15, 30, 60 and 120 seconds after the event, and no more', async () => {
    world.live = []
    for (let attempt = 0; attempt < 9; attempt += 1) await resourceId(target, attempt)
    let seconds = 0
    expect(world.sent.map(({ delaySeconds }) => (seconds += delaySeconds))).toEqual([
      1, 3, 7, 15, 30, 60, 120,
    ])
    expect(world.sent.map(({ message }) => message.attempt)).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('by an ordinary endpoint leads to each of its targets', async () => {
    world.endpointTargets = [target]
    await resourceId(endpoint('pe'))
    expect(world.sent.map(({ message }) => message)).toEqual([
      expect.objectContaining({ resourceId: target.id, isFromEndpoint: true }),
    ])
  })

  it('by a follow-up of an ordinary endpoint begins a series at each of its targets, and ends its own', async () => {
    world.endpointTargets = [target]
    await review(world.ports, { ...world.message(2), resourceId: endpoint('pe').id, isFollowUp: true })
    expect(world.sent).toMatchObject([{ delaySeconds: 0, message: { attempt: 2, isFollowUp: false } }])
  })

  it.each([
    [0, [{ delaySeconds: 1, message: { resourceId: endpoint('pe').id, attempt: 1, isFollowUp: true } }]],
    [7, []],
  ])('by an ordinary endpoint without targets is asked again, after attempt %i', async (attempt, sent) => {
    await resourceId(endpoint('pe'), attempt)
    expect(world.sent).toMatchObject(sent)
    expect(world.sent).toHaveLength(sent.length)
  })

  it('that is no id is left out', async () => {
    const warn = vi.fn()
    const ports = { ...world.ports, log: { ...world.ports.log, warn } }
    await review(ports, { ...world.message(), resourceId: 'https://evil.example/x', correlationId: 'c-1' })
    expect(warn.mock.calls).toEqual([['A review message names no resource.', { correlationId: 'c-1' }]])
  })
})
