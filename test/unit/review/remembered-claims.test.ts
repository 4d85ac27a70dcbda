import { beforeEach, describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import type { RuleSet } from '../../../shared/domain/rule.ts'
import { StoredUnreadable } from '../../../shared/ports/ledger.ts'
import { review } from '../../../shared/review/review-target.ts'
import { sweep } from '../../../shared/review/sweep.ts'
import {
  confirmed,
  connection,
  endpoint,
  FakeReview,
  id,
  salesToLake,
  target,
} from '../../support/fake-review.ts'

const dayMs = 24 * 3_600_000
const other = id(endpoint('adf-sales.mpe').id.replace('-1-rg', '-2-rg'))
const third = id(endpoint('adf-sales.mpe').id.replace('-1-rg', '-3-rg'))
let world: FakeReview
let calls: string[]

beforeEach(() => {
  world = new FakeReview()
  calls = []
  world.onClaims = (when, call) => {
    if (when === 'before') calls.push(call)
  }
})

/** What is called while the target is reviewed once. */
async function callsOf(attempt?: number): Promise<readonly string[]> {
  calls = []
  await world.review(target, attempt)
  return calls
}

/** The same endpoint name, from another network. */
const fromElsewhere = (change: Partial<Connection> = {}) =>
  connection('other', { endpoint: other, ...change })
const unusable = { complete: false, problem: 'Row x has no target.' } as const
const last = () => world.log.at(-1)

describe('what is remembered of an endpoint', () => {
  it('is written at the first sight, and a quiet pass costs one query', async () => {
    world.rules = unusable
    world.live = [connection('mpe')]
    expect(await callsOf()).toEqual(['claims.query', 'claims.insert'])
    for (let times = 0; times < 3; times += 1) expect(await callsOf()).toEqual(['claims.query'])
  })

  it('is written once more a day later, so that it is not forgotten while it is listed', async () => {
    world.rules = unusable
    world.live = [connection('mpe')]
    await callsOf()
    world.time += dayMs - 1
    expect(await callsOf()).toEqual(['claims.query'])
    world.time += 1
    expect(await callsOf()).toEqual(['claims.query', 'claims.replace'])
  })

  it('is written for a pass that others follow, and for one with a rule that approves', async () => {
    world.live = [connection('mpe')]
    expect(await callsOf(0)).toEqual(['claims.query', 'claims.insert', 'claims.replace'])
    expect(world.writes).toHaveLength(1)
    expect(await callsOf()).toEqual(['claims.query'])
    expect(await callsOf()).toEqual(['claims.query'])
  })

  it('is nothing where the endpoint certainly lies outside managed networks', async () => {
    world.mayBeManaged = () => false
    world.rules = unusable
    world.live = [connection('mpe')]
    expect(await callsOf()).toEqual(['claims.query'])
  })

  it('is nothing where no list can be read', async () => {
    world.listFailure = new Error('503')
    world.live = [connection('mpe')]
    await expect(world.review()).rejects.toThrow('503')
    expect(calls).toEqual([])
  })

  it('is forgotten by the sweep ninety days after it was seen', async () => {
    world.rules = unusable
    world.live = [connection('mpe')]
    await callsOf()
    world.time += 90 * dayMs
    expect((await sweep(world.ports)).forgotten).toBe(0)
    world.time += 1
    expect((await sweep(world.ports)).forgotten).toBe(1)
    expect(world.claims.rows()).toEqual([])
  })
})

describe('what is remembered of a connection that hides its endpoint', () => {
  const hidden = (change: Partial<Connection> = {}) => connection('mpe', { endpoint: undefined, ...change })
  /** Names of connections whose records are read in a pass. */
  async function recordsRead(): Promise<readonly string[]> {
    const read: string[] = []
    const { ledger } = world.ports
    const counting = {
      ...ledger,
      read: (key: Parameters<typeof ledger.read>[0]) => {
        read.push(key.id.name)
        return ledger.read(key)
      },
    }
    await review({ ...world.ports, ledger: counting }, world.message())
    return read
  }

  it('is written at the first sight, removed when the endpoint is shown, and a quiet pass costs one query', async () => {
    world.rules = unusable
    world.live = [hidden()]
    expect(await callsOf()).toEqual(['claims.query', 'claims.insert'])
    expect(await callsOf()).toEqual(['claims.query'])
    world.live = [connection('mpe')]
    expect(await callsOf()).toEqual(['claims.query', 'claims.insert', 'claims.remove'])
    expect(await callsOf()).toEqual(['claims.query'])
    expect(world.claims.rows()).toHaveLength(1)
    world.live = [hidden()]
    expect(await callsOf()).toEqual(['claims.query'])
  })

  it('is nothing where the record of an ordinary endpoint names it', async () => {
    world.mayBeManaged = () => false
    world.rules = unusable
    world.live = [connection('mpe')]
    await callsOf()
    world.live = [hidden()]
    expect(await callsOf()).toEqual(['claims.query'])
  })

  it('needs its record once', async () => {
    const approved = { status: 'Approved', description: 'By hand.' }
    world.live = [hidden(approved)]
    const first = await recordsRead()
    const next = await recordsRead()
    expect(next.length).toBeLessThan(first.length)
    // Decided connections are compared with their records in each pass.
    expect(next).toEqual(['mpe'])
  })

  it('is a claim, too, where its record cannot be read', async () => {
    const { ledger } = world.ports
    const unreadable = {
      ...ledger,
      read: (key: Parameters<typeof ledger.read>[0]) =>
        key.id.name === 'old' ? Promise.reject(new StoredUnreadable('Row x.')) : ledger.read(key),
    }
    world.live = [connection('old', { status: 'Approved', endpoint: undefined })]
    await review({ ...world.ports, ledger: unreadable }, world.message())
    world.live = [connection('mpe')]
    await world.review()
    expect(last()?.reason.code).toBe('competing-claim-before')
  })

  it.each(['before claims.remove', 'after claims.remove', 'after claims.insert'])(
    'is not lost where a pass dies: %s',
    async (point) => {
      world.live = [hidden({ status: 'Rejected', description: 'No.' })]
      await world.review()
      world.live = [connection('mpe')]
      world.time += 60_000
      let fails = true
      world.onClaims = (when, call) => {
        if (fails && `${when} ${call}` === point) throw new Error('503')
      }
      await expect(world.review()).rejects.toThrow('503')
      fails = false
      world.time += 20_000
      await world.review().catch(() => world.review())
      expect(world.claims.rows()).toHaveLength(1)
      expect(last()?.reason.code).toBe('rejected-before')
    },
  )
})

describe('a competing claim that is remembered', () => {
  async function contested(): Promise<void> {
    const { rules } = world
    world.rules = unusable
    world.live = [fromElsewhere()]
    await world.review()
    world.rules = rules
    world.time += 3_600_000
    world.live = [connection('mpe')]
    await world.review()
  }

  it('is a question that shows both endpoints and when the other was seen, and names the rule', async () => {
    await contested()
    expect(last()).toMatchObject({
      state: 'open',
      outcome: 'escalate',
      reason: {
        code: 'competing-claim-before',
        sentence: `Another endpoint claimed the same name: ${other.id}, first seen at 2026-11-21T08:00:00.000Z (it waited). A person decides on ${endpoint('adf-sales.mpe').id} in Azure; a new rule, or a new version of a rule, releases it.`,
      },
      decidedBy: { ruleId: 'sales-to-lake' },
    })
    expect(world.notifications.at(-1)).toMatchObject({ code: 'competing-claim-before' })
  })

  it('is asked about once', async () => {
    await contested()
    const entries = world.log.length
    for (let times = 0; times < 3; times += 1) expect(await callsOf()).toEqual(['claims.query'])
    expect(world.log).toHaveLength(entries)
  })

  it('gives up an intent that is not yet carried out', async () => {
    world.live = [connection('mpe')]
    world.outcomes = [new Error('killed')]
    await expect(world.review()).rejects.toThrow()
    world.live = [connection('mpe'), fromElsewhere({ status: 'Removing' })]
    await world.review()
    expect(world.story()).toContain('abandoned:open')
    expect(world.writes).toHaveLength(1)
  })

  it('keeps no rule from rejecting', async () => {
    world.rules = { complete: true, rules: [{ ...salesToLake, effect: 'deny' }], hash: 'hash-2' }
    world.live = [fromElsewhere({ status: 'Disconnected' })]
    await world.review()
    world.live = [connection('mpe')]
    await world.review()
    expect(world.story().at(-1)).toBe('result:applied reject')
  })

  it('does not count once its tenant is known to have no managed networks', async () => {
    await contested()
    world.mayBeManaged = ({ key }) => key !== other.key
    await world.review()
    expect(world.story().at(-1)).toBe('result:applied approve')
  })
})

describe('a person’s “no” that is remembered', () => {
  const rejected = { status: 'Rejected', description: 'No.' }

  it('says which endpoint was rejected and when', async () => {
    world.live = [connection('mpe', rejected)]
    await world.review()
    world.time += 3_600_000
    world.set('mpe', { status: 'Pending', description: 'Please.' })
    await world.review()
    expect(last()).toMatchObject({
      state: 'open',
      reason: {
        code: 'rejected-before',
        sentence: `A person rejected this endpoint (seen at 2026-11-21T08:00:00.000Z). A person decides on ${endpoint('adf-sales.mpe').id} in Azure; a new rule, or a new version of a rule, releases it.`,
      },
      decidedBy: { ruleId: 'sales-to-lake' },
    })
  })

  it('says that an approval was taken back, of which endpoint of the name, and who else claimed it', async () => {
    world.live = [connection('mpe')]
    await world.review()
    world.set('mpe', rejected)
    world.live = [...world.live, connection('third', { endpoint: third, status: 'Removing' })]
    world.time += 3_600_000
    await world.review()
    world.live = [fromElsewhere()]
    await world.review()
    expect(last()?.reason).toEqual({
      code: 'rejected-before',
      sentence: `A person took back the approval of an endpoint of the same name, ${endpoint('adf-sales.mpe').id} (seen at 2026-11-21T09:00:00.000Z). Another endpoint claimed the same name: ${third.id}, first seen at 2026-11-21T09:00:00.000Z (it waited). A person decides on ${other.id} in Azure; a new rule, or a new version of a rule, releases it.`,
    })
  })

  it('is over when a person approves exactly this endpoint', async () => {
    world.live = [connection('mpe', rejected)]
    await world.review()
    world.time += 60_000
    world.set('mpe', { status: 'Approved', description: 'Yes.' })
    await world.review()
    world.time += 60_000
    world.set('mpe', { status: 'Pending' })
    await world.review()
    expect(world.story().at(-1)).toBe('result:applied approve')
  })

  it('is a new one when the description shows that somebody rejected it again, unseen in between', async () => {
    world.live = [connection('mpe', rejected)]
    await world.review()
    world.rules = { complete: true, rules: [{ ...salesToLake, version: 4 }], hash: 'hash-2' }
    world.set('mpe', { status: 'Rejected', description: 'Still no.' })
    await world.review()
    world.set('mpe', { status: 'Pending' })
    await world.review()
    expect(last()?.reason.code).toBe('rejected-before')
  })

  it('is noticed behind a rejection of our own', async () => {
    const { rules } = world
    world.rules = { complete: true, rules: [{ ...salesToLake, effect: 'deny' }], hash: 'hash-2' }
    world.live = [connection('mpe')]
    await world.review()
    await world.review()
    world.set('mpe', rejected)
    await world.review()
    world.rules = rules
    world.time += 61_000
    world.set('mpe', { status: 'Pending' })
    await world.review()
    expect(last()?.reason.code).toBe('rejected-before')
  })

  it('knows the rules that can be read only later', async () => {
    const { rules } = world
    world.rules = unusable
    world.live = [connection('mpe', rejected)]
    await world.review()
    world.rules = rules
    world.set('mpe', { status: 'Pending' })
    await world.review()
    expect(last()?.reason.code).toBe('rejected-before')
    world.rules = { complete: true, rules: [{ ...salesToLake, version: 4 }], hash: 'hash-2' }
    await world.review()
    expect(world.story().at(-1)).toBe('result:applied approve')
  })

  it('is released by no rule where too many are known', async () => {
    const many = Array.from({ length: 201 }, (_, index) => ({ ...salesToLake, id: `r${index}` }))
    world.rules = { complete: true, rules: many, hash: 'hash-2' }
    world.live = [connection('mpe', rejected)]
    await world.review()
    world.rules = { complete: true, rules: [{ ...salesToLake, version: 4 }], hash: 'hash-3' }
    world.set('mpe', { status: 'Pending' })
    await world.review()
    expect(last()?.reason.sentence).toMatch(
      /; too many rules may apply to its target to recognize a new one\.$/,
    )
  })

  it('of an ordinary endpoint is one to its name in its subscription, and to no other subscription’s', async () => {
    world.mayBeManaged = () => false
    const sibling = id(
      other.id.replace('10e72cf9-4444-4b2c-8d3e-1f2a3b4c5d01', '0a5e6f10-9999-4a6b-8c2d-d47a91a7f009'),
    )
    world.live = [connection('mpe', rejected)]
    await world.review()
    world.live = [connection('a', { endpoint: sibling }), connection('b', { endpoint: other })]
    await world.review()
    expect(world.writes.map(({ connection: { id: written } }) => written.name)).toEqual(['a'])
    expect(last()?.reason.code).toBe('rejected-before')
  })
})

describe('a type whose connections keep no description', () => {
  const plain = { writeSupport: 'without-description' } as const
  const asksAgain = async () => {
    world.time += 61_000
    world.set('mpe', { status: 'Pending' })
    await world.review()
  }

  it('shows a rejection of ours by the record: it is no person’s', async () => {
    const { rules } = world
    world.rules = { complete: true, rules: [{ ...salesToLake, effect: 'deny' }], hash: 'hash-2' }
    world.live = [connection('mpe', plain)]
    await world.review()
    world.set('mpe', { description: '' })
    await world.review()
    world.rules = rules
    await asksAgain()
    expect(world.story().at(-1)).toBe('result:applied approve')
  })

  it.each(['Rejected', 'Disconnected'])('shows what a person took back as %s', async (status) => {
    world.live = [connection('mpe', plain)]
    await world.review()
    world.set('mpe', { status, description: '' })
    await world.review()
    await asksAgain()
    expect(last()?.reason.code).toBe('rejected-before')
  })

  it('shows a person’s rejection by there being none of ours', async () => {
    world.rules = unusable
    world.live = [connection('mpe', plain)]
    await world.review()
    world.set('mpe', { status: 'Rejected', description: '' })
    await world.review()
    world.rules = { complete: true, rules: [salesToLake], hash: 'hash-1' }
    await asksAgain()
    expect(last()?.reason.code).toBe('rejected-before')
  })
})

describe('what cannot be read or written', () => {
  const spoil = async () => {
    const [row] = world.claims.rows()
    if (!row) throw new Error('Nothing is remembered.')
    await world.claims.putDerived({ ...row, columns: { ...row.columns, schemaVersion: 2 } })
    return row
  }
  const rememberOther = async () => {
    world.live = [fromElsewhere({ status: 'Disconnected', description: '' })]
    await world.review()
  }

  it('is a question on every connection that a rule approves, until the row is removed', async () => {
    await rememberOther()
    const { partitionKey, rowKey } = await spoil()
    world.live = [connection('a'), connection('b')]
    await world.review()
    await world.review()
    expect(world.story()).toEqual(['escalated:open', 'escalated:open'])
    expect(last()?.reason.code).toBe('claims-unreadable')
    expect(last()?.reason.sentence).toMatch(
      /^What is remembered of earlier claims on this target cannot be read, so no rule approves here\. Row ".*" of partition ".*" in table "claims" cannot be used: field "schemaVersion" is 2, expected 1\. .*Delete the row/,
    )
    await world.claims.removeDerived(partitionKey, rowKey)
    await world.review()
    expect(world.writes.map(({ connection: { id: written } }) => written.name)).toEqual(['a', 'b'])
  })

  it('is a question, too, on the very endpoint of the row', async () => {
    await rememberOther()
    await spoil()
    world.live = [fromElsewhere()]
    await world.review()
    expect(last()).toMatchObject({ state: 'open', reason: { code: 'claims-unreadable' } })
  })

  it('keeps no rule from rejecting', async () => {
    await rememberOther()
    await spoil()
    world.rules = { complete: true, rules: [{ ...salesToLake, effect: 'deny' }], hash: 'hash-2' }
    world.live = [connection('a')]
    await world.review()
    expect(world.story().at(-1)).toBe('result:applied reject')
  })

  it.each(['before claims.query', 'before claims.insert', 'after claims.insert', 'after claims.query'])(
    'makes the pass fail, and the next one finds everything as it was: %s',
    async (point) => {
      world.live = [connection('mpe'), fromElsewhere()]
      let fails = true
      world.onClaims = (when, call) => {
        if (fails && `${when} ${call}` === point) throw new Error('503')
      }
      await expect(world.review()).rejects.toThrow('503')
      expect([world.writes, world.log]).toEqual([[], []])
      fails = false
      // The row that was written although the answer was lost is read now.
      world.live = [connection('mpe')]
      world.time += 20_000
      await world.review().catch(() => world.review())
      const isKnown = world.claims.rows().length === 2
      expect(last()?.state).toBe(isKnown ? 'open' : 'applied')
    },
  )

  it('that holds a competing claim of this pass leaves the connection alone until it is written', async () => {
    world.rules = unusable
    world.live = [fromElsewhere()]
    await world.review()
    world.rules = { complete: true, rules: [salesToLake], hash: 'hash-1' }
    world.live = [connection('mpe')]
    world.onClaims = (when, call) => {
      if (when === 'before' && call === 'claims.replace') throw new Error('503')
    }
    await expect(world.review()).rejects.toThrow('503')
    expect(world.writes).toEqual([])
    world.onClaims = () => undefined
    await world.review()
    expect(last()?.reason.code).toBe('competing-claim-before')
  })

  it.each([
    ['Rejected', 'rejected-before'],
    ['Disconnected', 'rejected-before'],
  ])('is the record of a connection that is %s: it counts as a person’s “no”', async (status, code) => {
    const { ledger } = world.ports
    const unreadable = {
      ...ledger,
      read: (key: Parameters<typeof ledger.read>[0]) =>
        key.id.name === 'old' ? Promise.reject(new StoredUnreadable('Row x.')) : ledger.read(key),
    }
    const pass = () => review({ ...world.ports, ledger: unreadable }, world.message())
    world.live = [connection('old', { status, endpoint: endpoint('adf-sales.mpe') })]
    await pass()
    world.live = [connection('mpe')]
    await pass()
    expect(last()?.reason.code).toBe(code)
  })

  it('is the record of a connection that is Approved: it does not count as a person’s approval', async () => {
    const { ledger } = world.ports
    const unreadable = {
      ...ledger,
      read: (key: Parameters<typeof ledger.read>[0]) =>
        key.id.name === 'old' ? Promise.reject(new StoredUnreadable('Row x.')) : ledger.read(key),
    }
    const pass = () => review({ ...world.ports, ledger: unreadable }, world.message())
    world.live = [fromElsewhere({ status: 'Disconnected', description: '' })]
    await pass()
    world.time += 1000
    world.live = [connection('old', { status: 'Approved', endpoint: endpoint('adf-sales.mpe') })]
    await pass()
    world.live = [connection('mpe')]
    await pass()
    expect(last()?.reason.code).toBe('competing-claim-before')
  })
})

describe('a competing claim that hides and shows itself again and again', () => {
  const hides: Proof = {
    ...confirmed,
    level: 'platform',
    requester: undefined,
    refusals: [{ code: 'competing-claim-hidden', sentence: 'c2 hides.' }],
  }

  async function flap(times: number): Promise<number> {
    let written = 0
    for (let time = 0; time < times; time += 1) {
      for (const proof of [hides, confirmed]) {
        world.proof = proof
        world.time += 3_600_000
        written += (await callsOf()).filter((call) => call === 'claims.replace').length
      }
    }
    return written
  }

  it('is written twice for each release, as what it keeps from being approved and as what was known then', async () => {
    world.live = [connection('mpe')]
    expect(await flap(5)).toBe(2)
    expect(world.writes).toEqual([])
    world.rules = { ...world.rules, rules: [{ ...salesToLake, version: 4 }], hash: 'hash-2' } as RuleSet
    expect(await flap(5)).toBe(2)
    expect(world.writes).toEqual([])
  })

  it('does not keep a person from approving', async () => {
    world.live = [connection('mpe')]
    await flap(2)
    world.set('mpe', { status: 'Approved', description: 'By hand.' })
    await world.review()
    expect(world.unfinished()).toEqual([])
  })
})
