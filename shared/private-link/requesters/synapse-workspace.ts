import type { ArmClient } from '../arm/client.ts'
import { listOrNone, mustBeAt, mustBeWell } from './asking.ts'
import { checkTemplate, type DataPlaneClient, fillTemplate } from './data-plane.ts'
import { readNetworkEndpoints } from './item-reading.ts'
import type { RequesterApi } from './requester-api.ts'

const placeholder = '{workspace}'
const armApiVersion = '2021-06-01'
const dataPlaneApiVersion = '2020-12-01'

/**
 * Synapse workspaces. ARM shows whether the workspace still exists, how it is, and the address of its own data plane,
 * which lists the endpoints, and in this version states the id of the endpoint behind each (Microsoft's specification; not seen while Pending). The
 * workspace's firewall and Synapse's own roles apply to the data plane.
 * @param template address of a workspace's data plane with `{workspace}` in it.
 */
export function synapseWorkspace(arm: ArmClient, dataPlane: DataPlaneClient, template: string): RequesterApi {
  checkTemplate(template, placeholder)
  return {
    kind: 'synapse-workspace',
    async managedEndpoints(workspace) {
      const { name } = workspace
      const address = fillTemplate(template, placeholder, name)
      const client = dataPlane(address)
      const stated = await mustBeWell(arm, 'synapse-workspace', workspace, armApiVersion)
      mustBeAt(stated.connectivityEndpoints?.dev, [new URL(address).host])
      const path = '/managedVirtualNetworks/default/managedPrivateEndpoints'
      return readNetworkEndpoints(name, await listOrNone(client, path, dataPlaneApiVersion))
    },
  }
}
