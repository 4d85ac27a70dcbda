import type { ResourceType } from './resource-type.ts'

/** For reading requesters: factories, their managed endpoints, and ordinary endpoints. */
export const requesterPermissions: readonly string[] = [
  'Microsoft.DataFactory/factories/read',
  'Microsoft.DataFactory/factories/managedVirtualNetworks/read',
  'Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints/read',
  'Microsoft.Network/privateEndpoints/read',
]

/** For reading further facts for rules: the tags of the target. */
const contextPermissions: readonly string[] = ['Microsoft.Resources/tags/read']

/** A custom role in the form that `az role definition create` takes. */
export interface CustomRole {
  readonly Name: string
  readonly Description: string
  readonly Actions: readonly string[]
  readonly AssignableScopes: readonly string[]
}

/** The role with everything that reviewing targets of these types takes. */
export function customRole(resourceTypes: readonly ResourceType[]): CustomRole {
  const permissions = resourceTypes.flatMap((resourceType) => resourceType.permissions)
  return {
    Name: 'Private Endpoint Approver',
    Description:
      'Reads private endpoint connections and applies decisions to them, and reads the requesters.',
    Actions: [...new Set([...permissions, ...requesterPermissions, ...contextPermissions])],
    AssignableScopes: ['/subscriptions/00000000-0000-0000-0000-000000000000'],
  }
}
