import type { Connection } from '../domain/connection.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import { AzureFailed, type ConnectionsPort, TargetUnreadable } from '../ports/azure.ts'
import { contradictionOf } from '../request/contradiction.ts'

/** What a read of a connection shows, beside the list of the same pass. */
export interface Compared {
  /** Undefined: it is gone, or could not be read. */
  readonly read: Connection | undefined
  readonly isGone: boolean
  /** Undefined: it was read, and both show the same. */
  readonly failure: AzureFailed | undefined
}

/** Reads of connections in one review pass: each is read once, however many steps need it. */
export class Reads {
  readonly #connections: ConnectionsPort
  readonly #compared = new Map<string, Promise<Compared>>()
  #failures = 0

  constructor(connections: ConnectionsPort) {
    this.#connections = connections
  }

  /** How many reads of this pass failed, or showed something else than the list. */
  get failures(): number {
    return this.#failures
  }

  /** Compares what the list of this pass shows of a connection with a read of it. */
  compare(listed: Connection): Promise<Compared> {
    return this.#once(listed.id, async () => {
      const read = await this.#connections.read(listed)
      const words = contradictionOf(listed, read)
      return { read, isGone: read === undefined, failure: words && new AzureFailed(words) }
    })
  }

  /** Reads a connection that the list of this pass lacks. */
  find(target: ResourceId, id: ResourceId): Promise<Compared> {
    return this.#once(id, async () => {
      const read = await this.#connections.find(target, id)
      return { read, isGone: read === undefined, failure: undefined }
    })
  }

  async #once({ key }: ResourceId, reading: () => Promise<Compared>): Promise<Compared> {
    const before = this.#compared.get(key)
    if (before) return before
    const compared = orFailure(reading)
    this.#compared.set(key, compared)
    const { failure } = await compared
    if (failure) this.#failures += 1
    return compared
  }
}

/** That one connection cannot be read says nothing of the others. */
async function orFailure(reading: () => Promise<Compared>): Promise<Compared> {
  try {
    return await reading()
  } catch (error) {
    return { read: undefined, isGone: false, failure: failureOf(error) }
  }
}

/** @throws what is no failure of Azure. */
function failureOf(error: unknown): AzureFailed {
  if (error instanceof AzureFailed) return error
  if (!(error instanceof TargetUnreadable)) throw error
  return new AzureFailed({ code: 'TargetUnreadable', message: error.message.replace(/\.$/, ''), isOwn: true })
}
