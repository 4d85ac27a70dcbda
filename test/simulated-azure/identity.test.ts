import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { ClientSecretCredential } from '@azure/identity'
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose'
import type { JSONWebKeySet } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSimulatedAzure } from '../../local/azure/start.ts'
import {
  analytics,
  dataPlatform,
  foreignSubscription,
  foreignTenant,
  managedSubscriptions,
  managedTenant,
  ownTenant,
} from '../../local/azure/well-known.ts'
import { arm, Bench, own } from './support.ts'
import type { Json, Reply } from './support.ts'

let bench: Bench
beforeAll(async () => {
  bench = await Bench.start()
})
afterAll(() => bench.stop())

function codeOf({ body }: Reply): unknown {
  return (body['error'] as Json)['code']
}

function tokenRequest(form: Record<string, string>, tenant = ownTenant.tenantId): Promise<Reply> {
  return bench.send('POST', `/${tenant}/oauth2/v2.0/token`, new URLSearchParams(form).toString())
}

describe('The token issuer', () => {
  test('signs tokens that its published keys verify, with the claims of the tenant and the client', async () => {
    const token = await bench.token({ clientId: 'some-app', audience: 'api://approver' })
    const keys = (await bench.send('GET', `/${ownTenant.tenantId}/discovery/v2.0/keys`)).body
    const { payload, protectedHeader } = await jwtVerify(
      token,
      createLocalJWKSet(keys as unknown as JSONWebKeySet),
      { audience: 'api://approver', issuer: `${bench.azure.origin}/${ownTenant.tenantId}/v2.0` },
    )
    expect(protectedHeader.alg).toBe('RS256')
    expect(payload).toMatchObject({ tid: ownTenant.tenantId, appid: 'some-app', azp: 'some-app' })
    expect(payload['oid']).toMatch(/^[0-9a-f-]{36}$/)
    expect(payload['roles']).toBeUndefined()
  })

  test.each([
    ['reader', 'Reader'],
    ['approver', 'Approver'],
    ['approver2', 'Approver'],
    ['rule-admin', 'RuleAdmin'],
  ])('gives the client %s the role %s', async (clientId, role) => {
    expect(decodeJwt(await bench.token({ clientId }))['roles']).toEqual([role])
  })

  test('gives two clients two object ids, and one client always the same', async () => {
    const [first, second] = await Promise.all([
      bench.token({ clientId: 'approver' }),
      bench.token({ clientId: 'approver2' }),
    ])
    const again = await tokenRequest({
      grant_type: 'client_credentials',
      client_id: 'approver',
      client_secret: 'x',
      scope: `${arm}/.default`,
    })
    expect(decodeJwt(first)['oid']).not.toBe(decodeJwt(second)['oid'])
    expect(decodeJwt(again.body['access_token'] as string)['oid']).toBe(decodeJwt(first)['oid'])
  })

  test.each([
    [
      { grant_type: 'client_credentials', client_id: 'a', client_secret: '', scope: 'x/.default' },
      'invalid_client',
    ],
    [{ grant_type: 'client_credentials', client_secret: 'x', scope: 'x/.default' }, 'invalid_client'],
    [
      { grant_type: 'refresh_token', client_id: 'a', client_secret: 'x', scope: 'x/.default' },
      'unsupported_grant_type',
    ],
    [{ grant_type: 'client_credentials', client_id: 'a', client_secret: 'x' }, 'invalid_request'],
  ])('refuses %j as %s', async (form, error) => {
    const { status, body } = await tokenRequest(form)
    expect([Math.floor(status / 100), body['error']]).toEqual([4, error])
  })

  test('refuses a tenant that does not exist', async () => {
    const form = { grant_type: 'client_credentials', client_id: 'a', client_secret: 'x', scope: 'x/.default' }
    expect((await tokenRequest(form, '00000000-1111-4222-8333-444444444444')).body['error']).toBe(
      'invalid_tenant',
    )
  })

  test('describes itself for OpenID clients, for the Azure CLI and for cloud registration', async () => {
    const openid = (await bench.send('GET', `/${ownTenant.tenantId}/v2.0/.well-known/openid-configuration`))
      .body
    expect(openid['issuer']).toBe(`${bench.azure.origin}/${ownTenant.tenantId}/v2.0`)
    const adfs = (await bench.send('GET', '/adfs/.well-known/openid-configuration')).body
    expect(adfs['token_endpoint']).toBe(`${bench.azure.origin}/adfs/oauth2/token`)
    const metadata = (await bench.send('GET', '/metadata/endpoints?api-version=2015-01-01')).body
    expect(metadata['authentication']).toMatchObject({ loginEndpoint: `${bench.azure.origin}/adfs` })
  })

  test('serves @azure/identity, for the own tenant and for a foreign one', async () => {
    for (const tenant of [ownTenant.tenantId, foreignTenant.tenantId]) {
      const credential = new ClientSecretCredential(tenant, 'approver', 'secret', {
        authorityHost: bench.azure.origin,
        disableInstanceDiscovery: true,
        tlsOptions: { ca: readFileSync(bench.azure.caFile, 'utf8') },
      })
      const { token } = await credential.getToken(`${arm}/.default`)
      expect(decodeJwt(token)).toMatchObject({ tid: tenant, aud: arm, appid: 'approver' })
    }
  })
})

