import { type Claim, claimantOf, type PersonsNo } from '../domain/claim.ts'
import { isDecided, takesNoPlace, type Connection } from '../domain/connection.ts'
import type { Proof } from '../domain/proof.ts'
import type { KnownRules } from '../domain/request.ts'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import type { ApprovedConnection, Reason, Verdict } from '../domain/verdict.ts'
import { type PreparedRules, rulesOver } from '../policy/index.ts'
import { type Barrier, barrierOf, type Remembered, wouldRelease } from '../request/claim-barrier.ts'
import { seenBefore, type Seen } from '../request/claim-entry.ts'
import { fateOf, fateUnknown, isByPerson, isNo } from '../request/claim-fate.ts'
import { claimAfter, crowded, doubtedBy, isCrowded, withoutConnection } from '../request/claim-seen.ts'
import { knownRulesOf } from '../request/hold.ts'
import {
  isApprovedInBoth,
  isEndpointInBoth,
  isNews,
  isShownNow,
  isUnsettled,
  type ReadBeside,
  unreadApprovalSince,
} from '../request/claim-reads.ts'
import { type Asking, askingBy, mayBeNo, recordedRequest } from './claimants.ts'
import { currentRules } from './current-rules.ts'
import { HeldClaims } from './held-claims.ts'
import type { ReviewPorts } from './ports.ts'
import type { Reads } from './reads.ts'

/** More endpoints of one name are not remembered one by one. */
const maxOfOneName = 20
/** More connections of one target that hide their endpoints are not remembered one by one. */
const maxHidden = 100
/** Connections that are read for one verdict, where each read succeeds. */
const maxReadsOfVerdict = 20

/**
 * What is remembered of the endpoints on one target, during one review pass: which of them claimed which name, and what
 * became of them. Endpoints of managed networks compete for a name, and a hidden one may be any of them; an ordinary
 * endpoint proves itself and competes with none, so that only a person's decision on it is remembered.
 *
 * What keeps a rule from approving counts as one source shows it; what releases an endpoint, as the list and a read do.
 */
export class RememberedClaims {
  readonly #ports: ReviewPorts
  readonly #target: ResourceId
  readonly #held: HeldClaims
  readonly #listed: readonly Connection[]
  readonly #reads: Reads

  private constructor(
    ports: ReviewPorts,
    target: ResourceId,
    held: HeldClaims,
    listed: readonly Connection[],
    reads: Reads,
  ) {
    this.#ports = ports
    this.#target = target
    this.#held = held
    this.#listed = listed
    this.#reads = reads
  }

  /**
   * Reads what is remembered of a target and adds what its list shows now, whatever any rule says of it.
   * @throws when that cannot be read or written: a connection that is not remembered must not be forgotten.
   */
  static async after(
    ports: ReviewPorts,
    target: ResourceId,
    listed: readonly Connection[],
    reads: Reads,
  ): Promise<RememberedClaims> {
    const held = await HeldClaims.of(ports, target)
    const remembered = new RememberedClaims(ports, target, held, listed, reads)
    await remembered.#add(listed)
    return remembered
  }

  /**
   * Adds what a read of a connection shows.
   * @param listed as the list of the same pass shows it; undefined: the list lacks it.
   */
  async addRead(read: Connection, listed: Connection | undefined): Promise<void> {
    await this.#addRead(read, { listed })
  }

  /** Adds what a read shows after a write of this app: the list of the pass is older. */
  async addWritten(read: Connection): Promise<void> {
    await this.#addRead(read, { listed: undefined, isAfterWrite: true })
  }

  /** Adds that neither the list nor a read shows a connection. */
  async addGone(id: ResourceId): Promise<void> {
    await this.#removeFrom(id, () => true)
  }

