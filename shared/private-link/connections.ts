import type { Connection } from '../domain/connection.ts'
import type { ResourceId } from '../domain/resource-id.ts'
import { AzureBusy, type ConnectionsPort, type Log } from '../review/ports.ts'
import { progressOf, writeAnswer } from './answering.ts'
import { ArmError } from './arm-error.ts'
import type { ArmClient } from './arm-client.ts'
import { readConnection, readListed } from './connection-reading.ts'
import { listOfType, listsOfType } from './resource-types/table.ts'
import type { ResourceType } from './resource-types/resource-type.ts'
import { secondsToStayAway, whenThrottled } from './waiting.ts'
import type { Clock } from './waiting.ts'

/** Codes of a 404 that means the target itself is not there, and so has no connections. */
const goneTargetCodes = ['ParentResourceNotFound', 'ResourceGroupNotFound', 'ResourceNotFound']

export interface ConnectionsOptions {
  readonly arm: ArmClient
  readonly log: Log
  readonly clock: Clock
}

/** Connections of targets through ARM, each type read and answered as its row in the table says. */
export function createConnections({ arm, log, clock }: ConnectionsOptions): ConnectionsPort {
  async function listOne(target: ResourceId, resourceType: ResourceType): Promise<readonly Connection[]> {
    try {
      const items = await arm.list(`${target.id}/${resourceType.listPath}`, resourceType.apiVersion)
      return items.map((item) => readListed(item, target, resourceType, log))
    } catch (error) {
      if (!(error instanceof ArmError)) throw error
      if (error.status === 404 && goneTargetCodes.includes(error.code)) return []
      if (!resourceType.noListStatuses.includes(error.status)) throw error
      log.info('A target has no such list of connections', {
        targetId: target.id,
        list: resourceType.list,
        status: error.status,
        code: error.code,
      })
      return []
    }
  }

  /** A target that does not exist has no connections; every other failure is thrown. */
  async function list(target: ResourceId): Promise<readonly Connection[]> {
    const resourceTypes = listsOfType(target.type)
    if (resourceTypes.length === 0) {
      throw new Error(`The type "${target.type}" of ${target.id} is not in the table of resource types.`)
    }
    const lists = await Promise.all(resourceTypes.map((resourceType) => listOne(target, resourceType)))
    return lists.flat()
  }

  async function read(connection: Connection): Promise<Connection | undefined> {
    const { id, target } = connection
    const resourceType = listOfType(target.type, connection.list)
    if (resourceType.answer === 'post-ingestion-status') {
      return (await listOne(target, resourceType)).find((listed) => listed.id.key === id.key)
    }
    try {
      const { body } = await arm.request('GET', id.id, resourceType.apiVersion)
      // Key Vault may answer 204 for what is gone.
      return body === undefined ? undefined : readConnection(body, id, target, resourceType, log)
    } catch (error) {
      if (error instanceof ArmError && error.status === 404) return undefined
      throw error
    }
  }

  return {
    list: (target) => sayingBusy(list(target)),
    read: (connection) => sayingBusy(read(connection)),
    answer: (connection, answer) =>
      writeAnswer(connection, answer, listOfType(connection.target.type, connection.list), {
        arm,
        log,
        clock,
        read,
      }),
    progressOf: (connection) => progressOf(connection, listOfType(connection.target.type, connection.list)),
  }
}

/** A throttled read is no failure: Azure says when to come back. */
async function sayingBusy<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading
  } catch (error) {
    if (!(error instanceof ArmError) || error.status !== 429) throw error
    throw new AzureBusy(secondsToStayAway(error.retryAfterSeconds, whenThrottled), { cause: error })
  }
}
