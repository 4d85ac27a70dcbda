import { beforeEach, describe, expect, it } from 'vitest'
import { subjectId } from '../../../shared/domain/request.ts'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import { LedgerConflict } from '../../../shared/ports/ledger.ts'
import { BurstReview, otherToLake } from '../../support/burst-review.ts'
import {
  confirmed,
  connection,
  factory,
  id,
  salesToLake,
  target,
  storyOf,
} from '../../support/fake-review.ts'

const minute = 60_000
const deny = {
  ...salesToLake,
  id: 'deny-lake',
  effect: 'deny',
  requester: undefined,
  proof: 'platform',
} as const
const outsider: Proof = {
  ...confirmed,
  level: 'platform',
  requester: undefined,
  isManagedTenant: false,
  refusals: [{ code: 'tenant-not-managed', sentence: 'Somebody else owns the subscription.' }],
}
let world: BurstReview

beforeEach(() => {
  world = new BurstReview()
  const { proofOf } = world
  world.proofOf = (one) => (one.id.name.startsWith('evil') ? outsider : proofOf(one))
})

const pass = () => world.review()
const entriesOf = (name: string) => world.log.filter((entry) => subjectId(entry.subject).includes(`/${name}`))
const kept = () => world.log.filter(({ reason }) => reason.code === 'burst-limit')
const codes = (entries: readonly LogEntry[]) => entries.map(({ reason }) => reason.code)

describe('the fifty-first request of a factory within ten minutes', () => {
  beforeEach(async () => {
    world.come('sales', 53)
    await pass()
  })

  it('and those after it go to a person as one case; fifty are answered', () => {
    expect(world.written('sales')).toBe(50)
    expect(kept().map(({ decisionId, caseId, state }) => [decisionId, caseId, state])).toEqual([
      ['sales51.1.1', 'sales51.1.1', 'open'],
      ['sales52.1.1', 'sales51.1.1', 'open'],
      ['sales53.1.1', 'sales51.1.1', 'open'],
    ])
  })

  it('says who, how many, in what time and which case, and what the rule would have done', () => {
    expect(kept()[0]).toMatchObject({
      outcome: 'escalate',
      decidedBy: { ruleId: 'sales-to-lake', ruleVersion: 3 },
      reason: {
        sentence:
          'More than 50 requests of Data Factory adf-sales that a rule allows came within 10 min; ' +
          'they wait for manual review as one burst case, sales51.1.1.',
      },
    })
  })

  it('is told of by one alert; the others are not called out', () => {
    expect(world.logged.filter((line) => line.startsWith('error'))).toEqual([
      'error Too many requests came at once; they wait for manual review as one case.',
    ])
    expect(world.logged.filter((line) => line.startsWith('warn'))).toEqual([])
  })

  it('stops no other factory, on the same target either', async () => {
    world.come('other', 50)
    await pass()
    expect(world.written('other')).toBe(50)
  })

  it('is not looked up or written about at the next review pass', async () => {
    const [entries, calls] = [world.log.length, world.burstCalls]
    await pass()
    expect([world.log.length, world.burstCalls]).toEqual([entries, calls])
  })

  it('is seen as answered by a person when one answers, whatever words they use', async () => {
    world.set('sales51', { status: 'Approved', description: 'ok, see decision sales51.1.1' })
    await pass()
    expect(entriesOf('sales51').at(-1)).toMatchObject({ state: 'decided-elsewhere', caseId: 'sales51.1.1' })
  })
})

describe('requests to one target', () => {
  it('of many requesters go to a person when there are too many of them', async () => {
    world.burstLimits.perTarget = 4
    world.come('sales', 3)
    world.come('other', 3)
    await pass()
    expect([world.written('sales'), world.written('other')]).toEqual([3, 1])
    expect(kept().map(({ caseId }) => caseId)).toEqual(['other2.1.1', 'other2.1.1'])
    expect(kept()[0]?.reason.sentence).toContain('More than 4 requests to stlake that a rule allows')
  })

  it('that a rule denies are denied up to the limit, and then go to a person', async () => {
    world.allow(deny)
    world.burstLimits.perRequester = 3
    world.come('evil', 5)
    await pass()
    expect(world.writes.map(({ write }) => write.status)).toEqual(['Rejected', 'Rejected', 'Rejected'])
    expect(kept().map(({ reason }) => reason.sentence)).toEqual([
      expect.stringContaining('that a rule denies'),
      expect.stringContaining('that a rule denies'),
    ])
  })
})

