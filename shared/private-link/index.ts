import type { TokenCredential } from '@azure/core-auth'
import type { HttpClient } from '@azure/core-rest-pipeline'
import type { Log } from '../ports/log.ts'
import type { ReviewPorts } from '../review/ports.ts'
import { createApprovedSearch, type ApprovedSearch } from './approved-search.ts'
import { createArmClient, readEndpoint } from './arm-client.ts'
import type { ArmClient } from './arm-client.ts'
import { createConnections } from './connections.ts'
import { createEndpoints } from './endpoints.ts'
import { createPendingSearch } from './pending-search.ts'
import { createPrivateEndpoints } from './private-endpoints.ts'
import { createProofs } from './proof.ts'
import { dataFactory } from './requesters/data-factory.ts'
import type { DataPlane } from './requesters/data-plane.ts'
import { databricksNetwork } from './requesters/databricks-network.ts'
import { fabricWorkspace } from './requesters/fabric-workspace.ts'
import { frontDoor } from './requesters/front-door.ts'
import { grafana } from './requesters/grafana.ts'
import { kustoCluster } from './requesters/kusto-cluster.ts'
import { purviewAccount } from './requesters/purview-account.ts'
import type { RequesterApi } from './requesters/requester-api.ts'
import { searchService } from './requesters/search-service.ts'
import { synapseWorkspace } from './requesters/synapse-workspace.ts'
import { createSurroundings } from './surroundings.ts'
import { createTenants, tenantMilliseconds, type Tenants } from './tenants.ts'
import { systemClock } from './waiting.ts'
import type { Clock } from './waiting.ts'

/** The services that requesters are asked at besides Azure Resource Manager. */
export interface Services {
  /** Its endpoint has `{workspace}` in it. */
  readonly synapse: DataPlane
  /** Its endpoint has `{account}` in it. */
  readonly purview: DataPlane
  /** Undefined: the cloud does not have it. */
  readonly fabric: DataPlane | undefined
  readonly databricks: DataPlane
}

export interface PrivateLinkOptions {
  /** `https://management.azure.com` in the public cloud. */
  readonly armEndpoint: string
  readonly credential: TokenCredential
  /** Ids of the tenants in which managed networks live. */
  readonly managedTenants: readonly string[]
  readonly services: Services
  /** Hosts of login addresses, in lower case: those that name a tenant in a challenge of this cloud. */
  readonly loginHosts: readonly string[]
  /** Put before the user agent of every call. */
  readonly userAgent: string
  readonly log: Log
  readonly now: () => Date
  /** Default: the one of Node, which trusts `NODE_EXTRA_CA_CERTS`. */
  readonly httpClient?: HttpClient | undefined
  /** How operations are waited for. */
  readonly clock?: Clock | undefined
}

export type PrivateLink = Pick<
  ReviewPorts,
  'connections' | 'endpoints' | 'proofs' | 'search' | 'surroundings'
> & {
  readonly approved: ApprovedSearch
  readonly tenants: Tenants
}

/**
 * Everything Azure is asked and told about private link.
 * @throws Error when an endpoint or template is not an https address.
 */
export function createPrivateLink(options: PrivateLinkOptions): PrivateLink {
  const { credential, httpClient, log, now, userAgent } = options
  const armEndpoint = readEndpoint(options.armEndpoint).origin
  const armScope = `${armEndpoint}/.default`
  const shared = { userAgent, now, httpClient }
  const arm = createArmClient({ ...shared, endpoint: armEndpoint, credential, scope: armScope })
  const anonymousArm = createArmClient({
    ...shared,
    timeoutMilliseconds: tenantMilliseconds,
    endpoint: armEndpoint,
    credential: undefined,
    scope: armScope,
  })
  const clientOf =
    ({ scope }: DataPlane) =>
    (endpoint: string) =>
      createArmClient({ ...shared, endpoint, credential, scope })
  const clock = options.clock ?? systemClock
  const connections = createConnections({ arm, log, clock })
  const tenants = createTenants(anonymousArm, options.loginHosts, log, now)
  const privateEndpoints = createPrivateEndpoints({ ...shared, armEndpoint, armScope, credential })
  return {
    connections,
    endpoints: createEndpoints(privateEndpoints),
    proofs: createProofs({
      arm,
      connections,
      tenants,
      privateEndpoints,
      requesters: requesterApis(arm, options.services, clientOf),
      managedTenants: options.managedTenants,
    }),
    search: createPendingSearch(arm, log),
    approved: createApprovedSearch(arm, log, clock),
    tenants,
    surroundings: createSurroundings(arm, log),
  }
}

/** One of each kind that can be asked in this cloud. */
function requesterApis(
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
