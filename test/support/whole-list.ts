import type { Connection } from '../../shared/domain/connection.ts'
import type { ResourceId } from '../../shared/domain/resource-id.ts'
import type { ConnectionsPort } from '../../shared/ports/azure.ts'

/** The connections of a target whose lists must be whole. */
export async function listWhole(
  connections: Pick<ConnectionsPort, 'list'>,
  target: ResourceId,
): Promise<readonly Connection[]> {
  const listed = await connections.list(target)
  if (listed.kind === 'partly') throw new Error(`The list is not whole: ${listed.problem}`)
  return listed.connections
}
