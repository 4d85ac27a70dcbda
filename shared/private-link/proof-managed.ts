import { setTimeout as sleep } from 'node:timers/promises'
import { printableName } from '../domain/printable.ts'
import type { Refusal } from '../domain/proof.ts'
import type { RefusalCode } from '../domain/refusal-codes.ts'
import type { RequesterId } from '../domain/requester-id.ts'
import {
  claimsToBeOf,
  isManagedKind,
  requesterKindOfType,
  requesterKinds,
  type ManagedKind,
} from '../domain/requester-kind.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import { ArmError } from './arm-error.ts'
import { distinct } from './endpoints.ts'
import { findManagedEndpoint } from './managed-endpoint-match.ts'
import { couldNotAsk, refusal, spoken } from './refusals.ts'
import type { Finding } from './refusals.ts'
import type { ManagedEndpoint, RequesterApi } from './requesters/requester-api.ts'

const mostAsked = 20

/** Codes of a requester that might have claimed the endpoint, had it been asked. */
const leavesOpen: readonly RefusalCode[] = [
  'answer-not-understood',
  'could-not-ask',
  'data-plane-refused',
  'no-way-to-ask',
]

/** An endpoint on a target, as its requester must have asked for it. */
export interface Claim {
  readonly endpoint: ResourceId
  /** Ids by which the requester may call the target. */
  readonly targets: readonly ResourceId[]
}

interface Candidate {
  readonly id: RequesterId
  readonly kind: ManagedKind
  /** In a sentence: "Data Factory adf-prod". */
  readonly who: string
}

interface Confirmed {
  readonly candidate: Candidate
  readonly managedEndpoint: ManagedEndpoint
}

interface Refused {
  readonly candidate: Candidate
  readonly refusal: Refusal
}

/**
 * Asks the candidates, chosen by the caller. Exactly one of them must list exactly one managed endpoint that is this
 * one. A requester that is claimed by the endpoint's name and cannot be asked leaves the matter open; one whose
 * endpoints carry no name of it does not stand in anybody's way. Kinds that cannot be confirmed are asked when nobody
 * was, for the sake of whoever decides then.
 * @param apis how to ask each kind; a kind that is missing has no address.
 * @param milliseconds for each candidate, with everything that it takes.
 */
export async function proveManaged(
  claim: Claim,
  candidates: readonly RequesterId[],
  apis: readonly RequesterApi[],
  milliseconds: number,
): Promise<Finding> {
  const all = distinct(candidates).flatMap((id) => toCandidate(id) ?? [])
  if (all.length === 0) return { refusals: [nobodyToAsk(claim.endpoint.name)] }
  const reaching = (reach: string): readonly Candidate[] =>
    all.filter(({ kind }) => requesterKinds[kind].reach === reach)
  const ask = (candidate: Candidate): Promise<Confirmed | Refused> =>
    askCandidate(claim, candidate, apis, milliseconds)
  const finding = await settle(reaching('confirmed'), ask)
  if ('requester' in finding) return finding
  const hints = await hintsOf(reaching('platform'), ask)
  return { refusals: mostTellingFirst(claim, all, [...finding.refusals, ...hints]) }
}

/** That a requester knows nothing of the endpoint says much when the endpoint is named after it, and little else. */
function mostTellingFirst(
  { endpoint }: Claim,
  candidates: readonly Candidate[],
  refusals: readonly Refusal[],
): readonly Refusal[] {
  if (candidates.some(({ id }) => claimsToBeOf(endpoint, id))) return refusals
  const isOfLittleUse = ({ code }: Refusal): boolean => code === 'no-such-managed-endpoint'
  return [...refusals.filter((one) => !isOfLittleUse(one)), ...refusals.filter(isOfLittleUse)]
}

type Ask = (candidate: Candidate) => Promise<Confirmed | Refused>

