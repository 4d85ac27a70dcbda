import { beforeEach, describe, expect, it } from 'vitest'
import { subjectId } from '../../../shared/domain/request.ts'
import { TargetUnreadable } from '../../../shared/ports/azure.ts'
import { review } from '../../../shared/review/review-target.ts'
import { confirmed, connection, FakeReview, target } from '../../support/fake-review.ts'
import { seriesAt } from '../../support/fake-work.ts'

let world: FakeReview
const refused = new TargetUnreadable('The connections of stlake cannot be read: 403 AuthorizationFailed.')

beforeEach(() => {
  world = new FakeReview()
  world.live = [connection('mpe')]
})

const pass = (attempt = 9, isFromEndpoint = false) =>
  review(world.ports, { ...world.message(attempt), isFromEndpoint })

describe('a target whose connections cannot be read', () => {
  beforeEach(() => {
    world.listFailure = refused
  })

  it('goes to a person, once, as a request that stands for the target', async () => {
    await pass()
    await pass()
    expect(world.story()).toEqual(['escalated:open'])
    expect(world.log[0]).toMatchObject({
      subject: { kind: 'target', targetId: target.id },
      reason: { code: 'target-unreadable' },
    })
    expect(world.log[0]?.reason.sentence).toContain(refused.message)
    expect(world.logged).toEqual([expect.stringMatching(/^error The connections of a target cannot be read/)])
  })

  it('is told of only after the review passes that may still find it readable', async () => {
    await pass(0)
    expect(world.log).toEqual([])
    expect(world.sent).toHaveLength(1)
  })

  it('is told of by the first look of a series that new events kept from telling', async () => {
    world.hasWaitedLong = true
    await pass(0)
    expect(world.story()).toEqual(['escalated:open'])
    expect(world.sent).toHaveLength(1)
  })

  it('is told of when anything but an endpoint has named it in this series', async () => {
    world.work.arrange(target, {
      kind: 'due',
      series: seriesAt(world.time, { attempt: 7 }),
      dueAt: world.time,
    })
    await review(world.ports, { ...world.message(7), isFollowUp: true, isFromEndpoint: true })
    expect(world.story()).toEqual(['escalated:open'])
  })

  it('is told of anew when the reason is another', async () => {
    await pass()
    world.listFailure = new TargetUnreadable('The subscription of stlake is unknown to this cloud.')
    await pass()
    expect(world.log.map(({ episode, sequence }) => [episode, sequence])).toEqual([
      [1, 1],
      [1, 2],
    ])
  })

  it('is nobody’s business here when only an endpoint of ours names it', async () => {
    await pass(9, true)
    expect(world.log).toEqual([])
    expect(world.logged).toEqual([expect.stringMatching(/^info/)])
  })

  it('is closed when it can be read, and its connections are settled in the same look', async () => {
    await pass()
    world.listFailure = undefined
    await pass()
    expect(world.story()).toEqual([
      'escalated:open',
      'intent:applying approve',
      'result:applied approve',
      'observed:withdrawn',
    ])
  })

  it('is a new episode when it cannot be read once more', async () => {
    await pass()
    world.listFailure = undefined
    await pass()
    world.listFailure = refused
    await pass()
    expect(world.log.at(-1)).toMatchObject({ subject: { targetId: target.id }, episode: 2, state: 'open' })
  })
})

describe('a target of whose connections a part cannot be read', () => {
  const sentence = 'The list of connections has an item whose id is "x".'

  it('has none of the others answered, because the one that is hidden may claim the same', async () => {
    world.listProblem = sentence
    await pass()
    await pass()
    expect(world.writes).toEqual([])
    expect(world.log.map(({ subject, reason }) => [subjectId(subject), reason.code])).toEqual([
      [target.id, 'target-unreadable'],
      [world.live[0]?.id.id, 'target-unreadable'],
    ])
  })

  it('is notified of although one of its connections fails each time', async () => {
    world.listProblem = sentence
    world.proofFailure = new Error('No proof today.')
    await expect(pass()).rejects.toThrow('No proof today.')
    expect(world.log.map(({ subject, reason }) => [subjectId(subject), reason.code])).toEqual([
      [target.id, 'target-unreadable'],
    ])
  })

  it('has nobody taken for gone who is only hidden', async () => {
    world.proof = { ...confirmed, level: 'platform', requester: undefined }
    await pass()
    world.live = []
    world.listProblem = sentence
    await pass()
    expect(world.story()).toEqual(['escalated:open', 'escalated:open'])
  })

  it('is settled as ever when all can be read again', async () => {
    world.listProblem = sentence
    await pass()
    world.listProblem = undefined
    await pass()
    expect(world.story().slice(2)).toEqual([
      'intent:applying approve',
      'result:applied approve',
      'observed:withdrawn',
    ])
  })
})

describe('a request that a rule allows', () => {
  it.each([
    ['no-operation', 'no-approving-operation', /publishes no operation/],
    ['unlisted-type', 'type-not-in-table', /not in the table of resource types/],
  ] as const)('goes to a person where the answering is %s', async (writeSupport, code, sentence) => {
    world.live = [connection('mpe', { writeSupport })]
    await pass()
    await pass()
    expect(world.writes).toEqual([])
    expect(world.log).toHaveLength(1)
    expect(world.log[0]?.reason.code).toBe(code)
    expect(world.log[0]?.reason.sentence).toMatch(sentence)
    expect(world.log[0]?.reason.sentence).toMatch(/sales-to-lake.* allows this request/)
  })
})
