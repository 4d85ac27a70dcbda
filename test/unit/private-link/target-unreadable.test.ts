import { describe, expect, it } from 'vitest'
import { TargetUnreadable } from '../../../shared/ports/azure.ts'
import { failure } from './fake-azure.ts'
import type { Reply } from './fake-azure.ts'
import { ownSubscription, targetOf } from './ids.ts'
import { setting } from './setting.ts'
import { listWhole } from '../../support/whole-list.ts'

const storage = targetOf('Microsoft.Storage/storageAccounts', 'stLake')
const listing = `GET ${storage.id}/privateEndpointConnections`

/** What is told of a target whose list is answered like this. */
async function sentenceOf(reply: Reply, target = storage, call = listing): Promise<string> {
  const { connections } = setting({ [call]: reply })
  const error: unknown = await connections.list(target).catch((thrown: unknown) => thrown)
  if (!(error instanceof TargetUnreadable)) throw new Error(`Expected TargetUnreadable, got ${String(error)}`)
  expect(error.cause).toMatchObject({ name: 'ArmError' })
  return error.message
}

describe('a list that cannot be read', () => {
  it('says what was asked, what was answered, and which right is missing', async () => {
    expect(await sentenceOf(failure(403, 'AuthorizationFailed'))).toBe(
      `The connections of ${storage.key} cannot be listed: arm.test responds 403 AuthorizationFailed. ` +
        'Grant the identity of this app Microsoft.Storage/storageAccounts/read and ' +
        'Microsoft.Storage/storageAccounts/privateEndpointConnections/read there. ' +
        `Asked was GET ${storage.key}/privateEndpointConnections in api-version 2026-04-01.`,
    )
  })

  it.each([
    [404, 'SubscriptionNotFound'],
    [400, 'InvalidSubscriptionId'],
  ])('because of %d %s may belong to another cloud', async (status, code) => {
    const stated = await sentenceOf(failure(status, code))
    expect(stated).toContain(`The subscription ${ownSubscription} is unknown to arm.test`)
    expect(stated).toContain('another cloud, whose address is the setting ARM_ENDPOINT')
  })

  it.each([
    [400, 'NoRegisteredProviderFound'],
    [400, 'InvalidResourceType'],
    [404, 'InvalidResourceType'],
    [400, 'InvalidApiVersionParameter'],
    [404, 'InvalidResourceNamespace'],
  ])('because of %d %s is not offered in that version', async (status, code) => {
    expect(await sentenceOf(failure(status, code))).toMatch(/does not offer this in api-version 2026-04-01/)
  })

  it.each([
    [401, 'InvalidAuthenticationTokenTenant', /may belong to another tenant/],
    [409, 'MissingSubscriptionRegistration', /Register the resource provider/],
    [405, 'MethodNotAllowed', /nothing to be read at that address/],
    [404, 'NotFound', /nothing to be read at that address/],
    [400, 'BadRequest', /Asking again would give the same response/],
    [410, 'Gone', /Asking again would give the same response/],
  ])('because of %d %s says what to do', async (status, code, advice) => {
    expect(await sentenceOf(failure(status, code))).toMatch(advice)
  })

  it.each([
    ['is no list', { status: 200, body: { connections: [] } }],
    ['is no JSON', { status: 200, text: '<html>Sign in</html>' }],
    ['leads elsewhere', { status: 200, body: { value: [], nextLink: 'https://elsewhere.test/page2' } }],
    [
      'has no end',
      {
        status: 200,
        body: { value: [], nextLink: `https://arm.test${storage.id}/privateEndpointConnections` },
      },
    ],
  ])('because the answer %s is told as that', async (_, reply) => {
    expect(await sentenceOf(reply)).toMatch(/not a response this app can read/)
  })

  it('is told in the same words at every review pass and for every spelling, without ids of calls and times', async () => {
    const first = failure(403, 'AuthorizationFailed', 'Correlation 1 at 10:00', { 'x-ms-request-id': 'a' })
    const second = failure(403, 'AuthorizationFailed', 'Correlation 2 at 10:05', { 'x-ms-request-id': 'b' })
    const shouted = targetOf('MICROSOFT.STORAGE/STORAGEACCOUNTS', 'STLAKE')
    const call = `GET ${shouted.id}/privateEndpointConnections`
    expect(await sentenceOf(second, shouted, call)).toBe(await sentenceOf(first))
  })

  it('is told in a sentence of bounded length', async () => {
    const long = targetOf('Microsoft.Storage/storageAccounts', 'x'.repeat(800))
    const stated = await sentenceOf(
      failure(400, 'C'.repeat(5_000)),
      long,
      `GET ${long.id}/privateEndpointConnections`,
    )
    expect(stated.length).toBeLessThanOrEqual(1_000)
  })
})

describe('a target that holds its connections in itself', () => {
  const vault = targetOf('Microsoft.RecoveryServices/vaults')
  const listOf = (body: unknown) =>
    listWhole(setting({ [`GET ${vault.id}`]: { status: 200, body } }).connections, vault)

  it.each([[{ properties: {} }], [{ properties: { privateEndpointConnections: null } }]])(
    'has none when it shows none: %j',
    async (body) => {
      expect(await listOf(body)).toEqual([])
    },
  )

  it.each([
    [{}],
    [[]],
    ['text'],
    [null],
    [{ properties: null }],
    [{ properties: 'text' }],
    [{ properties: { privateEndpointConnections: {} } }],
  ])('is not taken for empty when it is %j', async (body) => {
    await expect(listOf(body)).rejects.toThrow(/not a response this app can read/)
  })

  it.each([
    [404, 'ResourceNotFound', undefined],
    [
      403,
      'AuthorizationFailed',
      /Grant the identity of this app Microsoft.RecoveryServices\/vaults\/read and/,
    ],
  ])('and answers %d %s', async (status, code, stated) => {
    const { connections } = setting({ [`GET ${vault.id}`]: failure(status, code) })
    if (stated === undefined) expect(await listWhole(connections, vault)).toEqual([])
    else await expect(connections.list(vault)).rejects.toThrow(stated)
  })
})

describe('a type whose list is not published', () => {
  const cluster = targetOf('Microsoft.HorizonDb/clusters')

  it('goes to a person when the usual address does not answer', async () => {
    const call = `GET ${cluster.id}/privateEndpointConnections`
    expect(await sentenceOf(failure(404, 'NotFound'), cluster, call)).toMatch(
      /nothing to be read at that address; check the target in the portal/,
    )
  })
})
