import { printableName } from '../../domain/printable.ts'
import type { Refusal, Requester } from '../../domain/proof.ts'
import type { RefusalCode } from '../../domain/refusal-codes.ts'
import type { RequesterId } from '../../domain/requester-id.ts'
import {
  claimsToBeOf,
  isManagedKind,
  type ManagedKind,
  requesterKindOfType,
  requesterKinds,
} from '../../domain/requester-kind.ts'
import { distinct, type ResourceId } from '../../domain/resource-id.ts'
import type { ManagedEndpoint, RequesterApi } from '../requesters/requester-api.ts'
import type { AskOnce } from './ask-once.ts'
import { findManagedEndpoint, listedFor } from './managed-endpoint-match.ts'
import { couldNotAsk, refusal, spoken } from './refusals.ts'
import type { Standing } from './standing.ts'

const maxRequestersAsked = 20

/** Codes of a requester whose list was not read, and that may own the endpoint. */
const leavesOpen: readonly RefusalCode[] = [
  'response-not-understood',
  'could-not-ask',
  'data-plane-refused',
  'no-way-to-ask',
  'requester-not-healthy',
  'data-plane-address-differs',
]

/** An endpoint on a target, as its requester must have created it. */
export interface Claim {
  readonly endpoint: ResourceId
  /** Ids by which the requester may call the target. */
  readonly targets: readonly ResourceId[]
  readonly standing: Standing
}

interface Candidate {
  readonly id: RequesterId
  readonly kind: ManagedKind
  /** In a sentence: "Data Factory adf-prod". */
  readonly who: string
}

/** The requester whose list has the endpoint, and what else the list states. */
export interface FoundRequester {
  readonly requester: Requester
  readonly groupIds: readonly string[] | undefined
  /** True when the list states the id of the endpoint. */
  readonly isEndpointIdStated: boolean
  /** Names that the requester's endpoints for this target have there, this one's included. */
  readonly namesHere: readonly string[]
}

interface Confirmed {
  readonly candidate: Candidate
  readonly managedEndpoint: ManagedEndpoint
  readonly namesHere: readonly string[]
}

interface Refused {
  readonly candidate: Candidate
  readonly refusal: Refusal
}

/**
 * Queries the candidates, chosen by the caller. Exactly one of them must list exactly one managed endpoint that is this
 * one. If the endpoint is named after a requester that cannot be queried, nothing is confirmed; failures of other
 * requesters do not matter. Kinds that cannot be confirmed are queried when no other was confirmed, as information for
 * manual review.
 * @param apis how to query each kind; a missing kind has no address.
 */
export async function proveManaged(
  claim: Claim,
  candidates: readonly RequesterId[],
  apis: readonly RequesterApi[],
  askOnce: AskOnce,
): Promise<FoundRequester | RefusedByAll> {
  const all = distinct(candidates).flatMap((id) => toCandidate(id) ?? [])
  if (all.length === 0) return { refusals: [nobodyToAsk(claim.endpoint.name)] }
  const reaching = (reach: string): readonly Candidate[] =>
    all.filter(({ kind }) => requesterKinds[kind].reach === reach)
  const ask = (candidate: Candidate): Promise<Confirmed | Refused> =>
    askCandidate(claim, candidate, apis, askOnce)
  const finding = await settle(reaching('confirmed'), ask)
  if ('requester' in finding) return finding
  const hints = await hintsOf(reaching('platform'), ask)
  return { refusals: decisiveFirst(claim, all, [...finding.refusals, ...hints]) }
}

/** A requester without this endpoint is a strong finding only when the endpoint is named after it. */
function decisiveFirst(
  { endpoint }: Claim,
  candidates: readonly Candidate[],
  refusals: readonly Refusal[],
): readonly Refusal[] {
  if (candidates.some(({ id }) => claimsToBeOf(endpoint, id))) return refusals
  const isOfLittleUse = ({ code }: Refusal): boolean => code === 'no-such-managed-endpoint'
  return [...refusals.filter((one) => !isOfLittleUse(one)), ...refusals.filter(isOfLittleUse)]
}

