import type { ProofLevel, Refusal, Requester } from '../../../shared/domain/proof.ts'
import { parseRequesterId, type RequesterId } from '../../../shared/domain/requester-id.ts'
import { parseResourceId, type ResourceId } from '../../../shared/domain/resource-id.ts'
import type { RequesterPattern, Rule } from '../../../shared/domain/rule.ts'
import type { Facts } from '../../../shared/domain/verdict.ts'
import { anyName, nameFor } from './corpus-names.ts'
import {
  anySubscription,
  endpointIn,
  groupsOf,
  managedEndpointOf,
  ownerOf,
  subscriptionsOf,
  typeOf,
  type Places,
} from './corpus-places.ts'
import type { Random } from './corpus-random.ts'
import { isOutsideGroups, managedKindOf, requesterForms } from './corpus-requesters.ts'
import { anyAround, isManagementGroup, contextOf, type Around } from './corpus-context.ts'
import { connection } from './given.ts'

/** A request whose every part can still be changed by itself, so that odd ones can be made. */
export interface Draft {
  readonly target: string
  readonly endpoint: string | undefined
  /** As the target shows them. */
  readonly groupIds: readonly string[] | undefined
  readonly level: ProofLevel
  readonly requester: string | undefined
  readonly requesterKind: Requester['kind']
  readonly tenantId: string | undefined
  readonly isManagedTenant: boolean | undefined
  readonly witnessedGroupIds: readonly string[] | undefined
  readonly around: Around
}

const anyConnection = connection()
const refusals: readonly Refusal[] = [
  { code: 'endpoint-not-readable', sentence: 'The endpoint lies where this app cannot read it: 401.' },
]

const idsKept = 20_000
const idsRead = new Map<string, ResourceId | undefined>()

/** Reads each id once, for the many requests that have it in common. Undefined for what is no id. */
function readId(text: string): ResourceId | undefined {
  if (idsRead.has(text)) return idsRead.get(text)
  if (idsRead.size === idsKept) idsRead.clear()
  const read = parseResourceId(text)
  idsRead.set(text, read)
  return read
}

function idOf(text: string): ResourceId {
  return readable(readId(text), text)
}

function requesterIdOf(text: string): RequesterId {
  return readable(isOutsideGroups(text) ? parseRequesterId(text) : readId(text), text)
}

function readable<Id>(read: Id | undefined, text: string): Id {
  if (read === undefined) throw new Error(`Made a request with what is no id: ${text}`)
  return read
}

export function factsOf(draft: Draft): Facts {
  const evaluated = {
    ...anyConnection,
    target: idOf(draft.target),
    endpoint: draft.endpoint === undefined ? undefined : idOf(draft.endpoint),
    groupIds: draft.groupIds,
  }
  return {
    connection: evaluated,
    proof: {
      level: draft.level,
      requester:
        draft.requester === undefined
          ? undefined
          : { kind: draft.requesterKind, id: requesterIdOf(draft.requester) },
      endpointTenantId: draft.tenantId,
      isManagedTenant: draft.isManagedTenant,
      groupIds: draft.witnessedGroupIds,
      refusals: draft.level === 'confirmed' ? [] : refusals,
    },
    context: contextOf(draft.around, evaluated, idOf),
  }
}

/** A request that has nothing to do with any rule, but with the same places. */
export function anyDraft(places: Places, random: Random): Draft {
  const target = random.pick(places.targets)
  const requester = random.pick([undefined, ...places.managedRequesters])
  return {
    ...anyGroups(groupsOf(target), random),
    ...anyRequesterPattern({ endpoint: random.pick(places.endpoints), requester }, random),
    target,
    around: anyAround(undefined, places.endpoints, random),
  }
}

/** A request that the rule means, where that can be. */
export function draftFor(rule: Rule, places: Places, random: Random): Draft {
  const target = targetFor(rule, places, random)
  const requester = requesterPatternFor(rule.requester, places, random)
  const name = rule.endpointName === undefined ? undefined : nameFor(rule.endpointName, random)
  const groups = rule.groupIds.length > 0 ? rule.groupIds : groupsOf(target)
  return {
    ...anyGroups(groups, random),
    ...anyRequesterPattern(name === undefined ? requester : renamed(requester, name), random),
    target,
    around: anyAround(rule, places.endpoints, random),
  }
}

