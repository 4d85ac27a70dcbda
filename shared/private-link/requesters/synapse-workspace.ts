import type { ArmClient } from '../arm-client.ts'
import { checkTemplate, fillTemplate, listOrNone, mustExist } from './data-plane.ts'
import type { DataPlaneClient } from './data-plane.ts'
import { readManagedEndpoints } from './managed-endpoint-reading.ts'
import type { RequesterKind } from './requester-kind.ts'

const placeholder = '{workspace}'
const armApiVersion = '2021-06-01'
const dataPlaneApiVersion = '2020-12-01'

/**
 * Synapse workspaces. ARM says whether the workspace is still there, its own data plane lists the endpoints, and
 * in this version tells the id of the endpoint behind each (Microsoft's specification; whether it does so while
 * Pending was not seen). The workspace's firewall and Synapse's own roles apply to the data plane.
 * @param template address of a workspace's data plane with `{workspace}` in it.
 */
export function synapseWorkspace(
  arm: ArmClient,
  dataPlane: DataPlaneClient,
  template: string,
): RequesterKind {
  checkTemplate(template, placeholder)
  return {
    kind: 'synapse-workspace',
    armType: 'Microsoft.Synapse/workspaces',
    spoken: 'the Synapse workspace',
    async managedEndpoints(id) {
      const client = dataPlane(fillTemplate(template, placeholder, id))
      await mustExist(arm, id, armApiVersion)
      const path = '/managedVirtualNetworks/default/managedPrivateEndpoints'
      return readManagedEndpoints(await listOrNone(client, path, dataPlaneApiVersion))
    },
  }
}
