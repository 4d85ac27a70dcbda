import { beforeEach, describe, expect, it } from 'vitest'
import { LedgerConflict } from '../../../shared/ports/ledger.ts'
import { sweep } from '../../../shared/review/sweep.ts'
import { BurstReview, otherToLake } from '../../support/burst-review.ts'
import { salesToLake } from '../../support/fake-review.ts'

const minute = 60_000
const ofCase = 'error Too many requests came at once; they wait for manual review as one case.'
const ofJoining = 'error A request waits for manual review: something happened that should not.'
let world: BurstReview

beforeEach(async () => {
  world = new BurstReview()
  world.burstLimits.perRequester = 2
  world.come('sales', 4)
  await pass()
  world.logged = []
})

const pass = () => world.review()
const gone = (name: string) => {
  world.live = world.live.filter(({ id }) => !id.name.startsWith(name))
}
const caseOf = (name: string) =>
  world.unfinished().find(({ request: { subject } }) => JSON.stringify(subject).includes(`/${name}"`))
    ?.request.caseId

describe('while a case is open', () => {
  it('an endpoint that is made anew after its window is held in the same case', async () => {
    gone('sales4')
    world.time += 11 * minute
    world.come('again', 1)
    await pass()
    expect([world.written('again'), caseOf('again1')]).toEqual([0, 'sales3.1.1'])
    expect(world.log.at(-1)?.reason.sentence).toBe(
      'Requests of Data Factory adf-sales that a rule allows wait in burst case sales3.1.1, which is still open; this one joins them.',
    )
  })

  it('it stays held however late it comes, and however often it is looked at', async () => {
    for (const days of [1, 7, 30]) {
      world.time += days * 24 * 60 * minute
      world.come(`day${days}-`, 1)
      await pass()
      await pass()
    }
    expect(world.written('day')).toBe(0)
  })

  it('the first one of each window that joins it is a notification, the others are not', async () => {
    world.time += 11 * minute
    world.come('again', 3)
    await pass()
    await pass()
    expect(world.logged.filter((line) => /^(warn|error)/.test(line))).toEqual([ofJoining])
    world.time += 11 * minute
    world.come('later', 3)
    await pass()
    expect(world.logged.filter((line) => /^(warn|error)/.test(line))).toEqual([ofJoining, ofJoining])
  })

  it('somebody is told of one that joins it although the host died between counting and writing', async () => {
    world.time += 11 * minute
    world.come('again', 2)
    let deaths = 0
    world.onLedgerWrite = () => {
      if ((deaths += 1) <= 4) throw new Error('The host died.')
    }
    await expect(pass()).rejects.toThrow()
    await expect(pass()).rejects.toThrow()
    await pass()
    expect(world.logged.filter((line) => line.startsWith('error'))).toEqual([ofJoining])
    expect([world.written('again'), caseOf('again1'), caseOf('again2')]).toEqual([
      0,
      'sales3.1.1',
      'sales3.1.1',
    ])
  })

  it('another factory is answered', async () => {
    world.time += 11 * minute
    world.come('other', 2)
    await pass()
    expect(world.written('other')).toBe(2)
  })

  it('a burst beyond the limit joins it, so that ending the later one does not end the hold', async () => {
    world.time += 11 * minute
    world.come('again', 5)
    await pass()
    gone('again')
    await pass()
    world.time += 11 * minute
    world.come('third', 1)
    await pass()
    expect([world.written('third'), caseOf('third1')]).toEqual([0, 'sales3.1.1'])
    expect(world.logged).not.toContain(ofCase)
  })

  it('a new version of the rule lets new requests through, and those of the case', async () => {
    world.allow({ ...salesToLake, version: 4 }, otherToLake)
    world.time += 11 * minute
    world.come('again', 1)
    await pass()
    world.time += 11 * minute
    await pass()
    expect([world.written('again'), world.written('sales')]).toEqual([1, 4])
  })

  it('a new rule for the same target lets new requests through', async () => {
    world.time += 11 * minute
    world.allow({ ...salesToLake, id: 'a-new-rule', groupIds: ['dfs'] })
    world.come('again', 1, { groupIds: ['dfs'] })
    await pass()
    expect(world.written('again')).toBe(1)
  })

  it('another rule that was there before lets nothing through', async () => {
    world = new BurstReview()
    world.burstLimits.perRequester = 1
    world.allow(salesToLake, { ...salesToLake, id: 'there-before' })
    world.come('sales', 2)
    await pass()
    world.time += 11 * minute
    world.allow({ ...salesToLake, id: 'there-before' })
    world.come('again', 1)
    await pass()
    expect(world.written('again')).toBe(0)
  })

  it('of which not every request can be read, nothing is let through', async () => {
    world.allow({ ...salesToLake, version: 4 }, otherToLake)
    world.time += 11 * minute
    world.come('again', 1)
    world.ports.ledger.openInCase = () => Promise.resolve({ requests: [], isWhole: false })
    await pass()
    expect(world.written('again')).toBe(0)
  })

  it('nothing is decided when it cannot be found out whether it is', async () => {
    world.time += 11 * minute
    world.come('again', 1)
    world.ports.ledger.openInCase = () => Promise.reject(new LedgerConflict('503'))
    await pass()
    expect([world.written('again'), caseOf('again1')]).toEqual([0, undefined])
  })

  it('the sweep does not forget its source, however old it is', async () => {
    const asked: unknown[] = []
    const bursts = {
      ...world.ports.bursts,
      forgetBefore: async (_time: Date, isOpen: (caseId: string) => Promise<boolean>) =>
        asked.push(await isOpen('sales3.1.1'), await isOpen('none.1.1')),
    }
    await sweep({ ...world.ports, bursts })
    expect(asked).toEqual([true, false])
  })
})