interface RefusedByAll {
  readonly refusals: readonly Refusal[]
}

type Ask = (candidate: Candidate) => Promise<Confirmed | Refused>

/** Kinds that are claimed by name, and those that are not, have a number of their own each: no one stops the other. */
async function settle(candidates: readonly Candidate[], ask: Ask): Promise<FoundRequester | RefusedByAll> {
  const named = candidates.filter(isNamedAfterRequester)
  if (named.length > maxRequestersAsked) return { refusals: [tooMany(named.length)] }
  const others = candidates.length - named.length
  const isTooMany = others > maxRequestersAsked
  const responses = await Promise.all((isTooMany ? named : candidates).map(ask))
  const refused = responses.filter((response) => 'refusal' in response)
  const [first, second] = responses.filter((response) => 'managedEndpoint' in response)
  if (!first) {
    const refusals = refused.map((response) => response.refusal)
    return { refusals: isTooMany ? [...refusals, tooMany(others)] : refusals }
  }
  if (second) {
    const sentence = `Both ${first.candidate.who} and ${second.candidate.who} have such a managed endpoint waiting.`
    return { refusals: [refusal('managed-endpoint-ambiguous', sentence)] }
  }
  const open = refused.filter(mayHaveClaimed).map((response) => response.refusal)
  if (open.length > 0) return { refusals: open }
  const { kind, id } = first.candidate
  return {
    requester: { kind, id },
    groupIds: first.managedEndpoint.groupIds,
    isEndpointIdStated: first.managedEndpoint.endpointId !== undefined,
    namesHere: first.namesHere,
  }
}

/** Endpoints of such kinds are named after the requester, which is queried only for those. */
function isNamedAfterRequester({ kind }: Candidate): boolean {
  return requesterKinds[kind].endpointName === 'requester-dot-name'
}

function mayHaveClaimed({ candidate, refusal: { code } }: Refused): boolean {
  return isNamedAfterRequester(candidate) && leavesOpen.includes(code)
}

/** Responses of requesters that cannot be confirmed: information for manual review only. */
async function hintsOf(candidates: readonly Candidate[], ask: Ask): Promise<readonly Refusal[]> {
  if (candidates.length > maxRequestersAsked) return [tooMany(candidates.length)]
  const responses = await Promise.all(candidates.map(ask))
  const refusals = responses
    .filter((response) => 'refusal' in response)
    .map(({ refusal: said }): Refusal =>
      leavesOpen.includes(said.code) ? { ...said, code: 'could-not-compare' } : said,
    )
  const isToCompare = ({ code }: Refusal): boolean => code === 'endpoint-not-disclosed'
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
  const sentence = `Rules name ${count} requesters for this target that could have asked; more than ${maxRequestersAsked} are not asked about one connection.`
  return refusal('too-many-candidates', sentence)
}

async function askCandidate(
  claim: Claim,
  candidate: Candidate,
  apis: readonly RequesterApi[],
  askOnce: AskOnce,
): Promise<Confirmed | Refused> {
  const found = await findAt(claim, candidate, apis, askOnce)
  return 'code' in found
    ? { candidate, refusal: { ...found, about: candidate.id.key } }
    : { candidate, ...found }
}

async function findAt(
  { endpoint, targets, standing }: Claim,
  { id, kind, who }: Candidate,
  apis: readonly RequesterApi[],
  askOnce: AskOnce,
): Promise<Omit<Confirmed, 'candidate'> | Refusal> {
  const api = apis.find((one) => one.kind === kind)
  if (!api) {
    const sentence = `There is no way to ask ${who}: no address of its service is set for this cloud.`
    return refusal('no-way-to-ask', sentence)
  }
  try {
    const listed = await askOnce(api, id)
    const found = findManagedEndpoint({ endpoint, targets, standing, kind, who }, listed)
    if ('code' in found) return found
    const namesHere = listedFor(targets, listed).flatMap(({ endpointName }) => endpointName ?? [])
    return { managedEndpoint: found, namesHere }
  } catch (error) {
    return couldNotAsk(who, error)
  }
}
