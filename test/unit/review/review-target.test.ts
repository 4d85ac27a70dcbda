import { beforeEach, describe, expect, it, vi } from 'vitest'
import { subjectId } from '../../../shared/domain/request.ts'
import { LedgerConflict } from '../../../shared/ports/ledger.ts'
import { review } from '../../../shared/review/review-target.ts'
import { finishOpenWork } from '../../../shared/review/finish-open-work.ts'
import { giveUpForNow } from '../../../shared/review/give-up.ts'
import { connection, endpoint, FakeReview, id, salesToLake, target } from '../../support/fake-review.ts'
import { seriesAt } from '../../support/fake-work.ts'

let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
  world.live = [connection('mpe')]
})

describe('a listed and proven request', () => {
  it('is approved between an intent and a result', async () => {
    await world.review()
    expect(world.story()).toEqual(['intent:applying approve', 'result:applied approve'])
    expect(world.writes).toHaveLength(1)
  })

  it('is answered with the endpoint id it was evaluated by and words that name the decision', async () => {
    await world.review()
    const [sent] = world.writes
    expect(sent?.connection.endpoint?.id).toBe(endpoint('adf-sales.mpe').id)
    expect(sent?.write).toEqual({
      status: 'Approved',
      description: 'Approved by private-endpoint-approver, decision mpe.1.1',
    })
  })

  it('leaves rule, version, proof and times in the log', async () => {
    await world.review()
    expect(world.log.at(-1)).toMatchObject({
      decidedBy: { ruleId: 'sales-to-lake', ruleVersion: 3 },
      proof: { level: 'confirmed' },
      ruleSetHash: 'hash-1',
      firstSeenAt: '2026-11-21T08:00:00.000Z',
      secondsSinceFirstSeen: 0,
    })
  })

  it('is looked at again without another write or entry', async () => {
    await world.review()
    await world.review()
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
    await world.review()
    expect(world.story()).toEqual(['intent:applying reject', 'result:applied reject'])
    expect(world.writes[0]?.write.status).toBe('Rejected')
  })
})

describe('a request that is not certain', () => {
  it('waits for a person when the rules cannot be read, and is approved once they can', async () => {
    const readable = world.rules
    world.rules = { complete: false, problem: 'Row x has no target.' }
    await world.review()
    expect(world.story()).toEqual(['escalated:open'])
    expect(world.log[0]?.reason.code).toBe('rules-unreadable')
    world.rules = readable
    await world.review()
    expect(world.story()).toEqual(['escalated:open', 'intent:applying approve', 'result:applied approve'])
  })

  it('writes nothing new when it is looked at again and nothing is new', async () => {
    world.rules = { complete: true, rules: [], hash: 'h' }
    await world.review()
    await world.review()
    expect(world.story()).toEqual(['escalated:open'])
    expect(world.writes).toEqual([])
  })
})

describe('several connections on one target', () => {
  it('are each settled, although one of them fails', async () => {
    world.live = [connection('a'), connection('b'), connection('c')]
    world.onLedgerWrite = ({ subject }) => {
      if (subjectId(subject).endsWith('/b')) throw new Error('storage said no')
    }
    await expect(world.review()).rejects.toThrow(/1 of the connections/)
    expect(world.writes.map(({ connection: { id } }) => id.name)).toEqual(['a', 'c'])
  })

  it('lose a race to somebody who wrote first without a second answer', async () => {
    world.onLedgerWrite = () => {
      throw new LedgerConflict('changed')
    }
    await world.review()
    expect(world.writes).toEqual([])
    expect(world.sent).toMatchObject([{ delaySeconds: 2 }])
  })
})

/** Nothing was read, written, sent or remembered. */
function expectUntouched(): void {
  expect([world.log, world.sent, world.writes, world.listed]).toEqual([[], [], [], []])
}