describe('a case has ended', () => {
  it('when each of its requests is decided by a person: new requests are answered', async () => {
    world.set('sales3', { status: 'Approved', description: 'Known to me.' })
    world.set('sales4', { status: 'Rejected', description: 'No.' })
    await pass()
    world.time += 11 * minute
    world.come('again', 2)
    await pass()
    expect(world.written('again')).toBe(2)
  })

  it.each([
    ['a moment before a day has passed', 24 * 60 * minute - 1, 0],
    ['a day later', 24 * 60 * minute, 1],
  ])(
    'by requests that were withdrawn not at once, as they may be made anew: %s',
    async (_, later, approved) => {
      gone('sales3')
      gone('sales4')
      await pass()
      world.time += later
      world.come('again', 1)
      await pass()
      expect(world.written('again')).toBe(approved)
    },
  )

  it('not while one of them waits', async () => {
    gone('sales4')
    await pass()
    world.time += 11 * minute
    world.come('again', 1)
    await pass()
    expect(world.written('again')).toBe(0)
  })

  it('and the next burst is a case of its own, with its own alert', async () => {
    gone('sales3')
    gone('sales4')
    await pass()
    world.time += 24 * 60 * minute
    world.come('again', 3)
    await pass()
    expect([world.written('again'), caseOf('again3')]).toEqual([2, 'again3.1.1'])
    expect(world.logged.filter((line) => line.startsWith('error'))).toEqual([ofCase])
  })
})

describe('a case of requests that need manual review anyway', () => {
  it('holds nothing and takes in nothing later: each burst of them is a notification', async () => {
    world.allow()
    gone('sales')
    await pass()
    world.time += 24 * 60 * minute
    world.come('asked', 4)
    await pass()
    world.time += 11 * minute
    world.come('later', 3)
    await pass()
    expect(world.logged.filter((line) => line === ofCase)).toHaveLength(2)
    world.allow(salesToLake)
    world.time += 11 * minute
    world.come('fresh', 1)
    await pass()
    expect(world.written('fresh')).toBe(1)
  })
})
