import { beforeEach, describe, expect, it } from 'vitest'
import { subjectId } from '../../../shared/domain/request.ts'
import { askForReview } from '../../../shared/review/ask-for-review.ts'
import { evaluateAgainOnChange } from '../../../shared/review/evaluate-again.ts'
import { finishOpenWork } from '../../../shared/review/finish-open-work.ts'
import { giveUpForNow } from '../../../shared/review/give-up.ts'
import { observe } from '../../../shared/review/observe.ts'
import type { ReviewPorts } from '../../../shared/review/ports.ts'
import { readiness } from '../../../shared/review/readiness.ts'
import { review } from '../../../shared/review/review-target.ts'
import { sweep } from '../../../shared/review/sweep.ts'
import { TargetUnreadable } from '../../../shared/ports/azure.ts'
import {
  connection,
  endpoint,
  FakeReview,
  factory,
  id,
  salesToLake,
  target,
} from '../../support/fake-review.ts'
import { seriesAt } from '../../support/fake-work.ts'

let world: FakeReview
let logged: unknown[][]
let ports: ReviewPorts

beforeEach(() => {
  world = new FakeReview()
  world.live = [connection('mpe')]
  logged = []
  const line =
    (level: string) =>
    (...words: unknown[]) =>
      logged.push([level, ...words])
  ports = { ...world.ports, log: { info: line('info'), warn: line('warn'), error: line('error') } }
})

const searched = {
  resourceId: target.id,
  attempt: 7,
  isFollowUp: false,
  isFromEndpoint: false,
  correlationId: undefined,
}
const pass = (attempt = 9) => review(ports, { ...world.message(attempt), correlationId: 'event-1' })
const sentences = () => world.log.map(({ reason }) => reason.sentence)

describe('a review that is asked for', () => {
  it('begins a series where more is expected, and is one pass where not', async () => {
    for (const expectsMore of [true, false])
      await askForReview(ports, { at: target, expectsMore, correlationId: 'event-1' })
    expect(world.sent.map(({ message }) => message)).toEqual([
      { ...searched, attempt: 0, correlationId: 'event-1' },
      { ...searched, correlationId: 'event-1' },
    ])
  })
})

describe('readiness', () => {
  const cases = (nobodyNotified: number) => ({ nobodyNotified: () => Promise.resolve(nobodyNotified) })

  it('counts the rules of the list', async () => {
    expect(await readiness(ports.rules, cases(0))).toEqual({
      ...{ isReady: true, rules: 1, ruleSetHash: 'hash-1' },
      nobodyNotified: 0,
    })
  })

  it('says what is wrong with the list', async () => {
    world.rules = { complete: false, problem: 'Row x has no target.' }
    expect(await readiness(ports.rules, cases(2))).toEqual({
      nobodyNotified: 2,
      isReady: false,
      problem: 'Every request waits for manual review. Row x has no target.',
    })
  })
})

describe('the sweep', () => {
  it('sends a pass for what it found, and says how much that was', async () => {
    const search = {
      targetsWithPending: () =>
        Promise.resolve({
          found: [
            { target, connectionIds: ['a'] },
            { target: id(`${target.id}2`), connectionIds: [] },
          ],
          isWhole: true,
        }),
      targetsNotShown: () => Promise.resolve([]),
    }
    const ledger = { ...ports.ledger, repairIndexes: () => Promise.resolve(3) }
    const bursts = { ...ports.bursts, forgetBefore: () => Promise.resolve(4) }
    const swept = { targets: 2, visited: 0, repaired: 3, forgotten: 4 }
    expect(await sweep({ ...ports, search, ledger, bursts })).toEqual(swept)
    expect(logged).toEqual([['info', 'Swept.', swept]])
    expect(world.sent.map(({ message }) => message)).toEqual([
      searched,
      { ...searched, resourceId: `${target.id}2` },
    ])
  })

  it('repairs the index rows of a day', async () => {
    const spans: Date[] = []
    const repairIndexes = (since: Date) => Promise.resolve(spans.push(since))
    await sweep({ ...ports, ledger: { ...ports.ledger, repairIndexes } })
    expect(spans).toEqual([new Date('2026-11-20T08:00:00.000Z')])
  })

  it('names everything that failed', async () => {
    const failing = (what: string) => () => Promise.reject(new Error(what))
    const search = { targetsWithPending: failing('quota'), targetsNotShown: failing('away') }
    const swept = sweep({ ...ports, search })
    await expect(swept).rejects.toThrow('The sweep could not do all of its work: Error: quota; Error: away')
    await expect(swept).rejects.toMatchObject({ errors: [new Error('quota'), new Error('away')] })
    expect(logged).toHaveLength(1)
    expect(JSON.stringify(logged)).toContain('Error: quota; Error: away')
  })

  it('visits a target at the same five minutes of each hour', async () => {
    const turns = async (): Promise<number[]> => {
      const found: number[] = []
      const search = { ...ports.search, targetsNotShown: () => Promise.resolve([target]) }
      for (let turn = 0; turn < 12; turn += 1) {
        if ((await sweep({ ...ports, search })).visited > 0) found.push(turn)
        world.time += 300_000
      }
      return found
    }
    const first = await turns()
    expect(first).toEqual([10])
    expect(await turns()).toEqual(first)
  })
})

