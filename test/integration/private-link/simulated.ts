import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TokenCredential } from '@azure/core-auth'
import { createDefaultHttpClient, createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline'
import type { HttpClient } from '@azure/core-rest-pipeline'
import { z } from 'zod'
import { startSimulatedAzure } from '../../../local/azure/start.ts'
import { managedTenant, ownTenant } from '../../../local/azure/well-known.ts'
import { parseResourceId } from '../../../shared/domain/resource-id.ts'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import { createPrivateLink } from '../../../shared/private-link/index.ts'
import type { PrivateLink } from '../../../shared/private-link/index.ts'
import { fakeLog } from '../../unit/private-link/fake-azure.ts'

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
}

export const asOwner: Caller = { tenantId: ownTenant.tenantId, audience: 'https://management.azure.com' }

/** A simulated Azure on a free port, and the adapters under test pointed at it. */
export async function startAzure(): Promise<Azure> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'private-link-'))
  const timing = { arrivalMs: [20, 40], writeMs: 10, operationMs: 100, graphLagMs: 0 } as const
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

  async function tokenOf({ tenantId, audience }: Caller): Promise<z.infer<typeof token>> {
    const form = new URLSearchParams({
      client_id: 'test',
      client_secret: 'local',
      grant_type: 'client_credentials',
      scope: `${audience}/.default`,
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
      synapseEndpoint: `${origin}/synapse/{workspace}`,
      purviewEndpoint: `${origin}/purview/{account}`,
      userAgent: 'private-link-test',
      log: fakeLog(),
      now: () => new Date(),
      httpClient,
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
