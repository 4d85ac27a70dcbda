import { type Connection, isDecided } from '../domain/connection.ts'
import { isBeingApplied, type Request } from '../domain/request.ts'
import { AzureFailed, type ConnectionsPort } from '../ports/azure.ts'
import { isUnlikeDecision } from '../request/conditions.ts'
import { contradictionOf } from '../request/contradiction.ts'
import type { RememberedClaims } from './claims.ts'

/** What is compared with the list of a pass. */
export interface BesideList {
  readonly reads: Reads
  readonly claims: RememberedClaims
}

/** A listed connection beside a read of it. */
interface Compared {
  /** Undefined: it is gone, or could not be read. */
  readonly read: Connection | undefined
  /** Undefined: both show the same. */
  readonly failure: AzureFailed | undefined
}

/** Reads of listed connections in one review pass: each is read once, however many steps compare it. */
export class Reads {
  readonly #connections: ConnectionsPort
  readonly #compared = new Map<string, Promise<Compared>>()

  constructor(connections: ConnectionsPort) {
    this.#connections = connections
  }

  /** Compares what the list of this pass shows of a connection with a read of it. */
  compare(listed: Connection): Promise<Compared> {
    const before = this.#compared.get(listed.id.key)
    if (before) return before
    const compared = this.#compare(listed)
    this.#compared.set(listed.id.key, compared)
    return compared
  }

  /** Listed connections, as they were read where they were; what could not be read has no status that is known. */
  asFarAsRead(listed: readonly Connection[]): Promise<readonly Connection[]> {
    return Promise.all(
      listed.map(async (one) => {
        const compared = await this.#compared.get(one.id.key)
        return compared ? (compared.read ?? { ...one, status: '' }) : one
      }),
    )
  }

  async #compare(listed: Connection): Promise<Compared> {
    try {
      const read = await this.#connections.read(listed)
      const words = contradictionOf(listed, read)
      return { read, failure: words && new AzureFailed(words) }
    } catch (error) {
      if (!(error instanceof AzureFailed)) throw error
      return { read: undefined, failure: error }
    }
  }
}

/**
 * Reads what only a list shows of a known connection. A person's decision that only the read shows is remembered.
 * @returns undefined when the two differ, or it cannot be read, and people were notified that Azure shows something else.
 * @throws AzureFailed when they were not.
 */
export async function confirmed(
  { reads, claims }: BesideList,
  listed: Connection,
  request: Request | undefined,
): Promise<Connection | undefined> {
  const { read, failure } = await reads.compare(listed)
  if (read && isDecided(read)) await claims.add([read])
  if (!failure) return read
  if (request && isUnlikeDecision(request) && !isBeingApplied(request)) return undefined
  throw failure
}
