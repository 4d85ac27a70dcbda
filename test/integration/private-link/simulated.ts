import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TokenCredential } from '@azure/core-auth'
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
} from '@azure/core-rest-pipeline'
import { vi } from 'vitest'
import { z } from 'zod'
import { startSimulatedAzure } from '../../../local/azure/start.ts'
import { managedTenant, ownTenant } from '../../../local/azure/well-known.ts'
import { clouds, type ServiceAddress } from '../../../shared/config/clouds.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import { parseResourceId, type ResourceId } from '../../../shared/domain/resource-id.ts'
import { type Clock, systemClock } from '../../../shared/private-link/arm/waiting.ts'
import { createPrivateLink, type PrivateLink } from '../../../shared/private-link/index.ts'
import { fakeLog } from '../../unit/private-link/fake-azure.ts'
import { listWhole } from '../../support/whole-list.ts'

const token = z.object({ access_token: z.string(), expires_in: z.number() })

export interface Azure {
  readonly origin: string
  readonly privateLink: PrivateLink
  /** A call as a user's tool would send it; `/_simulator` calls are controls. */
  call(method: string, path: string, body?: unknown, caller?: Caller): Promise<unknown>
  stop(): Promise<void>
}

export interface Caller {
  readonly tenantId: string
  readonly audience: string
  /** Of a person; left out: a program calls. */
  readonly userName?: string
}

export const asOwner: Caller = { tenantId: ownTenant.tenantId, audience: 'https://management.azure.com' }

/** An operation takes 100 ms here; the second that Azure asks to wait need not be sat out. */
const hurried: Clock = {
  milliseconds: () => systemClock.milliseconds() * 10,
  wait: (milliseconds) => systemClock.wait(milliseconds / 10),
}

/**
 * A simulated Azure on a free port, and the adapters under test pointed at it.
 * @param arrivalMs time from the request of an endpoint to its connection on the target.
 */
export async function startAzure(arrivalMs = 30): Promise<Azure> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'private-link-'))
  const lags = { graphLagMs: 0, activityLogLagMs: 0 } as const
  const timing = { arrivalMs: [arrivalMs, arrivalMs], writeMs: 10, operationMs: 100, ...lags } as const
  const azure = await startSimulatedAzure({ stateFolder, persist: false, timing })
  const httpClient = trusting(await readFile(azure.caFile, 'utf8'))
  const { origin } = azure

  async function send(
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: string,
  ): Promise<unknown> {
    const request = createPipelineRequest({
      url: `${origin}${path}`,
      method: method as 'GET',
      headers: createHttpHeaders(headers),
      ...(body !== undefined && { body }),
    })
    const response = await httpClient.sendRequest(request)
    if (response.status >= 400) {
      throw new Error(`${method} ${path}: ${response.status} ${response.bodyAsText ?? ''}`)
    }
    return response.bodyAsText ? (JSON.parse(response.bodyAsText) as unknown) : undefined
  }

  async function tokenOf({ tenantId, audience, userName }: Caller): Promise<z.infer<typeof token>> {
    const form = new URLSearchParams({
      client_id: 'test',
      scope: `${audience}/.default`,
      ...(userName === undefined
        ? { grant_type: 'client_credentials', client_secret: 'local' }
        : { grant_type: 'password', username: userName, password: 'local' }),
    })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    return token.parse(await send('POST', `/${tenantId}/oauth2/v2.0/token`, headers, form.toString()))
  }

  const credential: TokenCredential = {
    async getToken(scopes) {
      const audience = [scopes].flat().join(' ').replace('/.default', '')
      const got = await tokenOf({ tenantId: ownTenant.tenantId, audience })
      return { token: got.access_token, expiresOnTimestamp: Date.now() + got.expires_in * 1000 }
    },
  }

  return {
    origin,
    privateLink: createPrivateLink({
      armEndpoint: origin,
      credential,
      managedTenants: [managedTenant.tenantId],
      services: {
        synapse: serviceAt(`${origin}/synapse/{workspace}`, clouds.public.synapse),
        purview: serviceAt(`${origin}/purview/{account}`, clouds.public.purview),
        fabric: serviceAt(`${origin}/fabric`, clouds.public.fabric),
        databricks: serviceAt(`${origin}/databricks`, clouds.public.databricks),
      },
      loginHosts: [new URL(origin).host],
      ownTenantId: ownTenant.tenantId,
      userAgent: 'private-link-test',
      log: fakeLog(),
      now: () => new Date(),
      httpClient,
      clock: hurried,
    }),
    async call(method, path, body, caller = asOwner) {
      const authorization = `Bearer ${(await tokenOf(caller)).access_token}`
      const headers = { authorization, 'content-type': 'application/json' }
      return await send(method, path, headers, body === undefined ? undefined : JSON.stringify(body))
    },
    async stop() {
      await azure.stop()
      await rm(stateFolder, { recursive: true, force: true })
    },
  }
}

