import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { TokenCredential } from '@azure/core-auth'
import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { managedIdentity, signedIn } from '../../../shared/config/credential.ts'
import { createArmClient } from '../../../shared/private-link/arm/client.ts'

const arm = 'https://management.azure.com'
const scope = `${arm}/.default`
const secondsOfToken = 3600

let server: Server
/** The resources for which tokens were asked. */
let asked: (string | null)[]
let failures = 0

/** The identity endpoint of App Service, as an instance of the app sees it. The SDK looks for it once in a process. */
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://localhost').searchParams.get('resource'))
    const isFailing = failures-- > 0
    const body = isFailing
      ? { error: 'invalid_request' }
      : {
          access_token: `token ${asked.length}`,
          expires_on: Math.floor(Date.now() / 1000) + secondsOfToken,
          resource: arm,
          token_type: 'Bearer',
        }
    setTimeout(() => {
      response.statusCode = isFailing ? 400 : 200
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(body))
    }, 50)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${port}/msi/token`)
  vi.stubEnv('IDENTITY_HEADER', 'secret')
  for (const name of ['AZURE_CLIENT_ID', 'AZURE_CLIENT_SECRET', 'AZURE_TENANT_ID'])
    vi.stubEnv(name, undefined)
})
beforeEach(() => {
  asked = []
  failures = 0
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await new Promise((resolve) => server.close(resolve))
})

// The SDK keeps tokens of managed identities for the whole process, by client id: each test has one of its own.
let count = 0
function ownClientId(): string {
  count += 1
  return `00000000-0000-0000-0000-${String(Date.now() + count).slice(-12)}`
}

const credentials: [string, () => TokenCredential][] = [
  ['signed-in', () => signedIn({ clientId: ownClientId(), disableInstanceDiscovery: false })],
  ["app's own", () => managedIdentity(ownClientId())],
]

describe.each(credentials)('the token of the %s identity', (_name, create) => {
  it('is asked for once by six clients that start at once', async () => {
    const credential = create()
    const tokens = new Set<string | undefined>()
    const httpClient: HttpClient = {
      sendRequest: (request) => {
        tokens.add(request.headers.get('authorization'))
        return Promise.resolve({ request, status: 200, headers: createHttpHeaders(), bodyAsText: '{}' })
      },
    }
    const clients = Array.from({ length: 6 }, () =>
      createArmClient({
        endpoint: arm,
        credential,
        scope,
        userAgent: 'test',
        now: () => new Date(),
        httpClient,
      }),
    )
    await Promise.all(clients.map((client) => client.request('GET', '/subscriptions', '1')))
    expect([...tokens]).toEqual(['Bearer token 1'])
    expect(asked).toHaveLength(1)
  })

  it('is another one for each scope', async () => {
    const credential = create()
    const scopes = [scope, scope, 'https://storage.azure.com/.default']
    await Promise.all(scopes.map((one) => credential.getToken(one)))
    expect(asked.toSorted()).toEqual([arm, 'https://storage.azure.com'])
  })

  it('serves later callers, too', async () => {
    const credential = create()
    const first = await credential.getToken(scope)
    expect(await credential.getToken(scope)).toEqual(first)
    expect(asked).toHaveLength(1)
  })

  it('that could not be had is asked for again by the next caller', async () => {
    const credential = create()
    failures = 1
    await expect(credential.getToken(scope)).rejects.toThrow()
    expect((await credential.getToken(scope))?.token).toMatch(/^token/)
  })
})
