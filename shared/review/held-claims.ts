import { type Claim, claimantOf } from '../domain/claim.ts'
import type { Connection } from '../domain/connection.ts'
import { isSameName, parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import type { StoredClaim } from '../ports/claims.ts'
import { LedgerConflict } from '../ports/ledger.ts'
import { seenBefore } from '../request/claim-entry.ts'
import { isCrowded, isForgotten } from '../request/claim-seen.ts'
import type { ReviewPorts } from './ports.ts'

interface Held {
  readonly claimant: ResourceId
  readonly stored: StoredClaim
}

/** The stored claims of one target, during one review pass: each by the endpoint, or by the connection that hides it. */
export class HeldClaims {
  readonly #ports: ReviewPorts
  readonly #target: ResourceId
  readonly #held = new Map<string, Held>()
  /** Why a row cannot be used: then nothing is approved on the target. */
  readonly problem: string | undefined

  private constructor(
    ports: ReviewPorts,
    target: ResourceId,
    stored: readonly StoredClaim[],
    problem: string | undefined,
  ) {
    this.#ports = ports
    this.#target = target
    this.problem = problem
    for (const one of stored) {
      const claimant = claimantOf(one.claim)
      this.#held.set(claimant.key, { claimant, stored: one })
    }
  }

  static async of(ports: ReviewPorts, target: ResourceId): Promise<HeldClaims> {
    const { claims, problem } = await ports.claims.of(target)
    return new HeldClaims(ports, target, claims, problem)
  }

  all(): readonly Claim[] {
    const now = this.#ports.now()
    return [...this.#held.values()].map(({ stored }) => stored.claim).filter((one) => !isForgotten(one, now))
  }

  by({ key }: ResourceId): Claim | undefined {
    const claim = this.#held.get(key)?.stored.claim
    return claim && !isForgotten(claim, this.#ports.now()) ? claim : undefined
  }

  /** True when there is a row, even one that is as good as forgotten. */
  has({ key }: ResourceId): boolean {
    return this.#held.has(key)
  }

  /** Those of connections that hide their endpoints. */
  hidden(): readonly Claim[] {
    return this.all().filter(({ endpointId }) => endpointId === undefined)
  }

  /** Those in which the connection was seen. */
  holding(connection: Pick<Connection, 'id'>): readonly Claim[] {
    return this.all().filter((claim) => seenBefore(claim, connection))
  }

  /** Other endpoints of the name: those that compete for it, and those of the same subscription as well. */
  async others(endpoint: ResourceId) {
    const competing: Claim[] = []
    const all: Claim[] = []
    for (const claim of this.all()) {
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

  async write(claimant: ResourceId, claim: Claim): Promise<void> {
    await this.#unlessUnusable(async () => {
      const before = this.#held.get(claimant.key)?.stored
      const stored = await this.#ports.claims.write(this.#target, claimant, before, claim)
      this.#held.set(claimant.key, { claimant, stored })
    })
  }

  /** A hidden claim is over when its endpoint is known; not, while others beside it were not remembered. */
  async forgetHidden(connectionId: ResourceId): Promise<void> {
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
      if (this.problem === undefined || !(error instanceof LedgerConflict)) throw error
    }
  }
}