function targetFor(rule: Rule, places: Places, random: Random): string {
  const anything = random.pick(places.targets)
  if (isManagementGroup(rule.target)) return anything
  const parts = filled(rule.target, random).split('/')
  const type = rule.targetTypes.length > 0 ? random.pick(rule.targetTypes) : typeOf(anything)
  if (parts.length === 3) parts.push('resourceGroups', random.pick(places.groups))
  if (parts.length === 5) parts.push('providers', type, anyName('', random))
  else if (random.chance(0.05)) parts.push('children', anyName('', random))
  return isId(parts.join('/')) ? parts.join('/') : anything
}

interface DrawnRequester {
  readonly endpoint: string
  readonly requester: string | undefined
}

function requesterPatternFor(
  pattern: RequesterPattern | undefined,
  places: Places,
  random: Random,
): DrawnRequester {
  const anybody = { endpoint: random.pick(places.endpoints), requester: undefined }
  if (pattern === undefined) return anybody
  if (pattern.kind === 'management-group') return anyoneInGroups(places, random)
  if (pattern.kind === 'tenant') return { ...anybody, endpoint: endpointOf(pattern.tenantId, random) }
  const expected = pattern.kind === 'resource' ? pattern.id : filled(pattern.pattern, random)
  const parts = expected.split('/')
  if (parts.length === 3) parts.push('resourceGroups', random.pick(places.groups))
  const requester =
    parts.length === 5
      ? { endpoint: endpointIn(parts.join('/'), anyName('pe-', random)), requester: undefined }
      : requesterPatternNamed(expected, random)
  return isId(requester.endpoint) ? requester : anybody
}

/** An ordinary endpoint, or a managed one with whoever stands behind it. */
function anyoneInGroups(places: Places, random: Random): DrawnRequester {
  const requester = random.pick(places.managedRequesters)
  return random.chance(0.6)
    ? { endpoint: random.pick(places.endpoints.slice(0, 3)), requester: undefined }
    : { endpoint: managedEndpointOf(requester, random), requester }
}

function requesterPatternNamed(expected: string, random: Random): DrawnRequester {
  const isRequester = isId(expected) || parseRequesterId(expected) !== undefined
  return /privateEndpoints/i.test(expected) || !isRequester
    ? { endpoint: expected, requester: undefined }
    : { endpoint: managedEndpointOf(expected, random), requester: expected }
}

/** An endpoint in a subscription of that tenant, where the tenant has any. */
function endpointOf(tenantId: string, random: Random): string {
  const subscriptions = subscriptionsOf(tenantId)
  const subscription = subscriptions.length > 0 ? random.pick(subscriptions) : anySubscription('own', random)
  return endpointIn(
    `/subscriptions/${subscription}/resourceGroups/${anyName('rg-', random)}`,
    anyName('pe-', random),
  )
}

/** Who asks through this endpoint, and how sure that is: mostly as sure as it can be. */
function anyRequesterPattern(
  { endpoint, requester }: DrawnRequester,
  random: Random,
): Omit<Draft, 'target' | 'around' | keyof Groups> {
  const found = ownerOf(endpoint)
  const isOrdinary = found !== undefined && found.owner !== 'managed'
  const witness = requester ?? (isOrdinary ? endpoint : undefined)
  const kind = managedKindOf(witness ?? '')
  const isConfirmed =
    witness !== undefined && random.chance(kind === undefined ? 0.75 : requesterForms[kind].confirmed)
  return {
    endpoint,
    level: found === undefined ? 'none' : isConfirmed ? 'confirmed' : 'platform',
    requester: isConfirmed && found !== undefined ? witness : undefined,
    requesterKind: kind ?? (isOrdinary ? 'private-endpoint' : 'data-factory'),
    tenantId: found?.tenantId,
    isManagedTenant: found && !isOrdinary,
  }
}

type Groups = Pick<Draft, 'groupIds' | 'witnessedGroupIds'>

/** Some of the groups, told by the target, by the second witness or by both. */
function anyGroups(groups: readonly string[], random: Random): Groups {
  const some = random.some(groups, 0.6)
  const asked = some.length > 0 ? some : [random.pick(groups)]
  const choice = random.below(20)
  return {
    groupIds: choice < 8 || choice > 17 ? asked : choice < 10 ? [] : undefined,
    witnessedGroupIds: choice < 2 || choice === 19 ? undefined : asked,
  }
}

function renamed({ endpoint, requester }: DrawnRequester, name: string): DrawnRequester {
  return { endpoint: endpoint.replace(/[^/]*$/, () => name), requester }
}

/** The scope with something in place of each `*`. */
function filled(scope: string, random: Random): string {
  return scope
    .split('/')
    .map((part) => (part.includes('*') ? nameFor(part, random) : part))
    .join('/')
}

function isId(text: string): boolean {
  return readId(text) !== undefined
}