async function settle(candidates: readonly Candidate[], ask: Ask): Promise<Finding> {
  if (candidates.length > mostAsked) return { refusals: [tooMany(candidates.length)] }
  const answers = await Promise.all(candidates.map(ask))
  const refused = answers.filter((answer) => 'refusal' in answer)
  const [first, second] = answers.filter((answer) => 'managedEndpoint' in answer)
  if (!first) return { refusals: refused.map((answer) => answer.refusal) }
  if (second) {
    const sentence = `Both ${first.candidate.who} and ${second.candidate.who} have such a managed endpoint waiting.`
    return { refusals: [refusal('managed-endpoint-ambiguous', sentence)] }
  }
  const open = refused.filter(mayHaveClaimed).map((answer) => answer.refusal)
  if (open.length > 0) return { refusals: open }
  const { kind, id } = first.candidate
  return { requester: { kind, id }, groupIds: first.managedEndpoint.groupIds }
}

/** Candidates whose endpoints are named after them are asked only when the endpoint is named so. */
function mayHaveClaimed({ candidate: { kind }, refusal: { code } }: Refused): boolean {
  return requesterKinds[kind].endpointName === 'requester-dot-name' && leavesOpen.includes(code)
}

/** What requesters that cannot be confirmed say: no more than a help for whoever decides. */
async function hintsOf(candidates: readonly Candidate[], ask: Ask): Promise<readonly Refusal[]> {
  if (candidates.length > mostAsked) return [tooMany(candidates.length)]
  const answers = await Promise.all(candidates.map(ask))
  const refusals = answers
    .filter((answer) => 'refusal' in answer)
    .map(({ refusal: said }): Refusal =>
      leavesOpen.includes(said.code) ? { ...said, code: 'could-not-compare' } : said,
    )
  const isToCompare = ({ code }: Refusal): boolean => code === 'endpoint-not-told'
  return [...refusals.filter(isToCompare), ...refusals.filter((one) => !isToCompare(one))]
}

function toCandidate(id: RequesterId): Candidate | undefined {
  const kind = requesterKindOfType(id.type)
  return kind && isManagedKind(kind) ? { id, kind, who: spoken(kind, id.name) } : undefined
}

function nobodyToAsk(endpointName: string): Refusal {
  return refusal(
    'no-rule-names-a-requester',
    `No rule for this target names a requester by its id that the endpoint name "${printableName(endpointName)}" could belong to.`,
  )
}

function tooMany(count: number): Refusal {
  const sentence = `Rules name ${count} requesters for this target that could have asked; more than ${mostAsked} are not asked about one connection.`
  return refusal('too-many-candidates', sentence)
}

async function askCandidate(
  claim: Claim,
  candidate: Candidate,
  apis: readonly RequesterApi[],
  milliseconds: number,
): Promise<Confirmed | Refused> {
  const found = await findAt(claim, candidate, apis, milliseconds)
  return 'code' in found
    ? { candidate, refusal: { ...found, about: candidate.id.key } }
    : { candidate, managedEndpoint: found }
}

async function findAt(
  { endpoint, targets }: Claim,
  { id, kind, who }: Candidate,
  apis: readonly RequesterApi[],
  milliseconds: number,
): Promise<ManagedEndpoint | Refusal> {
  const api = apis.find((one) => one.kind === kind)
  if (!api) {
    const sentence = `There is no way to ask ${who}: no address of its service is set for this cloud.`
    return refusal('no-way-to-ask', sentence)
  }
  try {
    const listed = await inTime(api.managedEndpoints(id), milliseconds)
    return findManagedEndpoint({ endpoint, targets, kind, who }, listed)
  } catch (error) {
    return couldNotAsk(who, error)
  }
}

/** @throws ArmError `Timeout` when the work takes longer. What is under way then comes to its end unheard. */
async function inTime<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  const stop = new AbortController()
  const isLate = sleep(milliseconds, true, { signal: stop.signal }).catch(() => false)
  try {
    const first = await Promise.race([work.then((value) => ({ value })), isLate])
    if (typeof first === 'object') return first.value
    throw new ArmError(0, 'Timeout', `There was no answer within ${milliseconds} ms.`)
  } finally {
    stop.abort()
  }
}
