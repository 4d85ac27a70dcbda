import { beforeEach, describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import { connection, endpoint, FakeReview, salesToLake } from '../../support/fake-review.ts'

let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
  world.live = [connection('mpe')]
})

describe('when Azure refuses', () => {
  it('by saying that a connection it shows does not exist, a person is asked, once', async () => {
    world.outcomes = [{ kind: 'gone' }, { kind: 'gone' }]
    await world.review()
    await world.review()
    expect(world.story()).toEqual(['intent:applying approve', 'result:open'])
  })

  it('by never finishing the write, a person is asked', async () => {
    world.set('mpe', { provisioningState: 'Failed' })
    await world.review()
    expect(world.story()).toEqual(['intent:applying approve', 'result:open'])
    expect(world.log.at(-1)?.reason.sentence).toContain('the provisioning of the connection failed')
  })

  it('a person is asked, with the code that Azure gave', async () => {
    world.outcomes = [
      { kind: 'refused', code: 'RequestDisallowedByPolicy', message: 'deny-cross-tenant', passes: true },
    ]
    await world.review()
    expect(world.story()).toEqual(['intent:applying approve', 'result:open'])
    expect(world.log.at(-1)?.reason).toMatchObject({
      code: 'refused-by-azure',
      sentence: expect.stringContaining('RequestDisallowedByPolicy') as string,
    })
  })
})

describe('after Azure refused', () => {
  beforeEach(async () => {
    world.outcomes = [{ kind: 'refused', code: 'RequestDisallowedByPolicy', message: 'no', passes: true }]
    await world.review()
  })

  it('the same answer is not sent again', async () => {
    await world.review()
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
    await world.review()
    world.proof = proven
    await world.review()
    expect(world.writes).toHaveLength(1)
  })

  it('a changed rule is a reason to try again', async () => {
    world.rules = { complete: true, rules: [{ ...salesToLake, version: 4 }], hash: 'h2' }
    await world.review()
    expect(world.story().at(-1)).toBe('result:applied approve')
  })
})

describe('after a crash', () => {
  it('before the write, the next review pass carries the same decision out', async () => {
    world.outcomes = [new Error('killed')]
    await expect(world.review()).rejects.toThrow()
    expect(world.story()).toEqual(['intent:applying approve'])
    expect(world.abandoned).toBe(1)
    await world.review()
    expect(world.story()).toEqual([
      'intent:applying approve',
      'intent:applying approve',
      'result:applied approve',
    ])
    expect(new Set(world.log.map(({ decisionId }) => decisionId)).size).toBe(1)
  })

  it('after the write, the result is written without a second write', async () => {
    world.outcomes = ['carried-out-then-lost']
    await expect(world.review()).rejects.toThrow()
    await world.review()
    expect(world.story()).toEqual(['intent:applying approve', 'result:applied approve'])
    expect(world.writes).toHaveLength(1)
  })

  it('an answer somebody else gave meanwhile is recorded as theirs', async () => {
    world.outcomes = [new Error('killed')]
    await expect(world.review()).rejects.toThrow()
    world.set('mpe', { status: 'Approved', description: 'by hand' })
    await world.review()
    expect(world.story()).toEqual(['intent:applying approve', 'observed:decided-elsewhere'])
  })

  it('an intent that the rules no longer carry is abandoned and a person is asked', async () => {
    world.outcomes = [new Error('killed')]
    await expect(world.review()).rejects.toThrow()
    world.rules = { complete: true, rules: [], hash: 'h2' }
    await world.review()
    expect(world.story()).toEqual(['intent:applying approve', 'abandoned:open'])
    expect(world.writes).toHaveLength(1)
  })
})

describe('a decision that Azure shows after it was given up', () => {
  const noRules = { complete: true, rules: [], hash: 'hash-2' } as const
  const alarms = () => world.logged.filter((line) => line.startsWith('error')).length

  async function losesItsResponse(): Promise<Connection[]> {
    world.outcomes = ['carried-out-then-lost']
    await expect(world.review()).rejects.toThrow()
    const shown = world.live
    world.live = [connection('mpe')]
    return shown
  }

  it('is an alarm, once, though its response was lost and its rule is gone', async () => {
    const shown = await losesItsResponse()
    world.rules = noRules
    await world.review()
    world.live = shown
    await world.review()
    await world.review()
    expect(world.story()).toEqual(['intent:applying approve', 'abandoned:open', 'escalated:open'])
    expect([world.log.at(-1)?.reason.code, alarms()]).toEqual(['shown-late', 1])
  })

  it('is an alarm though Azure refused it and another question was open', async () => {
    world.outcomes = [{ kind: 'refused', code: 'X', message: 'no', passes: false }]
    await world.review()
    const description = world.writes[0]?.write.description ?? ''
    world.rules = noRules
    await world.review()
    world.set('mpe', { status: 'Approved', description })
    await world.review()
    expect([world.log.at(-1)?.reason.code, alarms()]).toEqual(['shown-late', 1])
  })

  it('is an alarm though it shows other group ids, which were evaluated since', async () => {
    world.set('mpe', { groupIds: ['blob'] })
    const [shown] = await losesItsResponse()
    world.live = [connection('mpe', { groupIds: ['dfs'] })]
    world.rules = noRules
    await world.review()
    world.live = [connection('mpe', { ...shown, groupIds: ['dfs'] })]
    await world.review()
    expect([world.log.at(-1)?.reason.code, alarms()]).toEqual(['shown-late', 1])
  })

  it('is an alarm though another endpoint stands there and began a new episode', async () => {
    const [shown] = await losesItsResponse()
    const elsewhere = { endpoint: endpoint('adf-sales.other') }
    world.live = [connection('mpe', elsewhere)]
    world.rules = noRules
    await world.review()
    world.live = [connection('mpe', { ...shown, ...elsewhere })]
    await world.review()
    expect(world.log.at(-1)).toMatchObject({ episode: 2, reason: { code: 'shown-late' } })
    expect(alarms()).toBe(1)
  })

  it('is an alarm where a rejection is being applied now', async () => {
    const shown = await losesItsResponse()
    world.rules = {
      complete: true,
      hash: 'deny',
      rules: [{ ...salesToLake, effect: 'deny', requester: undefined }],
    }
    world.outcomes = [{ kind: 'retry-after', afterSeconds: 5, code: '409', message: 'Busy.' }]
    world.time += 600_000
    await world.review()
    world.live = shown
    await world.review()
    expect(world.story().at(-1)).toMatch(/^abandoned:open/)
    expect([world.log.at(-1)?.reason.code, alarms()]).toEqual(['shown-late', 1])
  })

  it('is simply applied where the same is decided again, in a new episode, too', async () => {
    await world.review()
    const shown = world.live
    world.live = [connection('mpe')]
    world.time += 61_000
    let reads = 0
    world.beforeRead = () => {
      reads += 1
      if (reads > 1) world.live = shown
    }
    await world.review()
    expect(world.story().slice(2)).toEqual(['intent:applying approve', 'result:applied approve'])
    expect(world.writes).toHaveLength(1)
  })
})
