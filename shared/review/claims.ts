import { type Claim, claimantOf, type PersonsNo } from '../domain/claim.ts'
import { isDecided, type Connection } from '../domain/connection.ts'
import type { Proof } from '../domain/proof.ts'
import { endpointIdOf, type KnownRules, type Request } from '../domain/request.ts'
import { distinct, isSameName, parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import type { Reason, Verdict } from '../domain/verdict.ts'
import { type PreparedRules, rulesOver } from '../policy/index.ts'
import type { StoredClaim } from '../ports/claims.ts'
import { LedgerConflict, StoredUnreadable } from '../ports/ledger.ts'
import { barrierOf, type Remembered } from '../request/claim-barrier.ts'
import { asWaiting, isToRead } from '../request/claim-confirm.ts'
import { fateOf, fateUnknown, isNo } from '../request/claim-fate.ts'
import {
  claimAfter,
  crowded,
  doubtedBy,
  isCrowded,
  isForgotten,
  isKnown,
  seenBefore,
  type Seen,
} from '../request/claim-seen.ts'
import { knownRulesOf } from '../request/hold.ts'
import { type Asking, askingBy, type Behind, isBesideOthers } from './claimants.ts'
import { currentRules } from './current-rules.ts'
import type { ReviewPorts } from './ports.ts'

/** More endpoints of one name are not remembered one by one. */
const maxOfOneName = 20
/** More connections of one target that hide their endpoints are not remembered one by one. */
const maxHidden = 100
/** Records of connections that hide their endpoint, which are read in parallel. */
const readAtOnce = 10

type ReadOne = (listed: Connection) => Promise<Connection | undefined>

interface Held {
  readonly claimant: ResourceId
  readonly stored: StoredClaim
}

/**
 * What is remembered of the endpoints on one target, during one review pass: which of them claimed which name, and what
 * became of them. Endpoints of managed networks compete for a name, and a hidden one may be any of them; an ordinary
 * endpoint proves itself and competes with none, so that only a person's decision on it is remembered.
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
      const claimant = claimantOf(one.claim)
      this.#held.set(claimant.key, { claimant, stored: one })
    }
  }

  /**
   * Reads what is remembered of a target and adds what its list shows now, whatever any rule says of it.
   * @param read a read of a listed connection; undefined: it is gone, or could not be read.
   * @throws when that cannot be read or written: a connection that is not remembered must not be forgotten.
   */
  static async after(
    ports: ReviewPorts,
    target: ResourceId,
    listed: readonly Connection[],
    read: ReadOne,
  ): Promise<RememberedClaims> {
    const { claims, problem } = await ports.claims.of(target)
    const remembered = new RememberedClaims(ports, target, claims, problem)
    const asking = await remembered.#byClaimant(listed)
    const toRead = await remembered.#toRead(asking)
    if (toRead.size === 0) await remembered.#add(asking)
    else await remembered.add(await remembered.#believed(listed, toRead, read))
    return remembered
  }

  /** Adds what reads of connections show now. */
  async add(connections: readonly Connection[]): Promise<void> {
    await this.#add(await this.#byClaimant(connections))
  }

  async #add(asking: readonly Asking[]): Promise<void> {
    const endpoints = asking.filter(({ isHidden }) => !isHidden)
    const isToRemember = await Promise.all(endpoints.map((one) => this.#isToRemember(one)))
    for (const one of endpoints.filter((_, index) => isToRemember[index])) await this.#see(one)
    for (const { connections: shown } of endpoints) for (const { id } of shown) await this.#forgetHidden(id)
    for (const one of asking.filter(({ isHidden }) => isHidden)) await this.#see(one)
  }

  /** Notes a competing claim that the proof found, whatever becomes of the evaluation that it was made for. */
  async note({ endpoint }: Connection, proof: Proof, rules: PreparedRules): Promise<void> {
    const own = endpoint && this.#claimOf(endpoint)
    const over = rulesOver(rules, this.#target) ?? []
    const doubted = own && doubtedBy(own, proof, over, this.#ports.now())
    if (doubted) await this.#write(endpoint, doubted)
  }

  /** The verdict; manual review in its place where a competing claim or a person's “no” keeps a rule from approving. */
  async recall({ endpoint }: Connection, verdict: Verdict): Promise<Verdict> {
    if (!endpoint || verdict.outcome !== 'approve') return verdict
    if (this.#problem !== undefined) return escalated(verdict, unusable(this.#problem))
    const barrier = barrierOf(endpoint, await this.#around(endpoint), verdict, this.#ports.now())
    if (!barrier) return verdict
    for (const claim of barrier.changed) await this.#write(claimantOf(claim), claim)
    return escalated(verdict, barrier.reason)
  }

  async #byClaimant(listed: readonly Connection[]): Promise<readonly Asking[]> {
    const found: Behind[] = []
    for (let from = 0; from < listed.length; from += readAtOnce) {
      const some = listed.slice(from, from + readAtOnce)
      const behind = await Promise.all(some.map((connection) => this.#endpointsBehind(connection)))
      for (const [at, connection] of some.entries()) {
        const endpoints = behind[at] ?? []
        const claimants = endpoints.length > 0 ? endpoints : [connection.id]
        found.push(...claimants.map((claimant) => ({ claimant, connection })))
      }
    }
    return askingBy(found)
  }

  /**
   * The endpoint that a connection shows. Of one that hides it: those that were seen there, and the one that its record
   * names, where that may be another one or none was seen.
   */
  async #endpointsBehind(connection: Connection): Promise<readonly ResourceId[]> {
    if (connection.endpoint) return [connection.endpoint]
    if (isKnown(this.#claimOf(connection.id), connection)) return []
    const seen = this.#holding(connection).flatMap(({ endpointId }) => parseResourceId(endpointId) ?? [])
    if (seen.length > 0 && !mayBeNo(connection)) return seen
    const request = await this.#requestOf(connection)
    const isReadable = request !== undefined && request !== 'unreadable'
    const recorded = parseResourceId(isReadable ? endpointIdOf(request.subject) : undefined)
    return distinct([...seen, ...(recorded ? [recorded] : [])])
  }

  /** The connections of which a list alone is not believed. */
  async #toRead(asking: readonly Asking[]): Promise<ReadonlySet<Connection>> {
    const toRead = new Set<Connection>()
    for (const one of asking) {
      const claim = this.#claimOf(one.claimant)
      const news = one.connections.filter((connection) => !isKnown(claim, connection))
      if (news.length === 0 || !(one.isHidden || (await this.#isToRemember(one)))) continue
      const isAwaited = claim !== undefined || isBesideOthers(one, asking, this.#claims())
      for (const connection of news) {
        const before = seenBefore(claim, connection)
        const isElsewhere = !before && this.#holding(connection).length > 0
        const fate = await this.#fateOf(connection, claim)
        if (isToRead(fate, { before, isElsewhere, isAwaited })) toRead.add(connection)
      }
    }
    return toRead
  }

  /** The listed connections, some of them as they were read; what cannot be read stays as it was. */
  async #believed(
    listed: readonly Connection[],
    toRead: ReadonlySet<Connection>,
    read: ReadOne,
  ): Promise<readonly Connection[]> {
    const believed: Connection[] = []
    for (let from = 0; from < listed.length; from += readAtOnce) {
      const some = listed.slice(from, from + readAtOnce)
      const shown = await Promise.all(some.map(async (one) => (toRead.has(one) ? await read(one) : one)))
      for (const [at, one] of some.entries()) {
        const isNew = this.#holding(one).length === 0
        believed.push(...(shown[at] ? [shown[at]] : isNew ? [asWaiting(one)] : []))
      }
    }
    return believed
  }

  async #isToRemember({ claimant, connections }: Asking): Promise<boolean> {
    if (this.#held.has(claimant.key) || this.#earlierNo(claimant, connections)) return true
    return connections.some(mayBeNo) || (await this.#ports.proofs.mayBeManaged(claimant))
  }

  async #see(asking: Asking): Promise<void> {
    const { claimant, isHidden, connections } = asking
    const before = this.#claimOf(claimant)
    const beside = isHidden ? this.#hidden() : (await this.#others(claimant)).all
    if (!before && beside.length >= (isHidden ? maxHidden : maxOfOneName)) return this.#noteCrowded(beside)
    const news: Seen[] = []
    for (const connection of connections.filter((one) => !isKnown(before, one)))
      news.push({ connection, fate: await this.#fateOf(connection, before) })
    const sight = {
      endpoint: isHidden ? undefined : claimant,
      listed: connections,
      news,
      earlierNo: this.#earlierNo(claimant, connections),
      knownRules: news.some(({ fate }) => isNo(fate)) ? await this.#knownRules() : undefined,
    }
    const after = claimAfter(before, sight, this.#ports.now())
    if (after !== before) await this.#write(claimant, after)
  }

  /** The newest person's “no” to one of these connections, when another endpoint or none was known behind it. */
  #earlierNo({ key }: ResourceId, connections: readonly Connection[]): PersonsNo | undefined {
    const claims = connections.flatMap((connection) => this.#holding(connection))
    const others = claims.filter((claim) => claimantOf(claim).key !== key)
    return others
      .flatMap(({ refusal }) => refusal ?? [])
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .at(-1)
  }

  async #noteCrowded(claims: readonly Claim[]): Promise<void> {
    const [noted] = claims.toSorted((a, b) => ((a.crowdedAt ?? '') > (b.crowdedAt ?? '') ? -1 : 1))
    const after = noted && crowded(noted, this.#ports.now())
    if (after) await this.#write(claimantOf(after), after)
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

  #claims(): readonly Claim[] {
    const now = this.#ports.now()
    return [...this.#held.values()].map(({ stored }) => stored.claim).filter((one) => !isForgotten(one, now))
  }

  #claimOf({ key }: ResourceId): Claim | undefined {
    const claim = this.#held.get(key)?.stored.claim
    return claim && !isForgotten(claim, this.#ports.now()) ? claim : undefined
  }

  #hidden(): readonly Claim[] {
    return this.#claims().filter(({ endpointId }) => endpointId === undefined)
  }

  #holding(connection: Connection): readonly Claim[] {
    return this.#claims().filter((claim) => seenBefore(claim, connection))
  }

  async #around(endpoint: ResourceId): Promise<Remembered> {
    const own = this.#claimOf(endpoint)
    const hidden = this.#hidden()
    const { competing, all } = await this.#others(endpoint)
    const ofName = [...(own ? [own] : []), ...all]
    const mayBeAny = (await this.#ports.proofs.mayBeManaged(endpoint)) ? hidden : []
    return {
      own,
      competing: [...competing, ...mayBeAny],
      refused: ofName.filter(({ refusal }) => refusal),
      isCrowded: [...ofName, ...hidden].some((claim) => isCrowded(claim, this.#ports.now())),
    }
  }

  /** Other endpoints of the name: those that compete for it, and those of the same subscription as well. */
  async #others(endpoint: ResourceId) {
    const competing: Claim[] = []
    const all: Claim[] = []
    for (const claim of this.#claims()) {
      const other = parseResourceId(claim.endpointId)
      if (!other || other.key === endpoint.key || !isSameName(other.name, endpoint.name)) continue
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

  async #write(claimant: ResourceId, claim: Claim): Promise<void> {
    await this.#unlessUnusable(async () => {
      const before = this.#held.get(claimant.key)?.stored
      const stored = await this.#ports.claims.write(this.#target, claimant, before, claim)
      this.#held.set(claimant.key, { claimant, stored })
    })
  }

  /** A hidden claim is over when its endpoint is known; not, while others beside it were not remembered. */
  async #forgetHidden(connectionId: ResourceId): Promise<void> {
    const held = this.#held.get(connectionId.key)
    if (!held || isCrowded(held.stored.claim, this.#ports.now())) return
    await this.#unlessUnusable(async () => {
      await this.#ports.claims.forget(this.#target, connectionId, held.stored)
      this.#held.delete(connectionId.key)
    })
  }

  async #unlessUnusable(change: () => Promise<void>): Promise<void> {
    try {
      await change()
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
