import { beforeEach, describe, expect, it } from 'vitest'
import { LedgerConflict } from '../../../shared/ports/ledger.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { sweep } from '../../../shared/review/sweep.ts'
import { confirmed, connection, factory, FakeReview, id, salesToLake } from '../../support/fake-review.ts'

const minute = 60_000
const otherFactory = id(factory.id.replace('adf-sales', 'adf-other'))
const otherToLake = {
  ...salesToLake,
  id: 'other-to-lake',
  requester: { kind: 'resource', id: otherFactory.id },
} as const
const ofCase = 'error Too many requests came at once; they wait for manual review as one case.'
const ofJoining = 'error A request waits for manual review: something happened that should not.'
let world: FakeReview

beforeEach(async () => {
  world = new FakeReview()
  world.burstLimits.perRequester = 2
  rules(salesToLake, otherToLake)
  world.proofOf = ({ id: { name } }) =>
    name.startsWith('other')
      ? { ...confirmed, requester: { kind: 'data-factory', id: otherFactory } }
      : undefined
  come('sales', 4)
  await pass()
  world.logged = []
})

function rules(...all: (typeof salesToLake)[]): void {
  world.rules = { complete: true, rules: all, hash: JSON.stringify(all) }
}

function come(name: string, count: number, change: Partial<Connection> = {}): void {
  const more = Array.from({ length: count }, (_, index) => connection(`${name}${index + 1}`, change))
  world.live = [...world.live, ...more]
}

const pass = () => world.review()
const gone = (name: string) => {
  world.live = world.live.filter(({ id }) => !id.name.startsWith(name))
}
const written = (name: string) =>
  world.writes.filter(({ connection: { id } }) => id.name.startsWith(name)).length
const caseOf = (name: string) =>
  world.unfinished().find(({ request: { subject } }) => JSON.stringify(subject).includes(`/${name}"`))
    ?.request.caseId

describe('while a case is open', () => {
  it('an endpoint that is made anew after its window is held in the same case', async () => {
    gone('sales4')
    world.time += 11 * minute
    come('again', 1)
    await pass()
    expect([written('again'), caseOf('again1')]).toEqual([0, 'sales3.1.1'])
    expect(world.log.at(-1)?.reason.sentence).toBe(
      'Requests of Data Factory adf-sales that a rule allows wait in burst case sales3.1.1, which is still open; this one joins them.',
    )
  })

  it('it stays held however late it comes, and however often it is looked at', async () => {
    for (const days of [1, 7, 30]) {
      world.time += days * 24 * 60 * minute
      come(`day${days}-`, 1)
      await pass()
      await pass()
    }
    expect(written('day')).toBe(0)
  })

  it('the first one of each window that joins it is told of, the others are not', async () => {
    world.time += 11 * minute
    come('again', 3)
    await pass()
    await pass()
    expect(world.logged.filter((line) => /^(warn|error)/.test(line))).toEqual([ofJoining])
    world.time += 11 * minute
    come('later', 3)
    await pass()
    expect(world.logged.filter((line) => /^(warn|error)/.test(line))).toEqual([ofJoining, ofJoining])
  })

  it('somebody is told of one that joins it although the host died between counting and writing', async () => {
    world.time += 11 * minute
    come('again', 2)
    let deaths = 0
    world.onLedgerWrite = () => {
      if ((deaths += 1) <= 4) throw new Error('The host died.')
    }
    await expect(pass()).rejects.toThrow()
    await expect(pass()).rejects.toThrow()
    await pass()
    expect(world.logged.filter((line) => line.startsWith('error'))).toEqual([ofJoining])
    expect([written('again'), caseOf('again1'), caseOf('again2')]).toEqual([0, 'sales3.1.1', 'sales3.1.1'])
  })

  it('another factory is answered', async () => {
    world.time += 11 * minute
    come('other', 2)
    await pass()
    expect(written('other')).toBe(2)
  })

  it('a burst beyond the limit joins it, so that ending the later one does not end the hold', async () => {
    world.time += 11 * minute
    come('again', 5)
    await pass()
    gone('again')
    await pass()
    world.time += 11 * minute
    come('third', 1)
    await pass()
    expect([written('third'), caseOf('third1')]).toEqual([0, 'sales3.1.1'])
    expect(world.logged).not.toContain(ofCase)
  })

  it('a new version of the rule lets new requests through, and those of the case', async () => {
    rules({ ...salesToLake, version: 4 }, otherToLake)
    world.time += 11 * minute
    come('again', 1)
    await pass()
    world.time += 11 * minute
    await pass()
    expect([written('again'), written('sales')]).toEqual([1, 4])
  })

  it('a new rule for the same target lets new requests through', async () => {
    world.time += 11 * minute
    rules({ ...salesToLake, id: 'a-new-rule', groupIds: ['dfs'] })
    come('again', 1, { groupIds: ['dfs'] })
    await pass()
    expect(written('again')).toBe(1)
  })

  it('another rule that was there before lets nothing through', async () => {
    world = new FakeReview()
    world.burstLimits.perRequester = 1
    rules(salesToLake, { ...salesToLake, id: 'there-before' })
    come('sales', 2)
    await pass()
    world.time += 11 * minute
    rules({ ...salesToLake, id: 'there-before' })
    come('again', 1)
    await pass()
    expect(written('again')).toBe(0)
  })

  it('of which not every request can be read, nothing is let through', async () => {
    rules({ ...salesToLake, version: 4 }, otherToLake)
    world.time += 11 * minute
    come('again', 1)
    world.ports.ledger.openInCase = () => Promise.resolve({ requests: [], isWhole: false })
    await pass()
    expect(written('again')).toBe(0)
  })

  it('nothing is decided when it cannot be found out whether it is', async () => {
    world.time += 11 * minute
    come('again', 1)
    world.ports.ledger.openInCase = () => Promise.reject(new LedgerConflict('503'))
    await pass()
    expect([written('again'), caseOf('again1')]).toEqual([0, undefined])
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
    come('again', 2)
    await pass()
    expect(written('again')).toBe(2)
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
      come('again', 1)
      await pass()
      expect(written('again')).toBe(approved)
    },
  )

  it('not while one of them waits', async () => {
    gone('sales4')
    await pass()
    world.time += 11 * minute
    come('again', 1)
    await pass()
    expect(written('again')).toBe(0)
  })

  it('and the next burst is a case of its own, with its own alert', async () => {
    gone('sales3')
    gone('sales4')
    await pass()
    world.time += 24 * 60 * minute
    come('again', 3)
    await pass()
    expect([written('again'), caseOf('again3')]).toEqual([2, 'again3.1.1'])
    expect(world.logged.filter((line) => line.startsWith('error'))).toEqual([ofCase])
  })
})

describe('a case of requests that need manual review anyway', () => {
  it('holds nothing and takes in nothing later: each burst of them is told of', async () => {
    rules()
    gone('sales')
    await pass()
    world.time += 24 * 60 * minute
    come('asked', 4)
    await pass()
    world.time += 11 * minute
    come('later', 3)
    await pass()
    expect(world.logged.filter((line) => line === ofCase)).toHaveLength(2)
    rules(salesToLake)
    world.time += 11 * minute
    come('fresh', 1)
    await pass()
    expect(written('fresh')).toBe(1)
  })
})
