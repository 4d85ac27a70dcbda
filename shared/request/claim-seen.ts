import type { Claim, ClaimConnection, PersonsNo } from '../domain/claim.ts'
import { type Connection, takesNoPlace } from '../domain/connection.ts'
import type { Proof } from '../domain/proof.ts'
import type { RefusalCode } from '../domain/refusal-codes.ts'
import type { KnownRules } from '../domain/request.ts'
import { isSameName, type ResourceId } from '../domain/resource-id.ts'
import type { VersionOfRule } from '../domain/verdict.ts'
import { entryAfter, type Seen, seenBefore } from './claim-entry.ts'
import { isNo } from './claim-fate.ts'
import { isNewSince } from './hold.ts'

const dayMs = 24 * 3600 * 1000
export const rememberedDays = 90
/** What was not seen for so long is forgotten. */
export const rememberedMs = rememberedDays * dayMs
/** As JSON: what fits into a row beside the rest. */
const maxConnectionsLength = 17_000
const maxDoubtLength = 400

/** What a review pass finds of one endpoint, or of one connection that hides its endpoint. */
export interface Sight {
  readonly endpoint: ResourceId | undefined
  readonly listed: readonly Connection[]
  /** Those of them that are new or have changed. */
  readonly news: readonly Seen[]
  /** A person's “no” to one of the connections, from when it hid its endpoint or had another one. */
  readonly earlierNo: PersonsNo | undefined
  /** The rules of today for the target, in case a person's “no” is among the news. */
  readonly knownRules: KnownRules | undefined
}

/** True when it was not seen for so long that it no longer counts. */
export function isForgotten({ lastSeenAt }: Claim, at: Date): boolean {
  return !isWithin(rememberedMs, lastSeenAt, at)
}

/** True while more was seen than is remembered: then nobody knows what a name or a target would have to say. */
export function isCrowded({ crowdedAt }: Claim, now: Date): boolean {
  return isWithin(rememberedMs, crowdedAt, now)
}

/** The claim with the note that more was seen beside it than is remembered; undefined when that was noted today. */
export function crowded(claim: Claim, now: Date): Claim | undefined {
  const at = now.toISOString()
  return isWithin(dayMs, claim.crowdedAt, now) ? undefined : { ...claim, lastSeenAt: at, crowdedAt: at }
}

function isWithin(ms: number, at: string | undefined, now: Date): boolean {
  return at !== undefined && now.getTime() - Date.parse(at) < ms
}

/**
 * What is remembered after a review pass. `before` itself when nothing has changed: then nothing is written. Connections
 * that do not fit are not counted, and noted as crowded.
 */
export function claimAfter(before: Claim | undefined, sight: Sight, now: Date): Claim {
  const at = now.toISOString()
  const { connections, isFull } = connectionsAfter(before, sight, at)
  const news = sight.news.filter(({ connection: { id } }) => has(connections, id))
  const refusal = refusalAfter(before?.refusal, news, connections, sight, at)
  const isNotedFull = isFull && !isWithin(dayMs, before?.crowdedAt, now)
  const approvedAt = approvedAfter(before?.approvedAt, news, connections)
  const isSame = isSameAs(before?.connections, connections) && approvedAt === before?.approvedAt
  const hasNews = !isSame || isNotedFull || refusal !== before?.refusal
  if (before && !hasNews && isWithin(dayMs, before.lastSeenAt, now)) return before
  return {
    endpointId: before ? before.endpointId : sight.endpoint?.id,
    firstSeenAt: before?.firstSeenAt ?? at,
    lastSeenAt: at,
    connections,
    approvedAt,
    refusal,
    doubt: before?.doubt,
    held: before?.held,
    crowdedAt: isNotedFull ? at : before?.crowdedAt,
  }
}

function isSameAs(before: readonly ClaimConnection[] = [], after: readonly ClaimConnection[]): boolean {
  return JSON.stringify(before) === JSON.stringify(after)
}

/** The claim after neither a list nor a read, or only with another endpoint, has shown the connection: it takes no place. */
export function withoutConnection(claim: Claim, id: ResourceId, now: Date): Claim {
  const isTaking = (one: ClaimConnection) => isSameName(one.connectionId, id.id) && !takesNoPlace(one)
  if (!claim.connections.some(isTaking)) return claim
  const ended = { status: 'Disconnected', description: '', since: now.toISOString() }
  const connections = claim.connections.map((one): ClaimConnection => {
    const { connectionId, fate } = one
    return isTaking(one) ? { connectionId, fate: fate === 'waiting' ? fate : 'disconnected', ...ended } : one
  })
  return { ...claim, connections }
}

