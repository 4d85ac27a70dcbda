import type { Connection } from '../../domain/connection.ts'
import type { ConnectionWrite } from '../../domain/connection-write.ts'
import type { ResourceType } from './resource-type.ts'

/** What a body is made of. */
export interface WrittenConnection {
  readonly id: { readonly id: string; readonly name: string }
  readonly endpoint: { readonly id: string } | undefined
  readonly groupIds: Connection['groupIds']
}

/**
 * What the published examples of the type have, and no more: some types refuse their own read-only members sent back
 * (Azure/azure-cli#20424). The endpoint's id is included although Azure knows it, because published deny policies refuse
 * an approval without it.
 */
export function bodyOf(
  { id, endpoint, groupIds }: WrittenConnection,
  { status, description }: ConnectionWrite,
  resourceType: ResourceType,
): object {
  const { stateMember, bodyMembers, actionsRequired } = resourceType
  const state = {
    status,
    ...(resourceType.description !== 'read-only' && { description }),
    ...(actionsRequired !== undefined && { actionsRequired }),
  }
  const properties = {
    ...(bodyMembers.includes('provisioningState') && { provisioningState: 'Succeeded' }),
    ...(endpoint && { privateEndpoint: { id: endpoint.id } }),
    [stateMember]: state,
    ...(bodyMembers.includes('groupIds') && groupIds && { groupIds }),
  }
  return {
    ...(bodyMembers.includes('id') && { id: id.id }),
    ...(bodyMembers.includes('name') && { name: id.name }),
    properties,
  }
}
