import type { ArmClient } from '../arm/client.ts'
import { dataFactory } from './data-factory.ts'
import type { DataPlane } from './data-plane.ts'
import { databricksNetwork } from './databricks-network.ts'
import { fabricWorkspace } from './fabric-workspace.ts'
import { frontDoor } from './front-door.ts'
import { grafana } from './grafana.ts'
import { kustoCluster } from './kusto-cluster.ts'
import { purviewAccount } from './purview-account.ts'
import type { RequesterApi } from './requester-api.ts'
import { searchService } from './search-service.ts'
import { synapseWorkspace } from './synapse-workspace.ts'

/** The services besides Azure Resource Manager at which requesters are queried. */
export interface Services {
  /** Its endpoint has `{workspace}` in it. */
  readonly synapse: DataPlane
  /** Its endpoint has `{account}` in it. */
  readonly purview: DataPlane
  /** Undefined: the cloud does not have it. */
  readonly fabric: DataPlane | undefined
  readonly databricks: DataPlane
}

/** One for each kind that can be queried in this cloud. */
export function requesterApis(
  arm: ArmClient,
  { synapse, purview, fabric, databricks }: Services,
  clientOf: (service: DataPlane) => (endpoint: string) => ArmClient,
): readonly RequesterApi[] {
  return [
    dataFactory(arm),
    synapseWorkspace(arm, clientOf(synapse), synapse.endpoint),
    purviewAccount(arm, clientOf(purview), purview.endpoint),
    ...(fabric ? [fabricWorkspace(clientOf(fabric), fabric.endpoint)] : []),
    databricksNetwork(clientOf(databricks), databricks.endpoint),
    kustoCluster(arm),
    grafana(arm),
    searchService(arm),
    frontDoor(arm),
  ]
}
