import { type Connection, isWritable } from '../../domain/connection.ts'
import type { ResourceId } from '../../domain/resource-id.ts'
import { type ConnectionsPort, type Listed, TargetUnreadable } from '../../ports/azure.ts'
import type { Log } from '../../ports/log.ts'
import type { ArmClient } from '../arm/client.ts'
import { ArmError } from '../arm/error.ts'
import { failureOf } from './failure.ts'
import type { Clock } from '../arm/waiting.ts'
import type { ResourceType, States } from '../resource-types/resource-type.ts'
import { usualStates } from '../resource-types/row.ts'
import { listOfType, listsOfType } from '../resource-types/table.ts'
import { progressOf, applyWrite } from './apply.ts'
import { listAddress, type ListRead, readList, readOne } from './list.ts'
import { isOfType } from './read.ts'
import { createUnlistedTypes } from './unlisted-types.ts'
import { explain, problemOfOddItems } from './unreadable.ts'

/** Codes of a 404 that means that the target does not exist, and so has no connections. */
const goneTargetCodes = ['ParentResourceNotFound', 'ResourceGroupNotFound', 'ResourceNotFound']

/** Codes of a 404 or 400 that concerns the subscription, not the list. */
const unknownSubscriptionCodes = ['InvalidSubscriptionId', 'SubscriptionNotFound']

export interface ConnectionsOptions {
  readonly arm: ArmClient
  readonly log: Log
  readonly clock: Clock
}

/** Connections of targets through ARM, each type read and written as its row in the table defines. */
export function createConnections({ arm, log, clock }: ConnectionsOptions): ConnectionsPort {
  const unlistedTypes = createUnlistedTypes(arm, clock)

  async function rowsOf(target: ResourceId): Promise<readonly ResourceType[]> {
    const listed = listsOfType(target.type)
    return listed.length > 0 ? listed : [await unlistedTypes.rowFor(target)]
  }

  async function rowOf({ target, list, writeSupport }: Connection): Promise<ResourceType> {
    return writeSupport === 'unlisted-type'
      ? await unlistedTypes.rowFor(target)
      : listOfType(target.type, list)
  }

  async function listOne(target: ResourceId, resourceType: ResourceType): Promise<ListRead> {
    try {
      return await readList(target, resourceType, { arm, log })
    } catch (error) {
      if (!(error instanceof ArmError)) throw error
      const { status, code } = error
      const none: ListRead = { connections: [], oddItems: [] }
      if (status === 404 && goneTargetCodes.includes(code)) return none
      const isNoList =
        resourceType.noListStatuses.includes(status) && !unknownSubscriptionCodes.includes(code)
      if (!isNoList) throw explained(error, target, resourceType)
      const { list } = resourceType
      log.info('A target has no such list of connections', { targetId: target.id, list, status, code })
      return none
    }
  }

  function explained(error: ArmError, target: ResourceId, resourceType: ResourceType): Error {
    const isListed = resourceType.evidence !== 'discovered'
    const what = `The connections of ${target.key} cannot be listed`
    const permissions = resourceType.permissions.filter((permission) => permission.endsWith('/read'))
    const asked = {
      host: arm.host,
      what: isListed ? what : `${what}, and its type is not in the table of resource types`,
      ...listAddress(resourceType, target.key),
      subscriptionId: target.subscriptionId,
      permissions,
    }
    return explain(error, asked)
  }

  /** A target that does not exist has no connections. */
  async function list(target: ResourceId): Promise<Listed> {
    const rows = await rowsOf(target)
    const lists = await allOrOneFailure(rows.map((resourceType) => listOne(target, resourceType)))
    const connections = lists.flatMap((listed) => listed.connections)
    const oddItems = lists.flatMap((listed) => listed.oddItems)
    if (oddItems.length === 0) return { kind: 'whole', connections }
    return { kind: 'partly', connections, problem: problemOfOddItems(target, oddItems) }
  }

  async function read(connection: Connection): Promise<Connection | undefined> {
    return await readById(connection.target, connection.id, await rowOf(connection))
  }

  async function find(target: ResourceId, id: ResourceId): Promise<Connection | undefined> {
    const rows = (await rowsOf(target)).filter((resourceType) => isOfType(target, id, resourceType))
    for (const resourceType of rows) {
      const found = await readById(target, id, resourceType)
      if (found) return found
    }
    return undefined
  }

  async function readById(
    target: ResourceId,
    id: ResourceId,
    resourceType: ResourceType,
  ): Promise<Connection | undefined> {
    if (resourceType.readFrom === 'connection') return await readOne(id, target, resourceType, { arm, log })
    const { connections, oddItems } = await listOne(target, resourceType)
    const found = connections.find((listed) => listed.id.key === id.key)
    // An unreadable item may be this connection.
    if (!found && oddItems.length > 0) throw new TargetUnreadable(problemOfOddItems(target, oddItems))
    return found
  }

  return {
    list: (target) => inWords(list(target)),
    read: (connection) => inWords(read(connection)),
    find: (target, id) => inWords(find(target, id)),
    async apply(connection, write) {
      if (!isWritable(connection))
        throw new Error(`Nothing can apply a decision to ${connection.id.id} here.`)
      const resourceType = listOfType(connection.target.type, connection.list)
      return await inWords(applyWrite(connection, write, resourceType, { arm, log, clock, read }))
    },
    progressOf: (connection) => progressOf(connection, statesOf(connection)),
  }
}

function statesOf({ target, list }: Connection): States {
  return listsOfType(target.type).find((resourceType) => resourceType.list === list) ?? usualStates
}

/** Of several failures a transient one, else the first in table order, so that the message is the same each time. */
async function allOrOneFailure<T>(promises: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(promises)
  const failures = settled.flatMap((end) => (end.status === 'rejected' ? [end.reason as Error] : []))
  const failure = failures.find((error) => !(error instanceof TargetUnreadable)) ?? failures[0]
  if (failure) throw failure
  return settled.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []))
}

/** A failed read, with what Azure said. A throttled one is none: Azure states when to retry. */
async function inWords<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    if (!(error instanceof ArmError)) throw error
    throw failureOf(error)
  }
}
