import { visible } from '../domain/printable.ts'
import { foldCase } from '../domain/fold-case.ts'
import { subjectId } from '../domain/request.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { WorkState } from '../domain/target-work.ts'
import type { PendingSearched } from '../ports/azure.ts'
import { rememberedMs } from '../request/claim-seen.ts'
import { asSearched } from './ask-for-review.ts'
import { isOpenCase } from './burst.ts'
import { eachApart } from './each-apart.ts'
import { momentOf } from './lease.ts'
import type { ReviewPorts } from './ports.ts'
import { type Shown, showPending } from './shown-pending.ts'
import { isInTrouble } from './trouble.ts'

/** Index rows of this span are checked at each sweep; a crash leaves out at most the newest. */
const repairedSpanMs = 24 * 3600 * 1000
/** One would do, were the clocks of all instances the same. */
const windowsKept = 2
const sweepMs = 5 * 60 * 1000
const sweepsPerHour = 12

/** How much each part of a sweep found to do. */
export interface Swept {
  /** Targets that show a Pending connection which is not known yet. */
  readonly targets: number
  /** Targets whose connections no search shows, and that were due for a visit. */
  readonly visited: number
  readonly repaired: number
  readonly forgotten: number
}

/**
 * Catches missed events: finds targets with Pending connections in Resource Graph and sends a review to each; targets
 * of types that the graph does not show are visited once an hour. Also repairs index rows and deletes old bursts and claims. A
 * failing part does not stop the others.
 */
export async function sweep(ports: ReviewPorts): Promise<Swept> {
  const { search, ledger, bursts, burstLimits, claims, now } = ports
  const before = (spanMs: number) => new Date(now().getTime() - spanMs)
  const parts = await Promise.allSettled([
    search.targetsWithPending().then((searched) => sendNews(ports, searched)),
    search.targetsNotShown().then((targets) => sendPasses(ports, targets.filter(isTurnOf(now())))),
    ledger.repairIndexes(before(repairedSpanMs)),
    bursts.forgetBefore(before(windowsKept * burstLimits.windowMs), (caseId) => isOpenCase(ports, caseId)),
    claims.forgetBefore(before(rememberedMs)),
  ])
  const failures = parts.flatMap((part): unknown[] => (part.status === 'rejected' ? [part.reason] : []))
  if (failures.length > 0) {
    const what = failures.map(String).join('; ')
    ports.log.error('The sweep could not do all of its work: a missed event may stay unseen.', {
      metric: 'sweep.failed',
      problem: visible(what),
    })
    throw new AggregateError(failures, `The sweep could not do all of its work: ${what}`)
  }
  const [targets = 0, visited = 0, repaired = 0, oldBursts = 0, oldClaims = 0] = parts.map((part) =>
    part.status === 'fulfilled' ? part.value : 0,
  )
  const swept = { targets, visited, repaired, forgotten: oldBursts + oldClaims }
  ports.log.info('Swept.', swept)
  return swept
}

async function sendPasses(ports: ReviewPorts, targets: readonly ResourceId[]): Promise<number> {
  for (const target of targets) {
    await ports.queue.enqueue(asSearched(target))
  }
  return targets.length
}

/**
 * Sends passes to targets with a Pending connection that is not known. Those that are known have a time of their own,
 * unless nothing is left of it; so have those at which Azure fails. What is not known, in trouble, or Pending again, stays
 * with the open work of its target, until it is known and settled or no longer found.
 * @throws AggregateError where what is stored of some targets cannot be used; all others have their passes.
 */
async function sendNews(ports: ReviewPorts, { found, isWhole }: PendingSearched): Promise<number> {
  const { ledger, work } = ports
  const listed = await work.list()
  const show = (target: ResourceId, shown: Omit<Shown, 'isWhole'>) =>
    work.change(target, (state) => showPending(state, { ...shown, isWhole }, momentOf(ports)))
  const foundKeys = new Set(found.map(({ target }) => target.key))
  const forgetting = listed.flatMap((one) =>
    one.kind === 'work' && one.state.series.shown && !foundKeys.has(one.target.key)
      ? [() => show(one.target, { pending: [], inDoubt: [], isBack: [] })]
      : [],
  )
  const states = new Map(
    listed.flatMap((one) => (one.kind === 'work' ? [[one.target.key, one.state] as const] : [])),
  )
  let count = 0
  const sending = found.map(({ target, connectionIds }) => async () => {
    const state = states.get(target.key)
    const unfinished = await ledger.unfinishedOn(target)
    const episodes = new Map(
      unfinished.map(({ request }) => [foldCase(subjectId(request.subject)), request.episode] as const),
    )
    const unknown = connectionIds.filter((id) => !episodes.has(foldCase(id)))
    const { trouble = [], shown } = state?.series ?? {}
    const inTrouble = connectionIds.filter(
      (id) => episodes.has(foldCase(id)) && isInTrouble(trouble, foldCase(id)),
    )
    const isBack = connectionIds.filter((id) => (episodes.get(foldCase(id)) ?? 0) > 1)
    const inDoubt = [...unknown, ...inTrouble]
    if (inDoubt.length > 0 || isBack.length > 0 || shown)
      await show(target, { pending: connectionIds, inDoubt, isBack })
    if (!state || !haveOwnTimes(state, target, unknown, ports.now().getTime()))
      count += await sendPasses(ports, [target])
  })
  await eachApart([...forgetting, ...sending], (work) => work())
  return count
}

/**
 * True when each of these connections is in trouble, and Azure is asked about it again at its own times; or the whole
 * target is, and the next pass is not much later than the next sweep.
 */
function haveOwnTimes(
  { kind, series, ...state }: WorkState,
  target: ResourceId,
  unknown: readonly string[],
  at: number,
): boolean {
  if (unknown.length === 0) return true
  const { trouble = [], isFromEndpoint } = series
  // That Resource Graph shows them makes the target ours, even if only an endpoint has named it so far.
  if (isFromEndpoint || kind === 'resting') return false
  if (!isInTrouble(trouble, target.key)) return unknown.every((id) => isInTrouble(trouble, foldCase(id)))
  return !('dueAt' in state) || state.dueAt <= at + 2 * sweepMs
}

/** Every target has its own five minutes of the hour, so that a thousand web sites are not all listed at once. */
function isTurnOf(at: Date): (target: ResourceId) => boolean {
  const turn = Math.floor(at.getTime() / sweepMs) % sweepsPerHour
  return ({ key }) => numberOf(key) % sweepsPerHour === turn
}

/** A number that spreads ids evenly and is the same at every sweep. */
function numberOf(key: string): number {
  return Array.from(key).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003, 7)
}