describe('a burst that is over', () => {
  beforeEach(async () => {
    world.burstLimits.perRequester = 2
    world.come('sales', 4)
    await pass()
    world.time += 11 * minute
  })

  it('leaves its requests with the person who was asked', async () => {
    await pass()
    await pass()
    expect(world.written('sales')).toBe(2)
    expect(world.story().filter((line) => line === 'escalated:open')).toHaveLength(2)
  })

  it('holds new requests as long as one of its own waits', async () => {
    world.come('salesnew', 3)
    await pass()
    expect(world.written('salesnew')).toBe(0)
    expect(new Set(kept().map(({ caseId }) => caseId))).toEqual(new Set(['sales3.1.1']))
  })

  it('releases its requests, up to the limit, when the rule has got a new version', async () => {
    world.burstLimits.perRequester = 1
    world.allow({ ...salesToLake, version: 4 })
    await pass()
    await pass()
    expect([world.written('sales3'), world.written('sales4')]).toEqual([1, 0])
    world.time += 11 * minute
    await pass()
    expect(world.written('sales4')).toBe(1)
    expect(entriesOf('sales4').map(storyOf)).toEqual([
      ...['escalated:open', 'escalated:open'],
      ...['intent:applying approve', 'result:applied approve'],
    ])
    expect(world.logged.filter((line) => line.startsWith('error'))).toHaveLength(1)
  })

  it('lets its requests be rejected by a deny that came since', async () => {
    world.allow(salesToLake, deny)
    await pass()
    expect(world.writes.map(({ write }) => write.status).slice(2)).toEqual(['Rejected', 'Rejected'])
  })

  it('does not let them go because another rule was changed', async () => {
    world.allow(salesToLake, { ...otherToLake, version: 4 })
    await pass()
    expect(world.written('sales')).toBe(2)
  })

  it('does not let them go because a rule ran out and another one decides', async () => {
    const twin = { ...salesToLake, id: 'a-twin', validFrom: new Date(world.time + minute).toISOString() }
    const running = { ...salesToLake, validUntil: new Date(world.time + minute).toISOString() }
    world = new BurstReview()
    world.burstLimits.perRequester = 1
    world.allow(running, twin)
    world.come('sales', 2)
    await pass()
    world.time += 30 * minute
    await pass()
    expect(world.written('sales')).toBe(1)
    expect(kept().map(({ decidedBy }) => decidedBy?.ruleId)).toEqual(['sales-to-lake', 'a-twin'])
  })
})

describe('a new version of the rule while the burst is on', () => {
  it('releases nothing yet, and is not used up by that', async () => {
    world.burstLimits.perRequester = 1
    world.come('sales', 2)
    await pass()
    world.allow({ ...salesToLake, version: 4 })
    await pass()
    await pass()
    expect(world.written('sales')).toBe(1)
    const entries = world.log.length
    await pass()
    expect(world.log).toHaveLength(entries)
    world.time += 11 * minute
    await pass()
    expect(world.written('sales')).toBe(2)
  })
})

describe('an attacker who sends five hundred requests that nobody would approve', () => {
  beforeEach(async () => {
    world.come('evil', 500, { endpoint: id(`${subscription('bad0cafe-3333-4d5e-9f6a-7b8c9d0e1f23')}/evil`) })
    await pass()
  })

  it('does not stop the requests of a proven factory', async () => {
    world.come('sales', 5)
    await pass()
    expect(world.written('sales')).toBe(5)
  })

  it('makes one case and one alert of them; each keeps the reason why a person is asked', () => {
    const entries = entriesOf('evil')
    expect(new Set(codes(entries))).toEqual(new Set(['no-rule-matched']))
    expect(new Set(entries.slice(0, 50).map(({ caseId }) => caseId))).toEqual(new Set([undefined]))
    expect(new Set(entries.slice(50).map(({ caseId }) => caseId))).toEqual(new Set(['evil51.1.1']))
    expect(world.logged.filter((line) => line.startsWith('error'))).toHaveLength(1)
    expect(world.logged.filter((line) => line.startsWith('warn'))).toHaveLength(50)
  })
})

function subscription(guid: string): string {
  return `/subscriptions/${guid}/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints`
}

