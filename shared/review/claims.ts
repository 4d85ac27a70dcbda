import type { Claim } from '../domain/claim.ts'
import { isDecided, type Connection } from '../domain/connection.ts'
import type { Proof } from '../domain/proof.ts'
import { endpointIdOf, type KnownRules, type Request } from '../domain/request.ts'
import { isSameName, parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import type { Reason, Verdict } from '../domain/verdict.ts'
import { rulesOver } from '../policy/index.ts'
import type { StoredClaim } from '../ports/claims.ts'
import { LedgerConflict, StoredUnreadable } from '../ports/ledger.ts'
import { barrierOf, type Remembered } from '../request/claim-barrier.ts'
import {
  claimAfter,
  doubtedBy,
  fateOf,
  fateUnknown,
  isForgotten,
  isKnown,
  isNo,
  seenBefore,
  type Seen,
} from '../request/claim-seen.ts'
import { knownRulesOf } from '../request/hold.ts'
import { currentRules } from './current-rules.ts'
import type { ReviewPorts } from './ports.ts'

/** More endpoints of one name are not remembered: the name is contested as it is. */
const maxOfOneName = 20
/** Records of connections that hide their endpoint, which are read in parallel. */
const readAtOnce = 10

interface Asking {
  readonly endpoint: ResourceId
  readonly connections: readonly Connection[]
}

interface Held {
  readonly endpoint: ResourceId
  readonly stored: StoredClaim
}

/**
 * What is remembered of the endpoints on one target, during one review pass: which of them claimed which name, and what
 * became of them. Endpoints of managed networks compete for a name; an ordinary endpoint proves itself and competes with
 * none, so that only a person's decision on it is remembered.
 */
export class RememberedClaims {
  readonly #ports: ReviewPorts
  readonly #target: ResourceId
  readonly #held = new Map<string, Held>()
  /** Why a row cannot be used: then nothing is approved on the target. */
  readonly #problem: string | undefined

  private constructor(
    ports: ReviewPorts,
    target: ResourceId,
    stored: readonly StoredClaim[],
    problem: string | undefined,
  ) {
    this.#ports = ports
    this.#target = target
    this.#problem = problem
    for (const one of stored) {
      const endpoint = parseResourceId(one.claim.endpointId)
      if (endpoint) this.#held.set(endpoint.key, { endpoint, stored: one })
    }
  }

  /**
   * Reads what is remembered of a target and adds what its list shows now, whatever any rule says of it.
   * @throws when that cannot be read or written: a connection that is not remembered must not be forgotten.
   */
  static async after(
    ports: ReviewPorts,
    target: ResourceId,
    listed: readonly Connection[],
  ): Promise<RememberedClaims> {
    const { claims, problem } = await ports.claims.of(target)
    const remembered = new RememberedClaims(ports, target, claims, problem)
    const asking = await remembered.#byEndpoint(listed)
    const isToRemember = await Promise.all(asking.map((one) => remembered.#isToRemember(one)))
    for (const one of asking.filter((_, index) => isToRemember[index])) await remembered.#see(one)
    return remembered
  }

  /** The verdict; manual review in its place where a competing claim or a person's “no” keeps a rule from approving. */
  async recall({ endpoint }: Connection, proof: Proof, verdict: Verdict): Promise<Verdict> {
    if (!endpoint) return verdict
    const own = this.#claimOf(endpoint)
    const doubted = own && doubtedBy(own, proof, verdict.rulesOver, this.#ports.now())
    if (doubted) await this.#write(endpoint, doubted)
    if (verdict.outcome !== 'approve') return verdict
    if (this.#problem !== undefined) return escalated(verdict, unusable(this.#problem))
    const barrier = barrierOf(endpoint, await this.#around(endpoint), verdict, this.#ports.now())
    if (!barrier) return verdict
    for (const claim of barrier.changed) await this.#write(endpointOf(claim), claim)
    return escalated(verdict, barrier.reason)
  }

  async #byEndpoint(listed: readonly Connection[]): Promise<readonly Asking[]> {
    const found: { readonly endpoint: ResourceId; readonly connection: Connection }[] = []
    for (let from = 0; from < listed.length; from += readAtOnce) {
      const some = listed.slice(from, from + readAtOnce)
      const behind = await Promise.all(some.map((connection) => this.#endpointsBehind(connection)))
      found.push(
        ...some.flatMap((connection, at) => behind[at]?.map((endpoint) => ({ endpoint, connection })) ?? []),
      )
    }
    return [...Map.groupBy(found, ({ endpoint }) => endpoint.key).values()].flatMap(([first, ...others]) =>
      first
        ? [{ endpoint: first.endpoint, connections: [first, ...others].map(({ connection }) => connection) }]
        : [],
    )
  }

  /**
   * The endpoint that a connection shows. Of one that hides it: the one that it had when it was seen last, and, where it may be a person's
   * “no”, the one that its record names. An ordinary endpoint is not remembered while it waits.
   */
  async #endpointsBehind(connection: Connection): Promise<readonly ResourceId[]> {
    if (connection.endpoint) return [connection.endpoint]
    const ofIt = [...this.#held.values()].filter(({ stored: { claim } }) => seenBefore(claim, connection))
    const [last] = ofIt.sort((a, b) => (a.stored.claim.lastSeenAt < b.stored.claim.lastSeenAt ? 1 : -1))
    const request = mayBeNo(connection) ? await this.#requestOf(connection) : undefined
    const isReadable = request !== undefined && request !== 'unreadable'
    const recorded = parseResourceId((isReadable && endpointIdOf(request.subject)) || '')
    const isAnother = recorded !== undefined && recorded.key !== last?.endpoint.key
    return [...(last ? [last.endpoint] : []), ...(isAnother ? [recorded] : [])]
  }

  async #isToRemember({ endpoint, connections }: Asking): Promise<boolean> {
    if (this.#held.has(endpoint.key)) return true
    return connections.some(mayBeNo) || (await this.#ports.proofs.mayBeManaged(endpoint))
  }

  async #see({ endpoint, connections }: Asking): Promise<void> {
    const before = this.#claimOf(endpoint)
    if (!before && (await this.#others(endpoint)).all.length >= maxOfOneName) return
    const news: Seen[] = []
    for (const connection of connections.filter((one) => !isKnown(before, one)))
      news.push({ connection, fate: await this.#fateOf(connection, before) })
    const knownRules = news.some(({ fate }) => isNo(fate)) ? await this.#knownRules() : undefined
    const after = claimAfter(before, endpoint, news, knownRules, this.#ports.now())
    if (after !== before) await this.#write(endpoint, after)
  }

  async #knownRules(): Promise<KnownRules | undefined> {
    const rules = rulesOver(await currentRules(this.#ports.rules), this.#target)
    return rules && knownRulesOf(rules)
  }

  async #fateOf(connection: Connection, claim: Claim | undefined): Promise<Seen['fate']> {
    const before = seenBefore(claim, connection)
    if (!isDecided(connection)) return fateOf(connection, undefined, before)
    const request = await this.#requestOf(connection)
    return request === 'unreadable' ? fateUnknown(connection) : fateOf(connection, request, before)
  }

  /** What is recorded of a connection. */
  async #requestOf({ id }: Connection): Promise<Request | undefined | 'unreadable'> {
    try {
      return (await this.#ports.ledger.read({ kind: 'connection', id }))?.request
    } catch (error) {
      if (!(error instanceof StoredUnreadable)) throw error
      return 'unreadable'
    }
  }

  #claimOf({ key }: ResourceId): Claim | undefined {
    const claim = this.#held.get(key)?.stored.claim
    return claim && !isForgotten(claim, this.#ports.now()) ? claim : undefined
  }

  async #around(endpoint: ResourceId): Promise<Remembered> {
    const own = this.#claimOf(endpoint)
    const { competing, all } = await this.#others(endpoint)
    return { own, competing, refused: [...(own ? [own] : []), ...all].filter(({ refusal }) => refusal) }
  }

  /** Other endpoints of the name: those that compete for it, and those of the same subscription as well. */
  async #others(endpoint: ResourceId) {
    const competing: Claim[] = []
    const all: Claim[] = []
    for (const { endpoint: other } of this.#held.values()) {
      const isOther = other.key !== endpoint.key && isSameName(other.name, endpoint.name)
      const claim = isOther ? this.#claimOf(other) : undefined
      if (!claim) continue
      const isCompeting = await this.#competes(endpoint, other)
      if (isCompeting) competing.push(claim)
      if (isCompeting || other.subscriptionId === endpoint.subscriptionId) all.push(claim)
    }
    return { competing, all }
  }

  async #competes(endpoint: ResourceId, other: ResourceId): Promise<boolean> {
    const { proofs } = this.#ports
    return (await proofs.mayBeManaged(endpoint)) && (await proofs.mayBeManaged(other))
  }

  async #write(endpoint: ResourceId, claim: Claim): Promise<void> {
    try {
      const before = this.#held.get(endpoint.key)?.stored
      const stored = await this.#ports.claims.write(this.#target, endpoint, before, claim)
      this.#held.set(endpoint.key, { endpoint, stored })
    } catch (error) {
      // Its row may be the one that cannot be used: until that is removed, nothing is approved here.
      if (this.#problem === undefined || !(error instanceof LedgerConflict)) throw error
    }
  }
}

function mayBeNo({ status }: Connection): boolean {
  return status === 'Rejected' || status === 'Disconnected'
}

function escalated(verdict: Verdict, reason: Reason): Verdict {
  return { ...verdict, outcome: 'escalate', reason }
}

function unusable(problem: string): Reason {
  const words =
    'What is remembered of earlier claims on this target cannot be read, so no rule approves here.'
  return { code: 'claims-unreadable', sentence: `${words} ${problem}` }
}

/** @throws RangeError for a claim whose endpoint is no ARM id. */
function endpointOf({ endpointId }: Claim): ResourceId {
  const id = parseResourceId(endpointId)
  if (!id) throw new RangeError(`"${endpointId}" is remembered as an endpoint and is no ARM id.`)
  return id
}
