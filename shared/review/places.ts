import { takesNoPlace, type Connection } from '../domain/connection.ts'
import type { Request } from '../domain/request.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import type { ApprovedConnection } from '../domain/verdict.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import { staleSeconds } from '../request/conditions.ts'
import { recordedRequest } from './claimants.ts'
import type { BesideList } from './confirm.ts'
import { type Counted, countPlaces } from './counted-places.ts'
import type { ReviewPorts } from './ports.ts'
import type { Compared } from './reads.ts'

/** Connections that are read for one request. */
const maxReads = 5
/** Records of listed connections that are read in parallel. */
const readAtOnce = 10

type Approved = readonly ApprovedConnection[]

/** What a pass counts by. */
interface Around extends BesideList {
  readonly ports: ReviewPorts
  readonly target: ResourceId
  readonly listed: readonly Connection[]
  readonly unfinished: readonly RequestRecord[]
}

/** The places of `maxConnections` on one target, during one review pass. A list alone frees none. */
export class Places {
  readonly #around: Around
  readonly #begun = new Map<string, ApprovedConnection>()
  /** Those of which a read of this pass shows that they are not Approved. */
  readonly #freed = new Set<string>()
  /** Those of which a read of this pass shows that they are. */
  readonly #kept = new Set<string>()
  #records: Promise<readonly RequestRecord[] | undefined> | undefined
  #recorded: Promise<ReadonlyMap<string, Request | 'unreadable'>> | undefined

  constructor(around: Around) {
    this.#around = around
  }

  /** Counts a connection as approved from now on, whatever the outcome of the write. */
  take(connection: Connection): void {
    this.#begun.set(connection.id.strictKey, connection)
  }

  /** Connections that count as Approved, without a read; undefined: that is not known. */
  async counted(): Promise<Approved | undefined> {
    const counted = await this.#count()
    return counted && [...counted.taken, ...counted.unread]
  }

  /**
   * Connections that count as Approved for one request. Where places that only a list shows as free would be enough, they
   * are read, the first that fails last.
   * @param isEnough true when the request would be approved beside these.
   */
  async countedFor(isEnough: (approved: Approved) => boolean): Promise<Approved | undefined> {
    for (let reads = 0; ; reads += 1) {
      const counted = await this.#count()
      if (!counted) return undefined
      const { taken, unread } = counted
      const all = [...taken, ...unread]
      if (unread.length === 0 || reads === maxReads || isEnough(all) || !isEnough(taken)) return all
      if (!(await this.#isRead(firstTooMany(taken, unread, isEnough)))) return all
    }
  }

  async #isRead(one: ApprovedConnection): Promise<boolean> {
    const { read, isGone } = await this.#read(one.id)
    if (!read && !isGone) return false
    const isFree = read === undefined || takesNoPlace(read)
    ;(isFree ? this.#freed : this.#kept).add(one.id.strictKey)
    return true
  }

  async #read(id: ResourceId): Promise<Compared> {
    const { reads, claims, target, listed } = this.#around
    const shown = listed.find((one) => one.id.key === id.key)
    const compared = shown ? await reads.compare(shown) : await reads.find(target, id)
    if (compared.read) await claims.addRead(compared.read, shown)
    else if (compared.isGone && !shown) await claims.addGone(id)
    return compared
  }

  async #count(): Promise<Counted | undefined> {
    const { ports, target, listed, unfinished, claims } = this.#around
    const since = new Date(ports.now().getTime() - staleSeconds * 1000)
    const lately = await (this.#records ??= ports.ledger.approvedOn(target, since))
    if (!lately) return undefined
    const recorded = await (this.#recorded ??= this.#recordedOfOpen())
    const known = { records: [...unfinished, ...lately], recorded, remembered: claims.approved() }
    const { taken, unread } = countPlaces(listed, known, ports.now())
    const begun = [...this.#begun.values()]
    const isLeft = ({ id }: ApprovedConnection) =>
      !this.#begun.has(id.strictKey) && !this.#freed.has(id.strictKey)
    const isKept = ({ id }: ApprovedConnection) => this.#kept.has(id.strictKey)
    const left = unread.filter(isLeft)
    return {
      taken: [...taken.filter(({ id }) => !this.#begun.has(id.strictKey)), ...begun, ...left.filter(isKept)],
      unread: left.filter((one) => !isKept(one)),
    }
  }

  /** What is recorded of the connections that a list shows as open. */
  async #recordedOfOpen(): Promise<ReadonlyMap<string, Request | 'unreadable'>> {
    const { ports, listed } = this.#around
    const open = listed.filter(takesNoPlace)
    const recorded = new Map<string, Request | 'unreadable'>()
    for (let from = 0; from < open.length; from += readAtOnce) {
      await Promise.all(
        open.slice(from, from + readAtOnce).map(async (one) => {
          const request = await recordedRequest(ports, one)
          if (request !== undefined) recorded.set(one.id.key, request)
        }),
      )
    }
    return recorded
  }
}

/** The first of these beside which, and all before it, there are too many. */
function firstTooMany(
  taken: Approved,
  unread: Approved,
  isEnough: (approved: Approved) => boolean,
): ApprovedConnection {
  const first = unread.find((_, index) => !isEnough([...taken, ...unread.slice(0, index + 1)]))
  if (!first) throw new Error('There are enough places.')
  return first
}
