import type { Claim, Fate, PersonsNo } from '../domain/claim.ts'
import { visible } from '../domain/printable.ts'
import { isSameName, type ResourceId } from '../domain/resource-id.ts'
import type { Reason, Verdict } from '../domain/verdict.ts'
import { rememberedDays, rememberedMs } from './claim-seen.ts'
import { isNewSince, knownRulesOf, releaseBy } from './hold.ts'

const maxIdShown = 300
const maxCompetingShown = 2

/** What is remembered that concerns one endpoint. */
export interface Remembered {
  readonly own: Claim | undefined
  /** Claims of other endpoints to the same name, and of connections that hide theirs. */
  readonly competing: readonly Claim[]
  /** Claims with a person's “no” to this endpoint or to its name. */
  readonly refused: readonly Claim[]
  /** True while more was seen than is remembered. */
  readonly isCrowded: boolean
}

/** Why a rule does not approve an endpoint by itself, and the claims as they are to be written. */
export interface Barrier {
  readonly reason: Reason
  readonly changed: readonly Claim[]
}

/**
 * What keeps a rule from approving an endpoint: a competing claim or a person's “no”, until a person has approved
 * exactly this endpoint, or another rule decides than those that were known then; or more of them than are remembered.
 * Undefined when nothing does.
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
  if (!no && contested === undefined && !remembered.isCrowded) return undefined
  const ownAfterwards = remembered.own && ownAfter(remembered.own, refused, contested, verdict, now)
  const others = refused.flatMap((claim) =>
    claim === remembered.own ? [] : (withRules(claim, verdict) ?? []),
  )
  return {
    reason: reasonOf(endpoint, no, contested !== undefined, remembered, verdict),
    changed: ownAfterwards ? [...others, ownAfterwards] : others,
  }
}

/** True where an approval of this endpoint by a person since then would release it from something that is remembered. */
export function wouldRelease(since: string, remembered: Remembered, now: Date): boolean {
  const { own, refused } = remembered
  const contested = contestedSince(remembered, now)
  if (own?.approvedAt !== undefined && own.approvedAt >= since) return false
  return refused.some(({ refusal }) => refusal && refusal.at <= since) || (contested ?? since) < since
}

/** A person's “no” is over when a person approved exactly this endpoint since, or a rule that is new since decides. */
function isRefused({ endpointId, refusal }: Claim, own: Claim | undefined, { decidedBy }: Verdict): boolean {
  if (!refusal) return false
  const approvedAt = own?.approvedAt
  const isOfOther = own?.endpointId === undefined || !isSameName(own.endpointId, endpointId ?? '')
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

/** The endpoint's own claim with what is noted now; undefined when that is nothing new. */
function ownAfter(
  own: Claim,
  refused: readonly Claim[],
  contested: string | undefined,
  verdict: Verdict,
  now: Date,
): Claim | undefined {
  const noted = refused.includes(own) ? withRules(own, verdict) : undefined
  const isHeldAnew = contested !== undefined && !(own.held && own.held.at >= contested)
  if (!isHeldAnew) return noted
  const held = { at: now.toISOString(), knownRules: knownRulesOf(verdict.rulesOver) }
  return { ...(noted ?? own), held }
}

/** A person's “no” that came while the allow-list could not be used: the rules that are known now. */
function withRules(claim: Claim, { rulesOver }: Verdict): Claim | undefined {
  const { refusal } = claim
  if (!refusal || refusal.knownRules !== undefined) return undefined
  return { ...claim, refusal: { ...refusal, knownRules: knownRulesOf(rulesOver) } }
}

function reasonOf(
  endpoint: ResourceId,
  no: Claim | undefined,
  isContested: boolean,
  remembered: Remembered,
  verdict: Verdict,
): Reason {
  const sentences = [
    ...(no?.refusal ? [rejectedBefore(endpoint, no, no.refusal)] : []),
    ...(isContested ? claimedBefore(remembered, no) : []),
    ...(remembered.isCrowded ? ['More claims were seen on this target than are remembered.'] : []),
    `A person decides on ${shown(endpoint.id)} in Azure; ${releaseOf(no, isContested, remembered, verdict)}`,
  ]
  return { code: no ? 'rejected-before' : 'competing-claim-before', sentence: sentences.join(' ') }
}

function releaseOf(
  no: Claim | undefined,
  isContested: boolean,
  { own, isCrowded }: Remembered,
  { rulesOver }: Verdict,
): string {
  if (isCrowded || (isContested && !own))
    return `no rule decides before what is remembered is ${rememberedDays} days old.`
  return releaseBy(no?.refusal ? no.refusal.knownRules : (own?.held?.knownRules ?? knownRulesOf(rulesOver)))
}

function rejectedBefore(endpoint: ResourceId, claim: Claim, { at, fate }: PersonsNo): string {
  const what = fate === 'taken-back' ? 'took back the approval of' : 'rejected'
  const which =
    claim.endpointId !== undefined && isSameName(claim.endpointId, endpoint.id)
      ? 'this endpoint'
      : `an endpoint of the same name, ${claimant(claim)}`
  return `A person ${what} ${which} (seen at ${at}).`
}

function claimedBefore({ own, competing }: Remembered, no: Claim | undefined): readonly string[] {
  if (competing.length === 0) {
    return [
      `Another connection may have claimed the same endpoint name before. ${own?.doubt?.sentence ?? ''}`,
    ]
  }
  const others = competing.filter((claim) => claim !== no)
  const named = others.filter(({ endpointId }) => endpointId !== undefined)
  const hidden = others.filter(({ endpointId }) => endpointId === undefined)
  return [
    ...listOf('Another endpoint claimed the same name', named),
    ...listOf('Another connection hid its endpoint, which may have claimed the same name', hidden),
  ]
}

function listOf(what: string, claims: readonly Claim[]): readonly string[] {
  const newest = claims.toSorted((a, b) => (a.firstSeenAt < b.firstSeenAt ? 1 : -1))
  const shownOnes = newest.slice(0, maxCompetingShown).map(spokenClaim)
  const more = newest.length - shownOnes.length
  return shownOnes.length === 0
    ? []
    : [`${what}: ${shownOnes.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`]
}

function spokenClaim(claim: Claim): string {
  const { firstSeenAt, connections } = claim
  return `${claimant(claim)}, first seen at ${firstSeenAt} (${spokenFates[connections.at(-1)?.fate ?? 'waiting']})`
}

function claimant({ endpointId, connections }: Claim): string {
  return shown(endpointId ?? connections[0]?.connectionId ?? '')
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