describe('a change of the allow-list', () => {
  it('is said with its targets and its hash', async () => {
    world.rules = { complete: true, rules: [], hash: 'none' }
    await pass()
    logged.length = 0
    world.sent = []
    expect(await evaluateAgainOnChange(ports)).toBe(1)
    expect(world.sent).toEqual([{ message: { ...searched, attempt: 4 }, delaySeconds: 15 }])
    expect(logged).toEqual([
      [
        'info',
        'The allow-list has changed: open requests are evaluated again.',
        { targets: 1, ruleSetHash: 'none' },
      ],
    ])
    expect(world.checkpoints.get('evaluated-by')).toBe('none')
  })

  it('to one that cannot be used is an alarm at each time, and kept in mind once', async () => {
    world.rules = { complete: false, problem: 'Row x has no target.' }
    const written: string[] = []
    const checkpoints = {
      ...ports.checkpoints,
      write: (name: 'evaluated-by', text: string) => {
        written.push(text)
        return ports.checkpoints.write(name, text)
      },
    }
    for (let times = 0; times < 2; times += 1) await evaluateAgainOnChange({ ...ports, checkpoints })
    const alarm = [
      'error',
      'The allow-list cannot be used: every request waits for manual review.',
      { metric: 'allowlist.unreadable', problem: 'Row x has no target.' },
    ]
    expect(logged).toEqual([alarm, alarm])
    expect(written).toEqual(['a list that cannot be used'])
  })
})

describe('work that is taken up again', () => {
  it('is a review that begins anew', async () => {
    world.work.arrange(target, { kind: 'due', series: seriesAt(world.time), dueAt: world.time })
    await finishOpenWork(ports)
    expect(world.sent.map(({ message }) => message)).toEqual([{ ...searched, attempt: 0 }])
  })

  it('of a review that failed again and again is put off, for an endpoint by the queue', async () => {
    const message = { ...world.message(5), isFollowUp: true, resourceId: endpoint('pe').id }
    await giveUpForNow(ports, message)
    expect(world.sent).toEqual([
      { message: { ...message, attempt: 0, isFollowUp: false }, delaySeconds: 600 },
    ])
    expect(logged).toEqual([
      [
        'error',
        'A review failed again and again; it is tried again in ten minutes.',
        { resourceId: endpoint('pe').id, correlationId: undefined },
      ],
    ])
  })
})

