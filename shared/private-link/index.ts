import type { TokenCredential } from '@azure/core-auth'
import type { HttpClient } from '@azure/core-rest-pipeline'
import type { Log, ReviewPorts } from '../review/ports.ts'
import { createArmClient, readEndpoint } from './arm-client.ts'
import { createConnections } from './connections.ts'
import { createEndpoints } from './endpoints.ts'
import { createPendingSearch } from './pending-search.ts'
import { createPrivateEndpoints } from './private-endpoints.ts'
import { createProofs } from './proof.ts'
import { dataFactory } from './requesters/data-factory.ts'
import { purviewAccount } from './requesters/purview-account.ts'
import { synapseWorkspace } from './requesters/synapse-workspace.ts'
import { createTenants } from './tenants.ts'
import { systemClock } from './waiting.ts'
import type { Clock } from './waiting.ts'

/** Asking who owns a subscription is one quick call; a slow answer is no answer. */
const tenantMilliseconds = 5_000

export interface PrivateLinkOptions {
  /** `https://management.azure.com` in the public cloud. */
  readonly armEndpoint: string
  readonly credential: TokenCredential
  /** Default: `{armEndpoint}/.default`. */
  readonly armScope?: string | undefined
  /** Ids of the tenants in which managed networks live. */
  readonly managedTenants: readonly string[]
  /** `https://{workspace}.dev.azuresynapse.net` in the public cloud. */
  readonly synapseEndpoint: string
  /** Default: `https://dev.azuresynapse.net/.default`. */
  readonly synapseScope?: string | undefined
  /** `https://{account}.purview.azure.com` in the public cloud. */
  readonly purviewEndpoint: string
  /** Default: `https://purview.azure.net/.default`. */
  readonly purviewScope?: string | undefined
  /** Put before the user agent of every call. */
  readonly userAgent: string
  readonly log: Log
  readonly now: () => Date
  /** Default: the one of Node, which trusts `NODE_EXTRA_CA_CERTS`. */
  readonly httpClient?: HttpClient | undefined
  /** How operations are waited for. */
  readonly clock?: Clock | undefined
}

export type PrivateLink = Pick<ReviewPorts, 'connections' | 'endpoints' | 'proofs' | 'search'>

/**
 * Everything Azure is asked and told about private link.
 * @throws Error when an endpoint or template is not an https address.
 */
export function createPrivateLink(options: PrivateLinkOptions): PrivateLink {
  const { credential, httpClient, log, now, userAgent } = options
  const armEndpoint = readEndpoint(options.armEndpoint).origin
  const armScope = options.armScope ?? `${armEndpoint}/.default`
  const shared = { userAgent, now, httpClient }
  const arm = createArmClient({ ...shared, endpoint: armEndpoint, credential, scope: armScope })
  const anonymousArm = createArmClient({
    timeoutMilliseconds: tenantMilliseconds,
    ...shared,
    endpoint: armEndpoint,
    credential: undefined,
    scope: armScope,
  })
  const dataPlane = (scope: string) => (endpoint: string) =>
    createArmClient({ ...shared, endpoint, credential, scope })
  const connections = createConnections({ arm, log, clock: options.clock ?? systemClock })
  const privateEndpoints = createPrivateEndpoints({ ...shared, armEndpoint, armScope, credential })
  const synapse = dataPlane(options.synapseScope ?? 'https://dev.azuresynapse.net/.default')
  const purview = dataPlane(options.purviewScope ?? 'https://purview.azure.net/.default')
  return {
    connections,
    endpoints: createEndpoints(privateEndpoints),
    proofs: createProofs({
      arm,
      connections,
      tenants: createTenants(anonymousArm, log, now),
      privateEndpoints,
      kinds: [
        dataFactory(arm),
        synapseWorkspace(arm, synapse, options.synapseEndpoint),
        purviewAccount(arm, purview, options.purviewEndpoint),
      ],
      managedTenants: options.managedTenants,
    }),
    search: createPendingSearch(arm, log),
  }
}
