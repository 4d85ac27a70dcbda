import type { BurstLimits } from '../domain/burst.ts'
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

interface Source {
  readonly key: string
  /** Part of a sentence after "More than 50 requests". */
  readonly words: string
  readonly max: number
}

/**
 * Counts a request at its requester and, when that is within its limit, at its target. Returns the case of the one
 * that is over; undefined when none is.
 * @throws LedgerConflict when others count at the same source again and again.
 */
export async function countAtSources(
  { bursts, burstLimits, now }: ReviewPorts,
  { evaluated, episode, entryId, isRelease }: ToCount,
): Promise<BurstCase | undefined> {
  const { connection, verdict } = evaluated
  const { outcome } = verdict
  const key = bursts.requestKey(connection.id, episode)
  const { windowMs } = burstLimits
  for (const { key: source, words, max } of sourcesOf(evaluated, burstLimits)) {
    const { caseId } = await bursts.change({ source, outcome }, (before) =>
      countRequest(
        before,
        { key, at: now().getTime(), decisionId: entryId, isRelease },
        { max: max, windowMs },
      ),
    )
    if (caseId === undefined) continue
    const sentence =
      `More than ${max} requests ${words} ${saidByPolicy[outcome]} came within ${windowMs / msPerMinute} min; ` +
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
  const { target } = evaluated.connection
  return [
    { ...requesterSource(evaluated), max: perRequester },
    { key: `target:${target.key}`, words: `to ${target.name}`, max: perTarget },
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