/** A person's approval releases the endpoint only where two sources show it. */
function approvedAfter(
  before: string | undefined,
  news: readonly Seen[],
  connections: readonly ClaimConnection[],
): string | undefined {
  const read = news.filter(({ connection, fate, isApprovedInBoth }) => {
    return isApprovedInBoth && fate === 'approved-by-person' && connection.endpoint !== undefined
  })
  const since = read.flatMap(({ connection }) => seenBefore({ connections }, connection)?.since ?? [])
  return [...(before === undefined ? [] : [before]), ...since].sort().at(-1)
}

/** A “no” counts as it is listed. A read of one that is remembered is no second one. */
function refusalAfter(
  before: PersonsNo | undefined,
  news: readonly Seen[],
  connections: readonly ClaimConnection[],
  { earlierNo, knownRules }: Sight,
  at: string,
): PersonsNo | undefined {
  const isNew = ({ connection, fate, isRead = false }: Seen) => {
    const since = seenBefore({ connections }, connection)?.since ?? at
    return isNo(fate) && !(isRead && before !== undefined && before.at >= since)
  }
  const fate = news
    .filter(isNew)
    .map((one) => one.fate)
    .find(isNo)
  if (fate !== undefined) return { at, fate, knownRules }
  return earlierNo && (!before || earlierNo.at > before.at) ? earlierNo : before
}

/** Of too many, those that are listed no longer go first. `isFull`: one was left out that would be missed. */
function connectionsAfter(claim: Claim | undefined, { listed, news }: Sight, at: string) {
  const before = claim?.connections ?? []
  const isOf = (connections: readonly Connection[], { connectionId }: ClaimConnection) =>
    connections.some(({ id }) => isSameName(id.id, connectionId))
  const changed = news.map(({ connection }) => connection)
  const known = before.filter((one) => !isOf(changed, one))
  const added = news.map((seen) => entryAfter(seenBefore(claim, seen.connection), seen, at))
  const gone = known.filter((one) => !isOf(listed, one))
  const all: readonly ClaimConnection[] = [...known, ...added]
  const byRank = [...all.filter((one) => !gone.includes(one)), ...gone.toReversed()]
  let length = 0
  const fitting = new Set(
    byRank.filter((one) => (length += JSON.stringify(one).length + 1) <= maxConnectionsLength),
  )
  return {
    connections: all.filter((one) => fitting.has(one)),
    isFull: all.some((one) => !fitting.has(one) && (!gone.includes(one) || isNo(one.fate))),
  }
}

function has(connections: readonly ClaimConnection[], { id }: ResourceId): boolean {
  return connections.some(({ connectionId }) => isSameName(connectionId, id))
}

/** Codes of a competing claim that may not be shown by a list of later. */
const doubts: readonly RefusalCode[] = [
  'competing-claim',
  'competing-claim-hidden',
  'competing-claim-unexplained',
]

/**
 * The claim with the competing claim that the proof found; undefined when there is none, or it is remembered. After a
 * release it may be another one, and is noted again: once, as what it then holds has to be released first.
 * @param rules those over the target.
 */
export function doubtedBy(
  claim: Claim,
  { refusals }: Proof,
  rules: readonly VersionOfRule[],
  now: Date,
): Claim | undefined {
  const found = refusals.find(({ code }) => doubts.includes(code))
  if (!found || isStillDoubted(claim, rules, now)) return undefined
  return { ...claim, doubt: { at: now.toISOString(), sentence: found.sentence.slice(0, maxDoubtLength) } }
}

/** True while what was found before keeps every rule of today from approving. */
function isStillDoubted(
  { doubt, approvedAt = '', held }: Claim,
  rules: readonly VersionOfRule[],
  now: Date,
): boolean {
  if (!doubt || !isWithin(rememberedMs, doubt.at, now) || approvedAt > doubt.at) return false
  const isHeld = held !== undefined && held.at >= doubt.at
  return !isHeld || !rules.some((rule) => isNewSince(held.knownRules, rule))
}
