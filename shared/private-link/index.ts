import type { TokenCredential } from '@azure/core-auth'
import type { HttpClient } from '@azure/core-rest-pipeline'
import type { AskersPort } from '../ports/askers.ts'
import type {
  ConnectionsPort,
  EndpointsPort,
  PendingSearchPort,
  ProofPort,
  ContextPort,
} from '../ports/azure.ts'
import type { Log } from '../ports/log.ts'
import { createArmClient, readEndpoint } from './arm/client.ts'
import { type Clock, systemClock } from './arm/waiting.ts'
import { createAskers } from './askers/create-askers.ts'
import { createConnections } from './connections/connections.ts'
import { createContext } from './context.ts'
import { createProofs } from './proof/proofs.ts'
import { createTenants, tenantMilliseconds, type Tenants } from './proof/tenants.ts'
import { requesterApis, type Services } from './requesters/all.ts'
import type { DataPlane } from './requesters/data-plane.ts'
import { createPrivateEndpoints } from './requesters/private-endpoint.ts'
import { createEndpoints } from './requesters/targets-of-endpoint.ts'
import { type ApprovedSearch, createApprovedSearch } from './searches/approved.ts'
import { createPendingSearch } from './searches/pending.ts'

export interface PrivateLinkOptions {
  /** `https://management.azure.com` in the public cloud. */
  readonly armEndpoint: string
  readonly credential: TokenCredential
  /** Ids of the tenants in which managed networks live. */
  readonly managedTenants: readonly string[]
  readonly services: Services
  /** Hosts of login addresses, in lower case: those that name a tenant in a challenge of this cloud. */
  readonly loginHosts: readonly string[]
  /** The tenant in which people sign in; left out: it is not known. */
  readonly ownTenantId?: string | undefined
  /** Put before the user agent of every call. */
  readonly userAgent: string
  readonly log: Log
  readonly now: () => Date
  /** Default: the one of Node, which trusts `NODE_EXTRA_CA_CERTS`. */
  readonly httpClient?: HttpClient | undefined
  /** How operations are waited for. */
  readonly clock?: Clock | undefined
  /** Before a failed read is tried again. Default: that of the client. */
  readonly retryMilliseconds?: number | undefined
}

export interface PrivateLink {
  readonly connections: ConnectionsPort
  readonly endpoints: EndpointsPort
  readonly proofs: ProofPort
  readonly search: PendingSearchPort
  readonly context: ContextPort
  readonly askers: AskersPort
  readonly approved: ApprovedSearch
  readonly tenants: Tenants
}

/**
 * All reads and writes of private link in Azure.
 * @throws Error when an endpoint or template is not an https address.
 */
export function createPrivateLink(options: PrivateLinkOptions): PrivateLink {
  const { credential, httpClient, log, now, userAgent, retryMilliseconds } = options
  const armEndpoint = readEndpoint(options.armEndpoint).origin
  const armScope = `${armEndpoint}/.default`
  const shared = { userAgent, now, httpClient, retryMilliseconds }
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
      monotonicNow: () => clock.milliseconds(),
    }),
    search: createPendingSearch(arm, log),
    approved: createApprovedSearch(arm, log, clock),
    tenants,
    context: createContext(arm, log),
    askers: createAskers({ arm, ownTenantId: options.ownTenantId, now }),
  }
}
