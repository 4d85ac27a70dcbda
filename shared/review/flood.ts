import type { FloodLimits } from '../domain/flood.ts'
import { isManagedKind, spokenRequester } from '../domain/requester-kind.ts'
import type { Outcome, Reason } from '../domain/verdict.ts'
import { countRequest } from '../policy/index.ts'
import type { Judged } from './entries.ts'
import type { Look } from './look.ts'
import type { ConnectionRecord } from '../ports/ledger.ts'

const msPerMinute = 60_000

/** The case that requests of a flood are gathered in. */
export interface FloodCase {
  readonly caseId: string
  readonly reason: Reason
}

interface Source {
  readonly key: string
  /** As it stands in a sentence after "More than 50 requests". */
  readonly words: string
  readonly most: number
}

/**
 * Counts a request at its requester and, when that is within its limit, at its target. Returns the case of the one
 * that is over; says it aloud when the request is the one that opens the case.
 * @param isRelease the request was kept back before; it opens no case.
 * @throws LedgerConflict when others count at the same source again and again.
 */
export async function countAtSources(
  look: Look,
  record: ConnectionRecord | undefined,
  judged: Judged,
  isRelease = false,
): Promise<FloodCase | undefined> {
  const { floods, floodLimits, ledger, log, now } = look.ports
  const { connection, episode, verdict } = judged
  const { outcome } = verdict
  const decisionId = ledger.nextDecisionId(connection.id, record, episode)
  const key = floods.requestKey(connection.id, episode)
  const { windowMs } = floodLimits
  for (const { key: source, words, most } of sourcesOf(judged, floodLimits)) {
    const { caseId } = await floods.change({ source, outcome }, (before) =>
      countRequest(before, { key, at: now().getTime(), decisionId, isRelease }, { most, windowMs }),
    )
    if (caseId === undefined) continue
    const minutes = windowMs / msPerMinute
    if (caseId === decisionId && !isRelease) {
      log.error('A flood of requests is gathered into one case.', {
        metric: 'flood.case',
        source,
        outcome,
        count: most + 1,
        minutes,
        caseId,
      })
    }
    const sentence =
      `More than ${most} requests ${words} ${whatPolicySays[outcome]} came within ${minutes} min; ` +
      `they go to a person as one case, ${caseId}.`
    return { caseId, reason: { code: 'flood', sentence } }
  }
  return undefined
}

/**
 * Who is counted. A managed requester that is confirmed is counted by its id; everybody else by the subscription of
 * the endpoint, which Azure writes: names of endpoints cost nothing, and each would be a source of its own.
 */
function sourcesOf(judged: Judged, { perRequester, perTarget }: FloodLimits): readonly Source[] {
  const { target } = judged.connection
  return [
    { ...whoAsks(judged), most: perRequester },
    { key: `target:${target.key}`, words: `to ${target.name}`, most: perTarget },
  ]
}

function whoAsks({ connection: { endpoint }, proof: { requester } }: Judged): Pick<Source, 'key' | 'words'> {
  if (requester && isManagedKind(requester.kind)) {
    const { kind, id } = requester
    return { key: `requester:${id.key}`, words: `of ${spokenRequester(kind, id.name)}` }
  }
  if (!endpoint) return { key: 'no-endpoint', words: 'without an endpoint id' }
  const { subscriptionId } = endpoint
  return { key: `subscription:${subscriptionId}`, words: `of subscription ${subscriptionId}` }
}

const whatPolicySays: Readonly<Record<Outcome, string>> = {
  approve: 'that a rule allows',
  reject: 'that a rule denies',
  escalate: 'that a person has to decide',
}