describe('a message', () => {
  it('that names no resource is said with its event', async () => {
    await review(ports, { ...world.message(), resourceId: 'x', correlationId: 'event-1' })
    expect(logged).toEqual([['warn', 'A review message names no resource.', { correlationId: 'event-1' }]])
  })

  it('about an endpoint, in whatever case its type is written, leads to its targets', async () => {
    world.endpointTargets = [target]
    const upper = endpoint('pe').id.replace('privateEndpoints', 'PRIVATEENDPOINTS')
    await review(ports, {
      ...world.message(3),
      resourceId: upper,
      isFollowUp: true,
      correlationId: 'event-1',
    })
    expect(world.sent).toEqual([
      {
        message: { ...searched, attempt: 3, isFromEndpoint: true, correlationId: 'event-1' },
        delaySeconds: 0,
      },
    ])
  })

  it('about an endpoint without targets is sent again while its series lasts', async () => {
    const message = { ...world.message(3), resourceId: endpoint('pe').id }
    await review(ports, message)
    await review(ports, { ...message, attempt: 7 })
    const followUp = { ...message, attempt: 4, isFollowUp: true, passNumber: 1 }
    expect(world.sent).toEqual([{ message: followUp, delaySeconds: 8 }])
  })

  it('leaves its event in the log', async () => {
    await pass()
    expect(world.log.map(({ correlationId }) => correlationId)).toEqual(['event-1', 'event-1'])
  })
})

describe('a notification that was written', () => {
  it('is hinted at, so that it comes sooner', async () => {
    const hinted: string[] = []
    const hints = { hint: (ref: string) => Promise.resolve(void hinted.push(ref)) }
    const ledger: ReviewPorts['ledger'] = {
      ...ports.ledger,
      write: async (...given) => ({
        ...(await ports.ledger.write(...given)),
        ...(given[2].notification && { notificationRef: 'outbox-1' }),
      }),
    }
    world.rules = { complete: true, rules: [], hash: 'none' }
    await review({ ...ports, hints, ledger }, world.message())
    world.rules = { complete: true, rules: [salesToLake], hash: 'more' }
    await review({ ...ports, hints, ledger }, world.message())
    expect(hinted).toEqual(['outbox-1', 'outbox-1'])
    expect(world.log).toHaveLength(3)
  })
})

describe('a target that only an endpoint of ours names', () => {
  it('and that cannot be read is not ours', async () => {
    world.listFailure = new TargetUnreadable('No permission.')
    await review(ports, { ...world.message(), isFromEndpoint: true })
    expect(logged).toEqual([
      ['info', 'An endpoint names a target that is not ours to read.', { target: target.id }],
    ])
    expect(world.log).toEqual([])
  })
})

describe('connections of a target that fail', () => {
  it('are each named in the log, and three of them in the error', async () => {
    const names = ['a', 'b', 'c', 'd']
    world.live = names.map((name) => connection(name))
    world.beforeProof = () => {
      throw new Error('broken')
    }
    await expect(pass()).rejects.toThrow(
      /^4 of the connections could not be settled: Error: broken; Error: broken; Error: broken$/,
    )
    expect(logged).toEqual(
      names.map((name) => [
        'warn',
        'A connection could not be settled.',
        { connection: connection(name).id.id, error: 'Error: broken' },
      ]),
    )
  })

  it('because their record names no ARM id say so', async () => {
    world.rules = { complete: true, rules: [], hash: 'none' }
    await pass()
    const [record] = world.unfinished()
    if (!record) throw new Error('Nothing is open.')
    const odd = { ...record.request, subject: { kind: 'target', targetId: 'x' } } as const
    const onePass = {
      ...{ ports, assertHeld: () => undefined, isFollowed: false, isFromEndpoint: false, conflicts: 0 },
      ...{
        correlationId: undefined,
        trouble: [],
        shown: [],
        evaluatedBy: undefined,
        isRecheck: true,
      },
    }
    expect(() => observe(onePass, { ...record, request: odd }, undefined)).toThrow(
      new RangeError('The ledger holds "x", which is no ARM id.'),
    )
  })
})

describe('what is not decided by this app says why', () => {
  it.each([
    [
      { status: 'S'.repeat(60) },
      'unknown-status',
      `The connection's status is "${'S'.repeat(50)}", which is not known here.`,
    ],
    [
      { writeSupport: 'no-operation' },
      'no-approving-operation',
      'Azure publishes no operation that approves or rejects connections of Microsoft.Storage/storageAccounts; it has to be done in the portal. Rule sales-to-lake (version 3) allows this request.',
    ],
    [
      { writeSupport: 'unlisted-type' },
      'type-not-in-table',
      'Microsoft.Storage/storageAccounts is not in the table of resource types, so nothing is approved or rejected for it. Rule sales-to-lake (version 3) allows this request.',
    ],
  ] as const)('%j', async (change, code, sentence) => {
    world.set('mpe', change)
    await pass()
    expect(world.log).toMatchObject([
      { reason: { code, sentence }, outcome: 'escalate', decidedBy: undefined },
    ])
  })

  it('beside others that cannot be read', async () => {
    world.listProblem = 'An item has no id.'
    await pass()
    expect(sentences()).toEqual([
      'An item has no id. Where no request is known there, the app tries for a day, and then again when an event, the sweep or a changed allow-list names the target.',
      'Other connections of this target cannot be read, so nobody knows whether one claims the same. An item has no id.',
    ])
    expect(world.log.map(({ subject }) => subjectId(subject))).toEqual([target.id, connection('mpe').id.id])
  })
})

