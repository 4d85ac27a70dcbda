import type { Claim, Fate, PersonsNo } from '../domain/claim.ts'
import { visible } from '../domain/printable.ts'
import { isSameName, type ResourceId } from '../domain/resource-id.ts'
import type { Reason, Verdict } from '../domain/verdict.ts'
import { rememberedMs } from './claim-seen.ts'
import { isNewSince, knownRulesOf, releaseBy } from './hold.ts'

const maxIdShown = 300
const maxCompetingShown = 2

/** What is remembered that concerns one endpoint. */
export interface Remembered {
  readonly own: Claim | undefined
  /** Claims of other endpoints to the same name. */
  readonly competing: readonly Claim[]
  /** Claims with a person's “no” to this endpoint or to its name. */
  readonly refused: readonly Claim[]
}

/** Why a rule does not approve an endpoint by itself, and the claims as they are to be written. */
export interface Barrier {
  readonly reason: Reason
  readonly changed: readonly Claim[]
}

/**
 * What keeps a rule from approving an endpoint: a competing claim or a person's “no”, until a person has approved
 * exactly this endpoint, or another rule decides than those that were known then. Undefined when nothing does.
 */
export function barrierOf(
  endpoint: ResourceId,
  remembered: Remembered,
  verdict: Verdict,
  now: Date,
): Barrier | undefined {
  const refused = remembered.refused.filter((claim) => isRefused(claim, remembered.own, verdict))
  const since = contestedSince(remembered, now)
  const contested = since !== undefined && !isReleased(remembered.own, since, verdict) ? since : undefined
  const [no] = refused
  if (!no && contested === undefined) return undefined
  const claimed = contested === undefined ? '' : claimedBefore(endpoint, remembered, verdict)
  return {
    reason: no?.refusal
      ? { code: 'rejected-before', sentence: `${rejectedBefore(endpoint, no, no.refusal)} ${claimed}`.trim() }
      : { code: 'competing-claim-before', sentence: claimed },
    changed: [
      ...refused
        .filter((claim) => claim !== remembered.own)
        .flatMap((claim) => withRules(claim, verdict) ?? []),
      ...(remembered.own ? ownAfter(remembered.own, refused, contested, verdict, now) : []),
    ],
  }
}

/** A person's “no” is over when a person approved exactly this endpoint since, or a rule that is new since decides. */
function isRefused({ endpointId, refusal }: Claim, own: Claim | undefined, { decidedBy }: Verdict): boolean {
  if (!refusal) return false
  const approvedAt = own?.approvedAt
  const isOfOther = own === undefined || !isSameName(own.endpointId, endpointId)
  const isApprovedSince =
    approvedAt !== undefined && (approvedAt > refusal.at || (isOfOther && approvedAt === refusal.at))
  return !isApprovedSince && !isNewSince(refusal.knownRules, decidedBy)
}

/** When the newest competing claim was first seen; undefined when there is none. */
function contestedSince({ own, competing }: Remembered, now: Date): string | undefined {
  const doubtedAt = own?.doubt && isRecent(own.doubt.at, now) ? [own.doubt.at] : []
  return [...competing.map(({ firstSeenAt }) => firstSeenAt), ...doubtedAt].sort().at(-1)
}

function isRecent(at: string, now: Date): boolean {
  return now.getTime() - Date.parse(at) < rememberedMs
}

/** The rule must be new since people were notified that this endpoint is on hold, not only since the first claim. */
function isReleased(own: Claim | undefined, since: string, { decidedBy }: Verdict): boolean {
  if (own?.approvedAt !== undefined && own.approvedAt > since) return true
  return own?.held !== undefined && own.held.at >= since && isNewSince(own.held.knownRules, decidedBy)
}

function ownAfter(
  own: Claim,
  refused: readonly Claim[],
  contested: string | undefined,
  verdict: Verdict,
  now: Date,
): readonly Claim[] {
  const noted = refused.includes(own) ? withRules(own, verdict) : undefined
  const isHeldAnew = contested !== undefined && !(own.held && own.held.at >= contested)
  if (!isHeldAnew) return noted ? [noted] : []
  const held = { at: now.toISOString(), knownRules: knownRulesOf(verdict.explanation) }
  return [{ ...(noted ?? own), held }]
}

/** A person's “no” that came while the allow-list could not be used: the rules that are known now. */
function withRules(claim: Claim, { explanation }: Verdict): Claim | undefined {
  const { refusal } = claim
  if (!refusal || refusal.knownRules !== undefined) return undefined
  return { ...claim, refusal: { ...refusal, knownRules: knownRulesOf(explanation) } }
}

function rejectedBefore(
  endpoint: ResourceId,
  { endpointId }: Claim,
  { at, fate, knownRules }: PersonsNo,
): string {
  const which = isSameName(endpointId, endpoint.id)
    ? `this endpoint, ${shown(endpointId)}`
    : `an endpoint of this name, ${shown(endpointId)}; now ${shown(endpoint.id)} asks`
  const what = fate === 'taken-back' ? 'took back the approval of' : 'rejected'
  return `A person ${what} ${which} (seen at ${at}), so a person decides again; ${releaseBy(knownRules)}`
}

function claimedBefore(endpoint: ResourceId, { own, competing }: Remembered, verdict: Verdict): string {
  const others = competing
    .toSorted((a, b) => (a.firstSeenAt < b.firstSeenAt ? 1 : -1))
    .slice(0, maxCompetingShown)
    .map(
      ({ endpointId, firstSeenAt, connections }) =>
        `${shown(endpointId)}, first seen at ${firstSeenAt} (${spokenFates[connections.at(-1)?.fate ?? 'waiting']})`,
    )
  const more = competing.length > others.length ? `, and ${competing.length - others.length} more` : ''
  const who =
    others.length > 0
      ? `Another endpoint claimed the same name: ${others.join('; ')}${more}.`
      : `Another connection may have claimed the same endpoint name before. ${own?.doubt?.sentence ?? ''}`
  const release = releaseBy(
    own === undefined ? 'too-many' : (own.held?.knownRules ?? knownRulesOf(verdict.explanation)),
  )
  return `${who} Manual review must find out whether ${shown(endpoint.id)} is the one that was meant: a person approves exactly this endpoint in Azure; ${release}`
}

const spokenFates: Readonly<Record<Fate, string>> = {
  waiting: 'it waited',
  'approved-by-app': 'this app approved it',
  'approved-by-person': 'a person approved it',
  'rejected-by-app': 'this app rejected it',
  'rejected-by-person': 'a person rejected it',
  'taken-back': 'a person took its approval back',
  disconnected: 'it was disconnected',
}

/** Ids are of letters, digits and a few signs. */
function shown(id: string): string {
  return visible(id.length > maxIdShown ? `${id.slice(0, maxIdShown)}…` : id)
}