export function idOf(text: string): ResourceId {
  const id = parseResourceId(text)
  if (!id) throw new Error(`The test uses "${text}", which is no resource id.`)
  return id
}

/** Node's http client, trusting one more authority. */
function trusting(ca: string): HttpClient {
  const inner = createDefaultHttpClient()
  const tlsSettings = { ca }
  return { sendRequest: (request) => inner.sendRequest(Object.assign(request, { tlsSettings })) }
}

/** Creates a resource of the owner's in `rg-proof`, Purview accounts of the older kind. */
export async function create(
  azure: Azure,
  place: { readonly subscriptionId: string; readonly caller?: Caller },
  type: string,
  name: string,
  apiVersion = '2021-06-01',
): Promise<ResourceId> {
  const id = idOf(`/subscriptions/${place.subscriptionId}/resourceGroups/rg-proof/providers/${type}/${name}`)
  const body = { location: 'westeurope', properties: {} }
  await azure.call('PUT', `${id.id}?api-version=${apiVersion}`, body, place.caller)
  return id
}

export async function askAsFactory(
  azure: Azure,
  factory: ResourceId,
  name: string,
  target: string,
  groupId: string,
  caller: Caller = asOwner,
): Promise<void> {
  const path = `${factory.id}/managedVirtualNetworks/default/managedPrivateEndpoints/${name}`
  const body = { properties: { privateLinkResourceId: target, groupId } }
  await azure.call('PUT', `${path}?api-version=2018-06-01`, body, caller)
}

export async function askAsWorkspace(
  azure: Azure,
  workspace: string,
  name: string,
  target: ResourceId,
  tenantId: string = ownTenant.tenantId,
): Promise<void> {
  const path = `/synapse/${workspace}/managedVirtualNetworks/default/managedPrivateEndpoints/${name}`
  const body = { properties: { privateLinkResourceId: target.id, groupId: 'dfs' } }
  const caller = { tenantId, audience: 'https://dev.azuresynapse.net' }
  await azure.call('PUT', `${path}?api-version=2020-12-01`, body, caller)
}

/** Waits until that many connections of the target are Pending. */
export async function pendingOn(azure: Azure, target: ResourceId, count = 1): Promise<readonly Connection[]> {
  return await vi.waitFor(
    async () => {
      const listed = await listWhole(azure.privateLink.connections, target)
      const pending = listed.filter(({ status }) => status === 'Pending')
      if (pending.length !== count)
        throw new Error(`${pending.length} are Pending on ${target.id}, not ${count}.`)
      return pending
    },
    { timeout: 5_000, interval: 20 },
  )
}

/** Waits for the one Pending connection of the target. */
export async function onlyPendingOn(azure: Azure, target: ResourceId): Promise<Connection> {
  const [connection] = await pendingOn(azure, target)
  if (!connection) throw new Error(`Nothing is Pending on ${target.id}.`)
  return connection
}

function serviceAt(endpoint: string, { scope }: ServiceAddress): ServiceAddress {
  return { endpoint, scope }
}
