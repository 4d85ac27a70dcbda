import { foreignTenant, ownTenant } from '../azure/well-known.ts'
import type { RestResponse, RestClient } from '../rest.ts'

const arm = 'https://management.azure.com'

type ArmCall = (method: string, id: string, apiVersion: string, body?: unknown) => Promise<RestResponse>
type DataPlaneCall = (method: string, name: string, path: string, body?: unknown) => Promise<RestResponse>

/** The calls that users' tools send, each to the real path with the real api-version. */
export interface Clients {
  /** Azure Resource Manager, in the own tenant. */
  readonly arm: ArmCall
  /** The same for a caller in a foreign tenant. */
  readonly foreignArm: ArmCall
  readonly synapse: DataPlaneCall
  readonly foreignSynapse: DataPlaneCall
  readonly purview: DataPlaneCall
}

/** Clients of the simulated Azure. */
export function clientsOf(rest: RestClient): Clients {
  const own = ownTenant.tenantId
  const synapse = (tenant: string, method: string, workspace: string, path: string, body?: unknown) =>
    rest.call(method, `/synapse/${workspace}${path}?api-version=2020-12-01`, {
      tenant,
      audience: 'https://dev.azuresynapse.net',
      body,
    })
  return {
    arm: (method, id, apiVersion, body) =>
      rest.call(method, `${id}?api-version=${apiVersion}`, { tenant: own, audience: arm, body }),
    foreignArm: (method, id, apiVersion, body) =>
      rest.call(method, `${id}?api-version=${apiVersion}`, {
        tenant: foreignTenant.tenantId,
        audience: arm,
        body,
      }),
    synapse: (method, workspace, path, body) => synapse(own, method, workspace, path, body),
    foreignSynapse: (method, workspace, path, body) =>
      synapse(foreignTenant.tenantId, method, workspace, path, body),
    purview: (method, account, path, body) =>
      rest.call(method, `/purview/${account}/scan${path}?api-version=2023-09-01`, {
        tenant: own,
        audience: 'https://purview.azure.net',
        body,
      }),
  }
}
