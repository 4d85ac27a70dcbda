import { NetworkManagementClient, type PrivateLinkServiceConnection } from '@azure/arm-network'
import type { TokenCredential } from '@azure/core-auth'
import { createDefaultHttpClient, type HttpClient, type PipelineResponse } from '@azure/core-rest-pipeline'
import { isSameName, parseResourceId, type ResourceId } from '../../domain/resource-id.ts'
import { readEndpoint } from '../arm/client.ts'
import { ArmError, errorOfResponse, parseJson, toArmError } from '../arm/error.ts'
import { guardHttpClient } from '../arm/guarded-http-client.ts'

const callMilliseconds = 10_000

/** The link of an endpoint to one target. */
export interface LinkOfEndpoint {
  readonly targetId: ResourceId | undefined
  readonly groupIds: readonly string[]
  /** Usually Pending, Approved, Rejected or Disconnected; '' when the endpoint shows none. */
  readonly status: string
  /** Of the endpoint itself. */
  readonly endpointState: string | undefined
}

export interface PrivateEndpoints {
  /**
   * The targets of an ordinary endpoint, with automatic or manual approval.
   * @throws ArmError when the endpoint cannot be read: 404 when it is gone, 401 or 403 when the app may not read it.
   */
  linksOf(endpoint: ResourceId): Promise<readonly LinkOfEndpoint[]>
}

export interface PrivateEndpointsOptions {
  readonly armEndpoint: string
  readonly armScope: string
  readonly credential: TokenCredential
  readonly userAgent: string
  readonly now: () => Date
  readonly httpClient?: HttpClient | undefined
}

/** Ordinary `Microsoft.Network/privateEndpoints`, read through the Network management client. */
export function createPrivateEndpoints(options: PrivateEndpointsOptions): PrivateEndpoints {
  const { armEndpoint, armScope, credential, userAgent, now } = options
  const { origin } = readEndpoint(armEndpoint)
  const httpClient = guardHttpClient(options.httpClient ?? createDefaultHttpClient(), origin)

  return {
    async linksOf(endpoint) {
      if (!isSameName(endpoint.type, 'Microsoft.Network/privateEndpoints')) {
        throw new ArmError(404, 'NotAPrivateEndpoint', `${endpoint.id} is not the id of a private endpoint.`)
      }
      const { keeping, refusal } = keepRefusal(httpClient)
      const client = new NetworkManagementClient(credential, endpoint.subscriptionId, {
        endpoint: armEndpoint,
        credentials: { scopes: [armScope] },
        httpClient: keeping,
        retryOptions: { maxRetries: 0 },
        redirectOptions: { maxRetries: 0 },
        userAgentOptions: { userAgentPrefix: userAgent },
      })
      try {
        const read = await client.privateEndpoints.get(endpoint.resourceGroup, endpoint.name, {
          abortSignal: AbortSignal.timeout(callMilliseconds),
        })
        const automatic = read.privateLinkServiceConnections ?? []
        const links = [...automatic, ...(read.manualPrivateLinkServiceConnections ?? [])]
        return links.map((link) => readLink(link, read.provisioningState))
      } catch (error) {
        const response = refusal()
        throw response
          ? errorOfResponse(response, parseJson(response.bodyAsText ?? ''), now())
          : toArmError(error, now())
      }
    },
  }
}

/** Keeps a refusal as it came: the Network client understands only the usual shape of an error, and drops the body. */
function keepRefusal(inner: HttpClient): {
  readonly keeping: HttpClient
  readonly refusal: () => PipelineResponse | undefined
} {
  let last: PipelineResponse | undefined
  const keeping: HttpClient = {
    async sendRequest(request) {
      last = await inner.sendRequest(request)
      return last
    },
  }
  return { keeping, refusal: () => (last && last.status >= 400 ? last : undefined) }
}

function readLink(
  connection: PrivateLinkServiceConnection,
  endpointState: string | undefined,
): LinkOfEndpoint {
  return {
    targetId: parseResourceId(connection.privateLinkServiceId),
    groupIds: connection.groupIds ?? [],
    status: connection.privateLinkServiceConnectionState?.status ?? '',
    endpointState,
  }
}