  /** Connections that were Approved, or in a status that is not known, when they were seen last. */
  approved(): readonly ApprovedConnection[] {
    return this.#held.all().flatMap(({ endpointId, connections }) => {
      const endpoint = parseResourceId(endpointId)
      const taking = connections.filter((one) => !takesNoPlace(one))
      return taking.flatMap(({ connectionId }) => {
        const id = parseResourceId(connectionId)
        return id ? [{ id, endpoint }] : []
      })
    })
  }

  /** Connections of which something is remembered only when a read shows it as well. */
  async awaitingRead(): Promise<readonly Connection[]> {
    const awaiting: Connection[] = []
    for (const connection of this.#listed) {
      const isNoted = this.#held.holding(connection).some((claim) => isUnsettled(connection, claim))
      if (isNoted || (await this.#isReleasing(connection))) awaiting.push(connection)
    }
    return awaiting
  }

  /** Notes a competing claim that the proof found, whatever becomes of the evaluation that it was made for. */
  async note({ endpoint }: Connection, proof: Proof, rules: PreparedRules): Promise<void> {
    const own = endpoint && this.#held.by(endpoint)
    const over = rulesOver(rules, this.#target) ?? []
    const doubted = own && doubtedBy(own, proof, over, this.#ports.now())
    if (doubted) await this.#held.write(endpoint, doubted)
  }

  /** The verdict; manual review in its place where a competing claim or a person's “no” keeps a rule from approving. */
  async recall({ endpoint }: Connection, verdict: Verdict): Promise<Verdict> {
    if (!endpoint || verdict.outcome !== 'approve') return verdict
    if (this.#held.problem !== undefined) return escalated(verdict, unusable(this.#held.problem))
    const barrier = await this.#barrierOf(endpoint, verdict)
    if (!barrier) return verdict
    for (const claim of barrier.changed) await this.#held.write(claimantOf(claim), claim)
    return escalated(verdict, barrier.reason)
  }

  /** What keeps the endpoint from being approved, after reads of what may release it; the first that fails is the last. */
  async #barrierOf(endpoint: ResourceId, verdict: Verdict): Promise<Barrier | undefined> {
    for (let reads = 0; ; reads += 1) {
      const around = await this.#around(endpoint)
      const barrier = barrierOf(endpoint, around, verdict, this.#ports.now())
      const next = barrier && reads < maxReadsOfVerdict ? this.#releasing(around) : undefined
      if (!next || !(await this.read(next))) return barrier
    }
  }

  /** A listed connection that releases the endpoint, if a read shows the same. */
  #releasing(around: Remembered): Connection | undefined {
    const { own, competing } = around
    const hidden = competing.filter(({ endpointId }) => endpointId === undefined)
    return this.#listed.find((one) => {
      const since = unreadApprovalSince(one, own)
      const isReleasing = since !== undefined && wouldRelease(since, around, this.#ports.now())
      return isReleasing || hidden.some((claim) => isShownNow(one, claim))
    })
  }

  /** True for a person's approval that no read has shown yet, where its endpoint would be released from something. */
  async #isReleasing(connection: Connection): Promise<boolean> {
    const { endpoint } = connection
    if (!endpoint) return false
    const since = unreadApprovalSince(connection, this.#held.by(endpoint))
    return since !== undefined && wouldRelease(since, await this.#around(endpoint), this.#ports.now())
  }

  /** Reads a listed connection, and remembers what that shows. False: it failed, or shows something else than the list. */
  async read(listed: Connection): Promise<boolean> {
    const { read, failure } = await this.#reads.compare(listed)
    if (read) await this.addRead(read, listed)
    return failure === undefined
  }

  async #addRead(connection: Connection, read: ReadBeside): Promise<void> {
    await this.#add([connection], read)
    const claimant = connection.endpoint
    const isUndisputed = read.listed === undefined || isEndpointInBoth(read, connection)
    if (claimant && isUndisputed)
      await this.#removeFrom(connection.id, (claim) => claimantOf(claim).key !== claimant.key)
  }

  async #add(connections: readonly Connection[], read?: ReadBeside): Promise<void> {
    const asking = await askingBy(this.#ports, this.#held, connections)
    const endpoints = asking.filter(({ isHidden }) => !isHidden)
    const isToRemember = await Promise.all(endpoints.map((one) => this.#isToRemember(one)))
    for (const one of endpoints.filter((_, index) => isToRemember[index])) await this.#see(one, read)
    if (read)
      for (const { connections: shown } of endpoints)
        for (const { id } of shown.filter((one) => isEndpointInBoth(read, one)))
          await this.#held.forgetHidden(id)
    for (const one of asking.filter(({ isHidden }) => isHidden)) await this.#see(one, read)
  }

  /** What a read no longer shows takes no place. */
  async #removeFrom(id: ResourceId, isOf: (claim: Claim) => boolean): Promise<void> {
    for (const claim of this.#held.holding({ id }).filter(isOf)) {
      const after = withoutConnection(claim, id, this.#ports.now())
      if (after !== claim) await this.#held.write(claimantOf(claim), after)
    }
  }

  async #isToRemember({ claimant, connections }: Asking): Promise<boolean> {
    if (this.#held.has(claimant) || this.#earlierNo(claimant, connections)) return true
    return connections.some(mayBeNo) || (await this.#ports.proofs.mayBeManaged(claimant))
  }

  async #see(asking: Asking, read: ReadBeside | undefined): Promise<void> {
    const { claimant, isHidden, connections } = asking
    const before = this.#held.by(claimant)
    const beside = isHidden ? this.#held.hidden() : (await this.#held.others(claimant)).all
    if (!before && beside.length >= (isHidden ? maxHidden : maxOfOneName)) return this.#noteCrowded(beside)
    const news: Seen[] = []
    for (const connection of connections.filter((one) => isNews(before, one, read)))
      news.push(await this.#newsOf(connection, before, read))
    const sight = {
      endpoint: isHidden ? undefined : claimant,
      listed: connections,
      news,
      earlierNo: this.#earlierNo(claimant, connections),
      knownRules: news.some(({ fate }) => isNo(fate)) ? await this.#knownRules() : undefined,
    }
    const after = claimAfter(before, sight, this.#ports.now())
    if (after !== before) await this.#held.write(claimant, after)
  }

  /** The newest person's “no” to one of these connections, when another endpoint or none was known behind it. */
  #earlierNo({ key }: ResourceId, connections: readonly Connection[]): PersonsNo | undefined {
    const claims = connections.flatMap((connection) => this.#held.holding(connection))
    const others = claims.filter((claim) => claimantOf(claim).key !== key)
    return others
      .flatMap(({ refusal }) => refusal ?? [])
      .sort((a, b) => (a.at < b.at ? -1 : 1))
      .at(-1)
  }

  async #noteCrowded(claims: readonly Claim[]): Promise<void> {
    const [noted] = claims.toSorted((a, b) => ((a.crowdedAt ?? '') > (b.crowdedAt ?? '') ? -1 : 1))
    const after = noted && crowded(noted, this.#ports.now())
    if (after) await this.#held.write(claimantOf(after), after)
  }

  async #knownRules(): Promise<KnownRules | undefined> {
    const rules = rulesOver(await currentRules(this.#ports.rules), this.#target)
    return rules && knownRulesOf(rules)
  }

  async #newsOf(
    connection: Connection,
    claim: Claim | undefined,
    read: ReadBeside | undefined,
  ): Promise<Seen> {
    const request = isDecided(connection) ? await recordedRequest(this.#ports, connection) : undefined
    const seen = { connection, isRead: read !== undefined, ...(read && { listed: read.listed }) }
    if (request === 'unreadable') return { ...seen, fate: fateUnknown(connection) }
    const isOwn = read?.isAfterWrite === true && isByPerson(request, connection, 'approve')
    return {
      ...seen,
      fate: fateOf(connection, request, seenBefore(claim, connection)),
      isApprovedInBoth: isOwn || (read !== undefined && isApprovedInBoth(read, connection)),
    }
  }

  async #around(endpoint: ResourceId): Promise<Remembered> {
    const own = this.#held.by(endpoint)
    const hidden = this.#held.hidden()
    const { competing, all } = await this.#held.others(endpoint)
    const ofName = [...(own ? [own] : []), ...all]
    const mayBeAny = (await this.#ports.proofs.mayBeManaged(endpoint)) ? hidden : []
    return {
      own,
      competing: [...competing, ...mayBeAny],
      refused: ofName.filter(({ refusal }) => refusal),
      isCrowded: [...ofName, ...hidden].some((claim) => isCrowded(claim, this.#ports.now())),
    }
  }
}

function escalated(verdict: Verdict, reason: Reason): Verdict {
  return { ...verdict, outcome: 'escalate', reason }
}

function unusable(problem: string): Reason {
  const words =
    'What is remembered of earlier claims on this target cannot be read, so no rule approves here.'
  return { code: 'claims-unreadable', sentence: `${words} ${problem}` }
}