describe('a burst is named by its source', () => {
  const within = 'came within 10 min; they wait for manual review as one burst case'

  beforeEach(() => {
    Object.assign(world.burstLimits, { perRequester: 1, perTarget: 1 })
    world.live = [connection('a'), connection('b')]
  })

  it('a confirmed managed requester', async () => {
    await pass()
    expect(sentences().at(-1)).toBe(
      `More than 1 requests of Data Factory adf-sales that a rule allows ${within}, b.1.1.`,
    )
    expect([...world.bursts.keys()]).toEqual([
      `approve requester:${factory.key}`,
      `approve target:${target.key}`,
    ])
  })

  it('the subscription of an endpoint that is not confirmed', async () => {
    world.proof = { ...world.proof, level: 'platform', requester: undefined }
    world.rules = { complete: true, rules: [], hash: 'none' }
    await pass()
    expect(world.log.at(-1)?.caseId).toBe('b.1.1')
    expect([...world.bursts.keys()][0]).toBe('escalate subscription:10e72cf9-4444-4b2c-8d3e-1f2a3b4c5d01')
  })

  it('no endpoint at all', async () => {
    world.live = world.live.map((one) => ({ ...one, endpoint: undefined }))
    world.proof = { ...world.proof, level: 'none', requester: undefined }
    world.rules = { complete: true, rules: [], hash: 'none' }
    await pass()
    expect([...world.bursts.keys()][0]).toBe('escalate no-endpoint')
  })

  it('the target, where the requester is within its limit', async () => {
    world.burstLimits.perRequester = 9
    await pass()
    expect(sentences().at(-1)).toBe(`More than 1 requests to stlake that a rule allows ${within}, b.1.1.`)
  })
})

describe('a decision that Azure does not take', () => {
  const facts = () => logged.find(([, line]) => String(line).startsWith('Azure does not take'))?.[2]

  it('is logged with its words in quotes, as in every sentence', async () => {
    world.outcomes = [{ kind: 'retry-after', afterSeconds: 5, code: 'Conflict', message: 'Say "no".' }]
    await pass()
    expect(facts()).toMatchObject({ words: `Conflict ("Say 'no'.")` })
  })

  it('is logged in the words of this app where Azure said nothing', async () => {
    const message = 'no usable response (ECONNRESET)'
    world.outcomes = [{ kind: 'unanswered', afterSeconds: 0, code: 'ECONNRESET', message, isOwn: true }]
    await pass()
    expect(facts()).toMatchObject({ words: message })
    expect(sentences().at(-1)).toBe(`Azure has not carried the decision out yet: ${message}.`)
  })

  it('and is refused in the words of this app is told without quotes', async () => {
    const message = 'the provisioning state of the connection became Failed'
    const refused = { kind: 'refused', code: 'ProvisioningFailed', message, isOwn: true } as const
    world.outcomes = [{ ...refused, passes: false }]
    await pass()
    expect(sentences().at(-1)).toContain(`Azure refused the decision: ${message}. `)
  })
})

it('a connection that a list lacks and a read shows is told in words of this app, without quotes', async () => {
  world.rules = { complete: true, rules: [], hash: 'none' }
  await pass()
  const { live } = world
  world.live = []
  const find = () => Promise.resolve(live[0])
  await review({ ...ports, connections: { ...ports.connections, find } }, world.message())
  const words = 'the list of the target lacks the connection mpe, and a read of it shows it'
  expect(logged.at(-1)?.[2]).toMatchObject({ metric: 'azure.fails', words })
})