describe('Admission to Resource Manager', () => {
  test("lists the subscriptions of the caller's own tenant", async () => {
    const idsFor = async (tenant: string) => {
      const options = { version: '2022-12-01', tenant }
      const { body } = await bench.call('GET', '/subscriptions', undefined, options)
      return (body['value'] as Json[]).map(({ subscriptionId }) => subscriptionId)
    }
    expect(await idsFor(ownTenant.tenantId)).toEqual([dataPlatform.subscriptionId, analytics.subscriptionId])
    expect(await idsFor(foreignTenant.tenantId)).toEqual([foreignSubscription.subscriptionId])
  })

  test('401 without a token; the header names the tenant that owns the subscription', async () => {
    const owners = [
      [own, ownTenant.tenantId],
      [`/subscriptions/${foreignSubscription.subscriptionId}`, foreignTenant.tenantId],
      [`/subscriptions/${managedSubscriptions[0].subscriptionId}`, managedTenant.tenantId],
    ] as const
    for (const [path, owner] of owners) {
      const { status, headers } = await bench.send('GET', `${path}?api-version=2022-12-01`)
      expect(status).toBe(401)
      expect(headers['www-authenticate']).toContain(`authorization_uri="${bench.azure.origin}/${owner}"`)
      expect(headers['www-authenticate']).toMatch(/^Bearer .*error="invalid_token"/)
    }
  })

  test('401 with a token of another tenant; the header names the owner', async () => {
    const reply = await bench.call('GET', own, undefined, { tenant: foreignTenant.tenantId })
    expect([reply.status, codeOf(reply)]).toEqual([401, 'InvalidAuthenticationTokenTenant'])
    expect(reply.headers['www-authenticate']).toContain(ownTenant.tenantId)
  })

  test('401 with a token that is not signed by the issuer, or is for another service', async () => {
    const forged = await bench.send('GET', `${own}?api-version=2022-12-01`, undefined, {
      authorization: `Bearer ${(await bench.token()).slice(0, -8)}AAAAAAAA`,
    })
    expect([forged.status, codeOf(forged)]).toEqual([401, 'InvalidAuthenticationToken'])
    const other = await bench.call('GET', own, undefined, { audience: 'https://dev.azuresynapse.net' })
    expect([other.status, codeOf(other)]).toEqual([401, 'InvalidAuthenticationTokenAudience'])
  })

  test('404 for a subscription that does not exist', async () => {
    const reply = await bench.call('GET', '/subscriptions/00000000-0000-4000-8000-000000000000')
    expect([reply.status, codeOf(reply)]).toEqual([404, 'SubscriptionNotFound'])
  })

  test('400 without an api-version, or with one that is none', async () => {
    const headers = { authorization: `Bearer ${await bench.token()}` }
    const missing = await bench.send('GET', `${own}/resourceGroups`, undefined, headers)
    expect([missing.status, codeOf(missing)]).toEqual([400, 'MissingApiVersionParameter'])
    const wrong = await bench.send('GET', `${own}/resourceGroups?api-version=latest`, undefined, headers)
    expect([wrong.status, codeOf(wrong)]).toEqual([400, 'InvalidApiVersionParameter'])
  })

  test('paths match in any case and with any number of leading slashes, and ids come back as asked', async () => {
    await bench.create(`${own}/resourceGroups/rg-Case/providers/Microsoft.Storage/storageAccounts/casing`)
    const odd = `//SUBSCRIPTIONS/${own.split('/')[2] ?? ''}/resourcegroups/RG-case/providers/microsoft.storage/STORAGEACCOUNTS/Casing`
    const { status, body } = await bench.call('GET', odd)
    expect([status, body['name'], body['type']]).toEqual([200, 'casing', 'Microsoft.Storage/storageAccounts'])
    expect(body['id']).toContain('/resourceGroups/RG-case/providers/microsoft.storage/STORAGEACCOUNTS/Casing')
  })

  test('answers count down what is left of the limits', async () => {
    const first = await bench.call('GET', own)
    const second = await bench.call('GET', own)
    const left = [first, second].map(({ headers }) =>
      Number(headers['x-ms-ratelimit-remaining-subscription-reads']),
    )
    expect(left[0]).toBeGreaterThan(100)
    expect(left[1]).toBeLessThanOrEqual(left[0] ?? 0)
  })
})