describe('a message about what is no target', () => {
  const group = target.id.replace(/\/providers.*$/, '/providers')
  it.each([
    ['a connection', `${target.id}/privateEndpointConnections/mpe`, 'child'],
    ['a proxy', `${target.id}/privateEndpointConnectionProxies/mpe`, 'child'],
    ['a connection for ingestion', `${target.id}/ingestionPrivateEndpointConnections/mpe`, 'child'],
    [
      'a proxy under a connection',
      `${target.id}/privateEndpointConnections/mpe/privateEndpointConnectionProxies/x`,
      'child',
    ],
    ['a connection in other letters', `${target.id}/PRIVATEENDPOINTCONNECTIONS/mpe`, 'child'],
    ['something under a connection', `${target.id}/privateEndpointConnections/mpe/things/x`, 'child'],
    [
      'a connection without a target',
      `${group}/Microsoft.Storage/privateEndpointConnections/mpe`,
      'no-target',
    ],
    ['an extension', `${target.id}/providers/Microsoft.X/things/a`, 'extension'],
    ['a child of an endpoint', `${endpoint('pe').id}/privateDnsZoneGroups/default`, 'under-endpoint'],
  ])('%s is refused and counted', async (_, resourceId, reason) => {
    const warn = vi.fn()
    const ports = { ...world.ports, log: { ...world.ports.log, warn } }
    await review(ports, { ...world.message(), resourceId })
    expectUntouched()
    expect(warn.mock.calls).toEqual([
      [
        'A review message names what is no target; it is left out.',
        { metric: 'reviews.refused', reason, resourceId, correlationId: undefined },
      ],
    ])
  })

  it('is not put on the list of open work when it comes from the poison queue', async () => {
    const resourceId = `${target.id}/privateEndpointConnections/mpe`
    await giveUpForNow(world.ports, { ...world.message(), resourceId })
    expectUntouched()
    expect(await world.work.list()).toEqual([])
  })

  it('is removed from the list of open work, on which an older version put it', async () => {
    const below = id(`${target.id}/privateEndpointConnections/mpe`)
    world.work.arrange(below, { kind: 'due', series: seriesAt(world.time), dueAt: world.time })
    await finishOpenWork(world.ports)
    expectUntouched()
    expect(await world.work.list()).toEqual([])
    expect(world.logged).toEqual(['warn A target on the list of open work is none; it is removed.'])
  })
})

describe('an endpoint', () => {
  it('that names endpoints, connections or extensions as its targets passes nothing on', async () => {
    world.endpointTargets = [
      endpoint('pe'),
      endpoint('other'),
      id(`${target.id}/privateEndpointConnections/mpe`),
      id(`${target.id}/privateEndpointConnections/mpe/privateEndpointConnectionProxies/x`),
      id(`${target.id}/providers/Microsoft.X/things/a`),
    ]
    await world.review(endpoint('pe'))
    expectUntouched()
    expect(world.logged).toEqual(['warn An endpoint names what is no target; it is left out.'])
  })

  it('passes on those of its targets that are some', async () => {
    world.endpointTargets = [endpoint('other'), target]
    await world.review(endpoint('pe'))
    expect(world.sent.map(({ message }) => message.resourceId)).toEqual([target.id])
  })

  it('that names more targets than one endpoint has passes on twenty', async () => {
    world.endpointTargets = Array.from({ length: 200 }, (_, index) => id(`${target.id}${index}`))
    await world.review(endpoint('pe'))
    expect(world.sent).toHaveLength(20)
    expect(world.logged).toEqual(['warn An endpoint names more targets than are passed on.'])
  })
})

describe('where to look', () => {
  it('is looked at again 1, 3, 7, 15, 30, 60 and 120 seconds after the event, and no more', async () => {
    world.live = []
    for (let attempt = 0; attempt < 9; attempt += 1) await world.review(target, attempt)
    let seconds = 0
    expect(world.sent.map(({ delaySeconds }) => (seconds += delaySeconds))).toEqual([
      1, 3, 7, 15, 30, 60, 120,
    ])
    expect(world.sent.map(({ message }) => message.attempt)).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('by an ordinary endpoint leads to each of its targets', async () => {
    world.endpointTargets = [target]
    await world.review(endpoint('pe'))
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
    await world.review(endpoint('pe'), attempt)
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
