import type { BurstLimits } from '../domain/burst.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import { isManagedKind, spokenRequester } from '../domain/requester-kind.ts'
import type { Outcome } from '../domain/verdict.ts'
import { countRequest } from '../policy/index.ts'
import type { BurstCase, Evaluated } from '../request/step.ts'
import type { ReviewPorts } from './ports.ts'

const msPerMinute = 60_000

/** The request that is counted. */
interface ToCount {
  readonly evaluated: Evaluated
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

interface Counting extends Pick<ToCount, 'entryId' | 'isRelease'> {
  readonly key: string
  readonly outcome: Outcome
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
  { evaluated, episode, entryId, isRelease }: ToCount,
): Promise<BurstCase | undefined> {
  const { connection, verdict } = evaluated
  const { outcome } = verdict
  const key = ports.bursts.requestKey(connection.id, episode)
  const counted = { key, outcome, entryId, isRelease }
  return countAt(ports, sourcesOf(evaluated, ports.burstLimits), counted)
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
  return countAt(ports, sources, { key, outcome: 'escalate', entryId, isRelease: false })
}

async function countAt(
  { bursts, burstLimits: { windowMs }, now }: ReviewPorts,
  sources: readonly Source[],
  { key, outcome, entryId, isRelease }: Counting,
): Promise<BurstCase | undefined> {
  for (const { key: source, words, max } of sources) {
    const { caseId } = await bursts.change({ source, outcome }, (before) =>
      countRequest(
        before,
        { key, at: now().getTime(), decisionId: entryId, isRelease },
        { max: max, windowMs },
      ),
    )
    if (caseId === undefined) continue
    const sentence =
      `More than ${max} ${words} came within ${windowMs / msPerMinute} min; ` +
      `they wait for manual review as one burst case, ${caseId}.`
    return { caseId, reason: { code: 'burst-limit', sentence } }
  }
  return undefined
}

/**
 * The source of a request. A confirmed managed requester is counted by its id; any other by the subscription of the
 * endpoint, which Azure writes: names of endpoints cost nothing, and each would be a source of its own.
 */
function sourcesOf(evaluated: Evaluated, { perRequester, perTarget }: BurstLimits): readonly Source[] {
  const { connection, verdict } = evaluated
  const { target } = connection
  const { key, words } = requesterSource(evaluated)
  const said = saidByPolicy[verdict.outcome]
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

const saidByPolicy: Readonly<Record<Outcome, string>> = {
  approve: 'that a rule allows',
  reject: 'that a rule denies',
  escalate: 'that need manual review',
}
