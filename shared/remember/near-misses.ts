import { foldCase } from '../domain/fold-case.ts'
import type { Proof } from '../domain/proof.ts'
import { parseRequesterId } from '../domain/requester-id.ts'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import type { Facts } from '../domain/verdict.ts'
import { seenGroupIds } from '../policy/index.ts'

/** A request that differs from another in one thing. */
export interface NearMiss {
  readonly what: string
  readonly facts: Facts
}

const guids = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi
const group = /(\/resourceGroups\/[^/]+)/i
const latinOnly = /[aceops]/g
const beyondAscii = /[^ -~]/gu
/** Cyrillic letters that look like them. */
const lookAlikes: Readonly<Record<string, string>> = { a: 'а', c: 'с', e: 'е', o: 'о', p: 'р', s: 'ѕ' }

/** Other ids for one: each differs in one part, and Azure takes none of them for the same. */
const edits: readonly (readonly [string, (id: string) => string])[] = [
  ['in another subscription, account or tenant', (id) => id.replace(guids, otherGuid)],
  ['in another resource group', (id) => id.replace(group, '$1x')],
  ['with a longer name', (id) => `${id}x`],
  ['with a shorter name', (id) => id.slice(0, -1)],
  ['with letters that look alike', (id) => inName(id, (name) => name.replace(latinOnly, lookAlike))],
  ['with other letters beyond A to Z', (id) => id.replace(beyondAscii, otherCase)],
]

/** Requests beside this one, none of which a rule for it may approve. */
export function nearMisses(facts: Facts): readonly NearMiss[] {
  return [
    ...otherTargets(facts),
    ...otherEndpoints(facts),
    ...otherRequesters(facts),
    ...otherProofs(facts),
    ...otherGroups(facts),
  ]
}

function otherTargets({ connection, ...facts }: Facts): readonly NearMiss[] {
  const { target } = connection
  const ids = [...othersThan(target.id), ['that lies under the target', `${target.id}/slots/x`] as const]
  return ids.flatMap(([what, text]) => {
    const other = parseResourceId(text)
    return other
      ? [{ what: `a target ${what}`, facts: { ...facts, connection: { ...connection, target: other } } }]
      : []
  })
}

/** The requester stays: a managed one may have several endpoints, an ordinary one is its endpoint. */
function otherEndpoints(facts: Facts): readonly NearMiss[] {
  const { endpoint } = facts.connection
  if (endpoint === undefined) return []
  const isItself = facts.proof.requester?.kind === 'private-endpoint' || facts.proof.level === 'platform'
  const others = othersThan(endpoint.id).flatMap(([what, text]) => {
    const other = parseResourceId(text)
    return other && (isItself || other.name !== endpoint.name)
      ? [withEndpoint(facts, `an endpoint ${what}`, other)]
      : []
  })
  return [withEndpoint(facts, 'an endpoint that is not shown', undefined), ...others]
}

function withEndpoint(facts: Facts, what: string, endpoint: ResourceId | undefined): NearMiss {
  const { connection, proof } = facts
  const requester =
    proof.requester?.kind === 'private-endpoint' && endpoint
      ? { ...proof.requester, id: endpoint }
      : proof.requester
  return {
    what,
    facts: { ...facts, connection: { ...connection, endpoint }, proof: { ...proof, requester } },
  }
}

function otherRequesters(facts: Facts): readonly NearMiss[] {
  const { requester } = facts.proof
  if (requester === undefined || requester.kind === 'private-endpoint') return []
  return othersThan(requester.id.id).flatMap(([what, text]) => {
    const id = parseRequesterId(text)
    return id ? [withProof(facts, `a requester ${what}`, { requester: { ...requester, id } })] : []
  })
}

function otherProofs(facts: Facts): readonly NearMiss[] {
  const { isManagedTenant } = facts.proof
  const unconfirmed = { level: 'platform', requester: undefined } as const
  const refused = (code: 'could-not-ask' | 'endpoint-id-differs') => ({
    ...unconfirmed,
    refusals: [{ code, sentence: '' }],
  })
  const isOrdinary = isManagedTenant === false
  return [
    withProof(facts, 'a requester that could not be asked', refused('could-not-ask')),
    withProof(facts, 'a requester that contradicts', refused('endpoint-id-differs')),
    withProof(facts, 'an unknown requester', {
      level: 'none',
      requester: undefined,
      isManagedTenant: undefined,
    }),
    ...(isOrdinary ? [withProof(facts, 'an endpoint in a managed tenant', { isManagedTenant: true })] : []),
    ...(isOrdinary
      ? [withProof(facts, 'an endpoint in an unknown tenant', { isManagedTenant: undefined })]
      : []),
  ]
}

function withProof(facts: Facts, what: string, change: Partial<Proof>): NearMiss {
  return { what, facts: { ...facts, proof: { ...facts.proof, ...change } } }
}

function otherGroups(facts: Facts): readonly NearMiss[] {
  const groupIds = seenGroupIds(facts) ?? []
  const of = (what: string, seen: readonly string[] | undefined): NearMiss => ({
    what,
    facts: {
      ...facts,
      connection: { ...facts.connection, groupIds: seen },
      proof: { ...facts.proof, groupIds: seen },
    },
  })
  return [
    of('unknown group ids', undefined),
    of('one more group id', [...groupIds, 'another']),
    ...groupIds.map((each) => of('another group id', [`${each}x`])),
  ]
}

function othersThan(id: string): readonly (readonly [string, string])[] {
  return edits.map(([what, edit]) => [what, edit(id)] as const).filter(([, text]) => text !== id)
}

function otherGuid(guid: string): string {
  return `${guid.slice(0, -1)}${guid.endsWith('0') ? '1' : '0'}`
}

function inName(id: string, edit: (name: string) => string): string {
  const end = id.lastIndexOf('/') + 1
  return `${id.slice(0, end)}${edit(id.slice(end))}`
}

function lookAlike(letter: string): string {
  return lookAlikes[letter] ?? letter
}

/** The same letter to Azure, as far as is known, and not for certain. */
function otherCase(letter: string): string {
  const [upper, lower] = [letter.toUpperCase(), letter.toLowerCase()]
  const other = letter === lower ? upper : lower
  return foldCase(other) === foldCase(letter) ? other : letter
}
