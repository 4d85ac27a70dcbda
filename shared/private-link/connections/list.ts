import type { Connection } from '../../domain/connection.ts'
import type { ResourceId } from '../../domain/resource-id.ts'
import type { Log } from '../../ports/log.ts'
import type { ArmClient } from '../arm/client.ts'
import { ArmError } from '../arm/error.ts'
import type { ResourceType } from '../resource-types/resource-type.ts'
import { idOfItem, nameOfOddItem, readConnection } from './read.ts'

/** How many connections of one target are read in parallel where its list contains only ids. */
const maxAtOnce = 10

export interface ListRead {
  readonly connections: readonly Connection[]
  /** What items call themselves that are no connections of the target. */
  readonly oddItems: readonly string[]
}

export interface Reading {
  readonly arm: ArmClient
  readonly log: Log
}

/** The address at which the connections of a target are listed, and the api-version to ask for. */
export function listAddress(
  { listForm, listPath, apiVersion, parentApiVersion }: ResourceType,
  target: string,
): { readonly path: string; readonly apiVersion: string } {
  return listForm === 'embedded'
    ? { path: target, apiVersion: parentApiVersion }
    : { path: `${target}/${listPath}`, apiVersion }
}

/**
 * One list of a target's connections, in the form of its type.
 * @throws ArmError when the list, or a connection of which it holds only the id, could not be read.
 */
export async function readList(
  target: ResourceId,
  resourceType: ResourceType,
  { arm, log }: Reading,
): Promise<ListRead> {
  const oddItems: string[] = []
  const bareIds: ResourceId[] = []
  const connections: Connection[] = []
  for (const item of await readItems(target, resourceType, arm)) {
    const id = idOfItem(item, target, resourceType)
    if (!id) oddItems.push(nameOfOddItem(item))
    else if (typeof item === 'string') bareIds.push(id)
    else connections.push(readConnection(item, id, target, resourceType, log))
  }
  for (let start = 0; start < bareIds.length; start += maxAtOnce) {
    const ids = bareIds.slice(start, start + maxAtOnce)
    const read = await Promise.all(ids.map((id) => readOne(id, target, resourceType, { arm, log })))
    connections.push(...read.filter((connection) => connection !== undefined))
  }
  return { connections, oddItems }
}

/** One connection by its id; undefined when it is gone, for which Key Vault may return 204. */
export async function readOne(
  id: ResourceId,
  target: ResourceId,
  resourceType: ResourceType,
  { arm, log }: Reading,
): Promise<Connection | undefined> {
  try {
    const { status, body } = await arm.request('GET', id.id, resourceType.apiVersion)
    if (status === 204) return undefined
    if (body === undefined) throw new ArmError(status, 'UnreadableResponse', 'The response has no body.')
    return readConnection(body, id, target, resourceType, log)
  } catch (error) {
    if (error instanceof ArmError && error.status === 404) return undefined
    throw error
  }
}

async function readItems(
  target: ResourceId,
  resourceType: ResourceType,
  arm: ArmClient,
): Promise<readonly unknown[]> {
  const { path, apiVersion } = listAddress(resourceType, target.id)
  if (resourceType.listForm !== 'embedded') return await arm.list(path, apiVersion)
  const { body } = await arm.request('GET', path, apiVersion)
  return readEmbedded(body, resourceType.embeddedIn)
}

/** A target without any connection may leave the last member of the path out. */
function readEmbedded(body: unknown, path: string): readonly unknown[] {
  let found = body
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null) throw notAnArray(path)
    found = (found as Record<string, unknown>)[name]
  }
  if (found === undefined || found === null) return []
  if (!Array.isArray(found)) throw notAnArray(path)
  return found
}

function notAnArray(path: string): ArmError {
  return new ArmError(0, 'UnreadableList', `The target has no array ${path}.`)
}