describe('an attacker who wants more automatic answers than the limit', () => {
  beforeEach(() => {
    world.burstLimits.perRequester = 2
  })

  it('cannot split a factory into many by the case of its id', async () => {
    world.proofOf = ({ id: { name } }) => {
      const shouted = { kind: 'data-factory', id: id(factory.id.replace('adf-sales', 'ADF-sales')) } as const
      return name.endsWith('1') ? { ...confirmed, requester: shouted } : confirmed
    }
    world.come('sales', 3)
    await pass()
    expect(world.written('sales')).toBe(2)
  })

  it('cannot split a subscription into many by endpoints of their own names', async () => {
    const spoke = '0a5e6f10-5555-4a6b-8c2d-a4a191c50005'
    world.allow({ ...salesToLake, requester: { kind: 'scope', pattern: `/subscriptions/${spoke}` } })
    world.live = [1, 2, 3].map((number) =>
      connection(`pe${number}`, { endpoint: id(`${subscription(spoke)}/pe${number}`) }),
    )
    world.proofOf = ({ endpoint }) =>
      endpoint && {
        ...confirmed,
        isManagedTenant: false,
        requester: { kind: 'private-endpoint', id: endpoint },
      }
    await pass()
    expect(world.written('pe')).toBe(2)
    expect(kept()[0]?.reason.sentence).toContain(`requests of subscription ${spoke}`)
  })

  it('cannot first let a crowd wait as unproven and then have it proven all at once', async () => {
    world.proof = { ...outsider, isManagedTenant: true }
    world.come('sales', 5)
    await pass()
    world.proof = confirmed
    await pass()
    expect(world.written('sales')).toBe(2)
    expect(kept()).toHaveLength(3)
  })

  it('cannot let rules that are unreadable for a moment wash a burst clean', async () => {
    world.come('sales', 4)
    await pass()
    const readable = world.rules
    for (const now of [{ complete: false, problem: 'Row x has no target.' } as const, readable]) {
      world.time += 20 * minute
      world.rules = now
      await pass()
      await pass()
    }
    expect(world.written('sales')).toBe(2)
    expect(codes(entriesOf('sales4'))).toEqual(['burst-limit', 'rules-unreadable', 'burst-limit'])
    expect(new Set(entriesOf('sales4').map(({ caseId }) => caseId))).toEqual(new Set(['sales3.1.1']))
  })

  it('cannot show its requests as unproven for a moment to wash a burst clean', async () => {
    world.come('sales', 4)
    await pass()
    for (const proof of [outsider, confirmed]) {
      world.time += 20 * minute
      world.proof = proof
      await pass()
    }
    expect(world.written('sales')).toBe(2)
  })

  it('cannot ask again under a connection that was settled', async () => {
    world.come('sales', 1)
    for (let times = 0; times < 4; times += 1) {
      world.set('sales1', { status: 'Pending', description: '' })
      await pass()
      // Its own side disconnects it: the description of our approval stays.
      world.set('sales1', {
        status: 'Disconnected',
        description: world.writes.at(-1)?.write.description ?? '',
      })
      await pass()
      world.time += 61_000
    }
    expect(world.writes).toHaveLength(2)
    expect(kept()).toHaveLength(2)
  })

  it('cannot make the counter fail to get through', async () => {
    world.burstFailure = new Error('503')
    world.come('sales', 1)
    await expect(pass()).rejects.toThrow('503')
    expect([world.writes, world.log]).toEqual([[], []])
    world.burstFailure = new LedgerConflict('Others count at the same source.')
    await pass()
    expect([world.writes, world.log]).toEqual([[], []])
    expect(world.sent.at(-1)?.delaySeconds).toBe(2)
  })
})

describe('a review that dies', () => {
  it('after a request was counted counts it no second time', async () => {
    world.burstLimits.perRequester = 2
    world.come('sales', 3)
    let deaths = 0
    world.onLedgerWrite = () => {
      if ((deaths += 1) <= 6) throw new Error('The host died.')
    }
    await expect(pass()).rejects.toThrow()
    await expect(pass()).rejects.toThrow()
    await pass()
    expect(world.written('sales')).toBe(2)
    expect(kept().map(({ caseId }) => caseId)).toEqual(['sales3.1.1'])
  })

  it('after an intent takes it up again without counting, even when a burst came since', async () => {
    world.burstLimits.perRequester = 1
    world.come('sales', 1)
    world.outcomes = [new Error('The host died.')]
    await expect(pass()).rejects.toThrow()
    world.time += 20 * minute
    world.come('salesnew', 3)
    const calls = world.burstCalls
    await pass()
    expect(world.written('salesnew')).toBe(1)
    expect(entriesOf('sales1').map(storyOf)).toEqual([
      'intent:applying approve',
      'intent:applying approve',
      'result:applied approve',
    ])
    expect(world.burstCalls - calls).toBe(2 + 1 + 1)
  })
})

describe('counting', () => {
  it('asks twice for a new request and never for one that is known', async () => {
    world.come('sales', 1)
    world.come('evil', 1)
    await pass()
    expect(world.burstCalls).toBe(4)
    world.set('sales1', { status: 'Approved' })
    await pass()
    expect(world.burstCalls).toBe(4)
  })

  it('keeps what the policy says apart, and requesters apart from targets', async () => {
    world.come('sales', 1)
    await pass()
    world.come('evil', 1, { endpoint: undefined })
    await pass()
    expect([...world.bursts.keys()]).toEqual([
      `approve requester:${factory.key}`,
      `approve target:${target.key}`,
      'escalate no-endpoint',
      `escalate target:${target.key}`,
    ])
  })
})
