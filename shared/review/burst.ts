import type { BurstLimits } from '../domain/burst.ts'
import type { Request } from '../domain/request.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import { isManagedKind, spokenRequester } from '../domain/requester-kind.ts'
import type { Outcome } from '../domain/verdict.ts'
import { type Count, countRequest } from '../policy/index.ts'
import { LedgerConflict } from '../ports/ledger.ts'
import { holdsSource } from '../request/hold.ts'
import type { BurstCase, Evaluated } from '../request/step.ts'
import type { ReviewPorts } from './ports.ts'

const msPerMinute = 60_000
/** More unfinished requests of a case are not read: then it holds, whatever the rules. */
const maxOfCase = 100
/** The newest case of a source is another one each time only while bursts begin. */
const maxTries = 3

/** The request that is counted. */
interface ToCount {
  readonly evaluated: Evaluated
  /** By the policy; `escalate` for one that stays on hold whatever the policy says. */
  readonly outcome: Outcome
  readonly episode: number
  /** The id of a case that this request opens. */
  readonly entryId: string
  /** True when it was on hold before: it opens no case. */
  readonly isRelease: boolean
}

/** The question about a target that is counted. */
interface UnreadableToCount extends Pick<ToCount, 'episode' | 'entryId'> {
  readonly target: ResourceId
}

interface Counting extends Pick<ToCount, 'outcome' | 'entryId' | 'isRelease'> {
  readonly key: string
  /** True when the unfinished requests of an open case hold the request; undefined: no case does. */
  readonly isHeldBy: ((ofCase: readonly Request[]) => boolean) | undefined
}

interface Source {
  readonly key: string
  /** Part of a sentence after "More than 50". */
  readonly words: string
  readonly max: number
}

/**
 * Counts a request at its requester and, when that is within its limit, at its target. Returns the case of the one
 * that is over; undefined when none is.
 * @throws LedgerConflict when others count at the same source again and again.
 */
export async function countAtSources(
  ports: ReviewPorts,
  { evaluated, outcome, episode, entryId, isRelease }: ToCount,
): Promise<BurstCase | undefined> {
  const { connection, verdict } = evaluated
  const key = ports.bursts.requestKey(connection.id, episode)
  const isHeldBy = (ofCase: readonly Request[]) => holdsSource(ofCase, connection.target, verdict)
  return countAt(ports, sourcesOf(evaluated, outcome, ports.burstLimits), {
    ...{ key, outcome, entryId, isRelease },
    isHeldBy: outcome === 'approve' ? isHeldBy : undefined,
  })
}

/**
 * Counts a question about a target that cannot be read at its subscription and, when that is within its limit, among
 * all of them: subscriptions can be made up like targets. Returns its case; undefined when it has none.
 * @throws LedgerConflict when others count at the same source again and again.
 */
export async function countUnreadable(
  ports: ReviewPorts,
  { target, episode, entryId }: UnreadableToCount,
): Promise<BurstCase | undefined> {
  const { perRequester, perTarget } = ports.burstLimits
  const { subscriptionId } = target
  const targets = 'targets that cannot be read'
  const sources: readonly Source[] = [
    {
      key: `unreadable:${subscriptionId}`,
      words: `${targets}, of subscription ${subscriptionId},`,
      max: perRequester,
    },
    { key: 'unreadable', words: targets, max: perTarget },
  ]
  const key = ports.bursts.requestKey(target, episode)
  return countAt(ports, sources, {
    ...{ key, outcome: 'escalate', entryId, isRelease: false, isHeldBy: undefined },
  })
}

async function countAt(
  ports: ReviewPorts,
  sources: readonly Source[],
  counting: Counting,
): Promise<BurstCase | undefined> {
  const { windowMs } = ports.burstLimits
  for (const source of sources) {
    const { caseId, isJoining } = await countAtSource(ports, source, counting)
    if (caseId === undefined) continue
    const { max, words } = source
    const sentence = isJoining
      ? `${capitalized(words)} wait in burst case ${caseId}, which is still open; this one joins them.`
      : `More than ${max} ${words} came within ${windowMs / msPerMinute} min; ` +
        `they wait for manual review as one burst case, ${caseId}.`
    return { caseId, isJoining, reason: { code: 'burst-limit', sentence } }
  }
  return undefined
}

/** Counts, and looks up the newest case of the source where that decides. */
async function countAtSource(
  { bursts, burstLimits: { windowMs }, ledger, now }: ReviewPorts,
  { key: source, max }: Source,
  { key, outcome, entryId, isRelease, isHeldBy }: Counting,
): Promise<Count> {
  const isHolding = new Map<string, boolean>()
  const toCount = {
    ...{ key, at: now().getTime(), decisionId: entryId, isRelease },
    isHeldBy: isHeldBy && ((caseId: string) => isHolding.get(caseId)),
  }
  for (let tries = 1; tries <= maxTries; tries += 1) {
    const count = await bursts.change({ source, outcome }, (before) =>
      countRequest(before, toCount, { max, windowMs }),
    )
    if (count.inQuestion === undefined) return count
    const { requests, isWhole } = await ledger.openInCase(count.inQuestion, maxOfCase)
    isHolding.set(count.inQuestion, !isWhole || (isHeldBy?.(requests) ?? false))
  }
  throw new LedgerConflict('Others open cases at the same source.')
}

/** True while a request of the case is unfinished: the case must not be forgotten. */
export async function isOpenCase({ ledger }: Pick<ReviewPorts, 'ledger'>, caseId: string): Promise<boolean> {
  const { requests, isWhole } = await ledger.openInCase(caseId, 1)
  return !isWhole || requests.length > 0
}

/**
 * The source of a request. A confirmed managed requester is counted by its id; any other by the subscription of the
 * endpoint, which Azure writes: names of endpoints cost nothing, and each would be a source of its own.
 */
function sourcesOf(
  evaluated: Evaluated,
  outcome: Outcome,
  { perRequester, perTarget }: BurstLimits,
): readonly Source[] {
  const { target } = evaluated.connection
  const { key, words } = requesterSource(evaluated)
  const said = saidByPolicy[outcome]
  return [
    { key, words: `requests ${words} ${said}`, max: perRequester },
    { key: `target:${target.key}`, words: `requests to ${target.name} ${said}`, max: perTarget },
  ]
}

function requesterSource({
  connection: { endpoint },
  proof: { requester },
}: Evaluated): Pick<Source, 'key' | 'words'> {
  if (requester && isManagedKind(requester.kind)) {
    const { kind, id } = requester
    return { key: `requester:${id.key}`, words: `of ${spokenRequester(kind, id.name)}` }
  }
  if (!endpoint) return { key: 'no-endpoint', words: 'without an endpoint id' }
  const { subscriptionId } = endpoint
  return { key: `subscription:${subscriptionId}`, words: `of subscription ${subscriptionId}` }
}

function capitalized(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

const saidByPolicy: Readonly<Record<Outcome, string>> = {
  approve: 'that a rule allows',
  reject: 'that a rule denies',
  escalate: 'that need manual review',
}
