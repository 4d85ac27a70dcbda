import type { HeldBack } from '../domain/decision.ts'
import type { FloodLimits } from '../domain/flood.ts'
import { isManagedKind, spokenRequester } from '../domain/requester-kind.ts'
import type { Outcome, Reason } from '../domain/verdict.ts'
import { countRequest } from '../policy/index.ts'
import type { Judged } from './entries.ts'
import { byDecidingRule, heldBackNow, isLetGo } from './held-back.ts'
import type { Look } from './look.ts'
import type { ConnectionRecord } from './ports.ts'

const msPerMinute = 60_000

/** A flood that a request came in, or the rival it had before: what keeps an automatic answer back. */
export interface Flood {
  readonly caseId: string | undefined
  readonly reason: Reason
  /** The automatic answer that is kept back; undefined when a person is asked anyway. */
  readonly heldBack: HeldBack | undefined
}

interface Source {
  readonly key: string
  /** As it stands in a sentence after "More than 50 requests". */
  readonly words: string
  readonly most: number
}

/**
 * What keeps an automatic answer back; undefined when nothing does. An answer that was kept back once, by a flood or
 * by a rival that claimed the same, is not given later in the same episode, unless people have changed the rules
 * since so that another rule, or another version of it, decides; and then only within the limits of its sources.
 */
export async function floodOf(
  look: Look,
  record: ConnectionRecord | undefined,
  judged: Judged,
): Promise<Flood | undefined> {
  const { verdict, episode } = judged
  const request = record?.request.episode === episode ? record.request : undefined
  const held = request?.heldBack
  if (held && !isLetGo(held, verdict)) return staying(request.caseId, byDecidingRule(held, verdict))
  const flood = await countAtSources(look, record, judged, held !== undefined)
  if (!flood) return undefined
  if (held?.why === 'rival') return { ...flood, heldBack: held }
  return held ? staying(request.caseId, held) : { ...flood, heldBack: heldBackNow('flood', verdict) }
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
): Promise<Flood | undefined> {
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
    return { caseId, reason: { code: 'flood', sentence }, heldBack: undefined }
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

function staying(caseId: string | undefined, heldBack: HeldBack): Flood {
  if (heldBack.why === 'rival') return { caseId, reason: rivalBefore, heldBack }
  const sentence =
    `The request came in the flood of case ${caseId ?? 'unknown'} and stays with a person; a new version of the ` +
    'rule lets it go.'
  return { caseId, reason: { code: 'flood', sentence }, heldBack }
}

const rivalBefore: Reason = {
  code: 'rival-claimed-before',
  sentence:
    'Another connection claimed the same endpoint name before; a person has to say which of the two was meant.',
}
