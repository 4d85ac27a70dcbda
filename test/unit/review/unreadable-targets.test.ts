import { beforeEach, describe, expect, it } from 'vitest'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import { TargetUnreadable } from '../../../shared/ports/azure.ts'
import { connection, FakeReview, id, target } from '../../support/fake-review.ts'

const minute = 60_000
const givenUpWords =
  'Where no request is known there, the app tries for a day, and then again when an event, the sweep or a changed allow-list names the target.'
const ofCase = 'error Too many requests came at once; they wait for manual review as one case.'
const ofOne = 'error The connections of a target cannot be read; manual review is needed.'
let world: FakeReview

beforeEach(() => {
  world = new FakeReview()
  world.listFailure = new TargetUnreadable('No such target.')
})

/** Targets of one subscription that somebody made up. */
function madeUp(count: number, name = 'made-up'): readonly ResourceId[] {
  return Array.from({ length: count }, (_, index) => id(`${target.id}-${name}-${index + 1}`))
}

async function reviewAll(targets: readonly ResourceId[], attempt = 9): Promise<void> {
  for (const one of targets) await world.review(one, attempt)
}

const said = (line: string) => world.logged.filter((other) => other === line).length
const cases = () => new Set(world.log.flatMap(({ caseId }) => caseId ?? []))

describe('two hundred targets of one subscription that cannot be read', () => {
  beforeEach(() => reviewAll(madeUp(200)))

  it('are fifty questions and one case, with one alert for all the others', () => {
    expect([said(ofOne), said(ofCase), world.logged.length]).toEqual([50, 1, 51])
    expect(cases()).toEqual(new Set(['stlake-made-up-51.1.1']))
    expect(world.unfinished()).toHaveLength(200)
  })

  it('each keep the reason why a person is asked, and the case of the first one beyond the limit', () => {
    expect(new Set(world.log.map(({ reason }) => `${reason.code} ${reason.sentence}`))).toEqual(
      new Set([`target-unreadable No such target. ${givenUpWords}`]),
    )
    expect(world.log.filter(({ caseId }) => caseId === 'stlake-made-up-51.1.1')).toHaveLength(150)
  })

  it('are not counted or written about at the next passes', async () => {
    const before = [world.burstCalls, world.log.length]
    await reviewAll(madeUp(200))
    await reviewAll(madeUp(200), 0)
    expect([world.burstCalls, world.log.length]).toEqual(before)
  })

  it('are closed when they can be read again, those of the case, too', async () => {
    world.listFailure = undefined
    await reviewAll(madeUp(200))
    expect(world.unfinished()).toEqual([])
  })

  it('do not stop a request of a proven factory on a target of the same subscription', async () => {
    world.listFailure = undefined
    world.live = [connection('mpe')]
    await world.review()
    expect(world.writes).toHaveLength(1)
  })

  it('are told of anew when more come later', async () => {
    world.time += 11 * minute
    await reviewAll(madeUp(60, 'later'))
    expect([said(ofOne), said(ofCase)]).toEqual([100, 2])
  })
})

describe('targets that cannot be read', () => {
  it('in made-up subscriptions, each another one, are one case beyond the limit of all together', async () => {
    const guid = (index: number) => `bad0cafe-0000-4000-8000-${String(index).padStart(12, '0')}`
    await reviewAll(madeUp(120).map((one, index) => id(one.id.replace(target.subscriptionId, guid(index)))))
    expect([said(ofOne), said(ofCase)]).toEqual([100, 1])
  })

  it('whose lists are readable in part are counted in the same way', async () => {
    world.listFailure = undefined
    world.listProblem = 'An item has no id.'
    world.burstLimits.perRequester = 2
    await reviewAll(madeUp(4))
    expect([said(ofOne), said(ofCase)]).toEqual([2, 1])
  })

  it('for another reason than before are a question that is counted, too', async () => {
    world.burstLimits.perRequester = 2
    await reviewAll(madeUp(2))
    world.time += 11 * minute
    world.listFailure = new TargetUnreadable('Another reason.')
    await reviewAll(madeUp(4))
    expect([said(ofOne), said(ofCase)]).toEqual([4, 1])
  })

  it('are counted at their subscription and among all, in counters of their own', async () => {
    await world.review()
    expect([...world.bursts.keys()]).toEqual([
      `escalate unreadable:${target.subscriptionId}`,
      'escalate unreadable',
    ])
  })

  it('are not counted while passes follow', async () => {
    await world.review(target, 0)
    expect(world.burstCalls).toBe(0)
  })

  it('are asked about again where the review died after it had counted, as the same question', async () => {
    world.burstLimits.perRequester = 1
    await reviewAll(madeUp(1))
    world.onLedgerWrite = () => {
      throw new Error('The host died.')
    }
    await expect(world.review(target)).rejects.toThrow('The host died.')
    world.onLedgerWrite = () => undefined
    await world.review(target)
    expect(world.log.at(-1)).toMatchObject({ caseId: 'stlake.1.1', decisionId: 'stlake.1.1' })
  })
})