describe('Limits', () => {
  test('are enforced when asked for: 429 with Retry-After', async () => {
    const strict = await Bench.start({ enforceLimits: true })
    try {
      const replies = await Promise.all(Array.from({ length: 320 }, () => strict.call('GET', own)))
      const refused = replies.filter(({ status }) => status === 429)
      expect(refused.length).toBeGreaterThan(0)
      expect(refused[0]?.headers['retry-after']).toBe('1')
    } finally {
      await strict.stop()
    }
  })
})

describe('The certificate', () => {
  test('and the signing key are kept over restarts, with keys that only their owner can read', async () => {
    const first = await Bench.start()
    const certificate = readFileSync(first.azure.caFile, 'utf8')
    const token = await first.token()
    await first.stop({ keepFolder: true })
    const second = await Bench.start({ stateFolder: first.folder })
    try {
      expect(readFileSync(second.azure.caFile, 'utf8')).toBe(certificate)
      const reply = await second.send('GET', `${own}?api-version=2022-12-01`, undefined, {
        authorization: `Bearer ${token}`,
      })
      expect(reply.status).toBe(200)
      for (const file of ['ca-key.pem', 'server-key.pem', 'token-key.json']) {
        expect(statSync(path.join(first.folder, 'azure-keys', file)).mode & 0o777).toBe(0o600)
      }
    } finally {
      await second.stop()
    }
  })

  test('is valid for localhost and for 127.0.0.1', async () => {
    const port = new URL(bench.azure.origin).port
    const { request } = await import('node:https')
    const status = await new Promise((resolve, reject) => {
      const options = { ca: readFileSync(bench.azure.caFile), agent: false } as const
      request(`https://127.0.0.1:${port}/metadata/endpoints`, options, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .on('error', reject)
        .end()
    })
    expect(status).toBe(200)
  })

  test('a taken port is reported as such', async () => {
    const port = Number(new URL(bench.azure.origin).port)
    await expect(
      startSimulatedAzure({ port, stateFolder: bench.folder, persist: false }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
