import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'
import { ArmError } from '../../../shared/private-link/arm/error.ts'
import { createProofs } from '../../../shared/private-link/proof/proofs.ts'
import type { TenantFinding } from '../../../shared/private-link/proof/tenant-challenge.ts'
import type { LinkOfEndpoint } from '../../../shared/private-link/requesters/private-endpoint.ts'
import {
  type ManagedEndpoint,
  type RequesterApi,
  RequesterNotFound,
} from '../../../shared/private-link/requesters/requester-api.ts'
import { clientOf, failure, fakeAzure, type Reply } from './fake-azure.ts'
import { endpointIn, foreignSubscription, managedSubscription, resourceId, targetOf } from './ids.ts'

const managedTenant = 'aaaaaaaa-1111-4111-8111-bbbbbbbbbbbb'
const foreignTenant = 'ffffffff-ffff-4fff-8fff-ffffffffffff'
const target = targetOf('Microsoft.Storage/storageAccounts', 'lake')
const factory = targetOf('Microsoft.DataFactory/factories', 'ADF-prod')
const workspace = targetOf('Microsoft.Synapse/workspaces', 'adf-prod')
const endpoint = endpointIn(managedSubscription, 'adf-prod.mpe-blob')
const otherManagedSubscription = '10e72cf9-5555-4b2c-8d3e-1f2a3b4c5d02'
const unknownSubscription = '99999999-9999-4999-8999-999999999999'

const waiting: ManagedEndpoint = {
  name: 'mpe-blob',
  targetId: target,
  groupIds: ['blob'],
  status: 'Pending',
  provisioningState: 'Succeeded',
  endpointName: 'ADF-prod.mpe-blob',
  endpointId: undefined,
}

function connectionTo(on: ResourceId, more: Partial<Connection> = {}, name = 'c1'): Connection {
  const child =
    more.list === 'ingestion' ? 'ingestionPrivateEndpointConnections' : 'privateEndpointConnections'
  return {
    id: resourceId(`${on.id}/${child}/${name}`),
    target: on,
    list: 'connections',
    writeSupport: 'with-description',
    etag: undefined,
    status: 'Pending',
    description: 'Requested by DataFactory:adf-prod, Name:mpe-blob',
    endpoint,
    groupIds: undefined,
    provisioningState: 'Succeeded',
    ...more,
  }
}

interface World {
  connection: Connection
  siblings: readonly Connection[]
  /** What a second list of the target shows. Default: the siblings. */
  listedAfter: readonly Connection[]
  candidates: readonly ResourceId[]
  tenants: Record<string, string>
  factory: readonly ManagedEndpoint[] | Error
  workspace: readonly ManagedEndpoint[] | Error
  links: readonly LinkOfEndpoint[] | Error
  account: Reply
}

function orThrow<T>(response: T | Error): Promise<T> {
  return response instanceof Error ? Promise.reject(response) : Promise.resolve(response)
}

function ownerIn(tenants: World['tenants'], subscription: string): TenantFinding {
  const tenantId = tenants[subscription]
  return tenantId === undefined ? { problem: 'the response has no challenge' } : { tenantId }
}

async function prove(differences: Partial<World>): Promise<Proof & { readonly asked: readonly string[] }> {
  const connection = differences.connection ?? connectionTo(target)
  const world: World = {
    connection,
    siblings: [connection],
    listedAfter: differences.siblings ?? [connection],
    candidates: [factory],
    tenants: {
      [managedSubscription]: managedTenant,
      [otherManagedSubscription]: managedTenant,
      [foreignSubscription]: foreignTenant,
    },
    factory: [waiting],
    workspace: [],
    links: new ArmError(403, 'AuthorizationFailed', 'No.'),
    account: failure(404, 'ResourceNotFound'),
    ...differences,
  }
  const asked: string[] = []
  const requesters: RequesterApi[] = [
    {
      kind: 'data-factory',
      managedEndpoints: ({ name }) => (asked.push(name), orThrow(world.factory)),
    },
    {
      kind: 'synapse-workspace',
      managedEndpoints: ({ name }) => (asked.push(name), orThrow(world.workspace)),
    },
  ]
  const proofs = createProofs({
    arm: clientOf(fakeAzure({ [`GET ${connection.target.id}`]: world.account })),
    connections: { list: () => Promise.resolve({ kind: 'whole', connections: world.listedAfter }) },
    tenants: { ownerOf: (subscription) => Promise.resolve(ownerIn(world.tenants, subscription)) },
    privateEndpoints: { linksOf: ({ name }) => (asked.push(name), orThrow(world.links)) },
    requesters,
    managedTenants: [managedTenant.toUpperCase()],
  })
  return { ...(await proofs.forPass(world.siblings).prove(connection, world.candidates)), asked }
}

async function refusalOf(
  differences: Partial<World>,
): Promise<{ code: string; sentence: string; level: string }> {
  const proof = await prove(differences)
  expect(proof.requester).toBeUndefined()
  expect(proof.groupIds).toBeUndefined()
  const [first] = proof.refusals
  if (!first) throw new Error('Nothing was refused.')
  const { code, sentence } = first
  return { code, sentence, level: proof.level }
}

describe('a managed endpoint', () => {
  it('that is refused says which requester the refusal speaks of', async () => {
    const { refusals } = await prove({ factory: [] })
    expect(refusals.map(({ about }) => about)).toEqual([factory.key])
  })

  it('is confirmed when its factory lists it for this target and waits', async () => {
    expect(await prove({})).toEqual({
      level: 'confirmed',
      requester: { kind: 'data-factory', id: factory },
      endpointTenantId: managedTenant,
      isManagedTenant: true,
      groupIds: ['blob'],
      refusals: [],
      asked: ['ADF-prod'],
    })
  })

  it('is told from others of the same factory by its name and its target', async () => {
    const factoryHas = [
      { ...waiting, name: 'mpe-dfs', endpointName: 'ADF-prod.mpe-dfs', groupIds: ['dfs'] },
      { ...waiting, targetId: targetOf('Microsoft.Storage/storageAccounts', 'other') },
      { ...waiting, targetId: undefined },
      waiting,
    ]
    expect(await prove({ factory: factoryHas })).toMatchObject({ level: 'confirmed', groupIds: ['blob'] })
  })

  it('may have dots in its own name', async () => {
    const dotted = endpointIn(managedSubscription, 'adf-prod.mpe.blob.v2')
    const connection = connectionTo(target, { endpoint: dotted })
    expect(
      await prove({ connection, factory: [{ ...waiting, endpointName: 'ADF-prod.MPE.blob.v2' }] }),
    ).toMatchObject({
      level: 'confirmed',
    })
  })

  it.each([
    [
      'no-such-managed-endpoint',
      [],
      'Data Factory ADF-prod has no managed endpoint for this target that is named adf-prod.mpe-blob there.',
    ],
    [
      'no-such-managed-endpoint',
      [{ ...waiting, targetId: targetOf('Microsoft.Storage/storageAccounts', 'lake2') }],
      'Data Factory ADF-prod has no managed endpoint for this target that is named adf-prod.mpe-blob there.',
    ],
    [
      'no-such-managed-endpoint',
      [{ ...waiting, endpointName: 'ADF-prod.mpe-blob2' }],
      'Data Factory ADF-prod has no managed endpoint for this target that is named adf-prod.mpe-blob there.',
    ],
    [
      'no-such-managed-endpoint',
      [{ ...waiting, endpointName: 'ADF-prod.mpe-\u0412lob' }],
      'Data Factory ADF-prod has no managed endpoint for this target that is named adf-prod.mpe-blob there.',
    ],
    [
      'managed-endpoint-ambiguous',
      [waiting, { ...waiting, groupIds: ['dfs'] }],
      'Data Factory ADF-prod has more than one managed endpoint named mpe-blob for this target.',
    ],
    [
      'managed-endpoint-not-pending',
      [{ ...waiting, status: 'Approved' }],
      'The managed endpoint mpe-blob of Data Factory ADF-prod is not waiting: its status is Approved.',
    ],
    [
      'managed-endpoint-not-pending',
      [{ ...waiting, status: 'Disconnected' }],
      'The managed endpoint mpe-blob of Data Factory ADF-prod is not waiting: its status is Disconnected.',
    ],
    [
      'managed-endpoint-not-pending',
      [{ ...waiting, provisioningState: 'Failed' }],
      'The managed endpoint mpe-blob of Data Factory ADF-prod is not waiting: its state is Failed.',
    ],
    [
      'managed-endpoint-not-pending',
      [{ ...waiting, provisioningState: 'deleting' }],
      'The managed endpoint mpe-blob of Data Factory ADF-prod is not waiting: its state is deleting.',
    ],
    [
      'managed-endpoint-not-ready',
      [{ ...waiting, status: '', provisioningState: 'Provisioning' }],
      'The managed endpoint mpe-blob of Data Factory ADF-prod has not reached this target yet: it is still being made.',
    ],
    [
      'endpoint-id-differs',
      [{ ...waiting, endpointId: endpointIn(managedSubscription, 'adf-prod.mpe-blob2').id }],
      'The managed endpoint mpe-blob of Data Factory ADF-prod stands for another endpoint than the one that asks.',
    ],
    [
      'endpoint-id-differs',
      [{ ...waiting, endpointId: 'not an id' }],
      'The managed endpoint mpe-blob of Data Factory ADF-prod stands for another endpoint than the one that asks.',
    ],
  ])('is not confirmed, %s, when the factory lists %j', async (code, listed, sentence) => {
    expect(await refusalOf({ factory: listed })).toEqual({ code, sentence, level: 'platform' })
  })

  it('need not be Pending at the requester yet when that names the very endpoint', async () => {
    const listed = [{ ...waiting, status: '', endpointId: endpoint.id.toUpperCase() }]
    expect(await prove({ factory: listed })).toMatchObject({ level: 'confirmed' })
  })

  it('of an unknown requester with the same name, put there beforehand, is not confirmed by a factory about to ask', async () => {
    const parked = connectionTo(target)
    const beingMade = [{ ...waiting, status: '', provisioningState: 'Provisioning' }]
    expect(await refusalOf({ connection: parked, factory: beingMade })).toMatchObject({
      code: 'managed-endpoint-not-ready',
    })
    const real = connectionTo(
      target,
      { endpoint: endpointIn(managedSubscription, 'adf-prod.mpe-blob') },
      'c2',
    )
    expect(await refusalOf({ connection: parked, listedAfter: [parked, real] })).toMatchObject({
      code: 'competing-claim',
    })
  })

  it('is not confirmed when the factory is gone', async () => {
    const gone = new RequesterNotFound('does not exist')
    expect(await refusalOf({ factory: gone })).toEqual({
      code: 'requester-not-found',
      sentence: 'Data Factory ADF-prod does not exist.',
      level: 'platform',
    })
  })

  it.each([
    [
      new ArmError(403, 'AuthorizationFailed', 'No.'),
      'Could not ask Data Factory ADF-prod: 403 AuthorizationFailed.',
    ],
    [
      new ArmError(0, 'ENOTFOUND', 'x'),
      'Could not ask Data Factory ADF-prod: no usable response (ENOTFOUND).',
    ],
    [new TypeError('odd'), 'Could not ask Data Factory ADF-prod: odd.'],
  ])('is not confirmed when the factory cannot be asked: %s', async (error, sentence) => {
    expect(await refusalOf({ factory: error })).toEqual({
      code: 'could-not-ask',
      sentence,
      level: 'platform',
    })
  })

  it('is not confirmed when no rule names a requester', async () => {
    expect(await refusalOf({ candidates: [] })).toMatchObject({ code: 'no-rule-names-a-requester' })
  })

  it('is not confirmed by a requester that its name does not claim', async () => {
    const connection = connectionTo(target, {
      endpoint: endpointIn(managedSubscription, 'other-factory.mpe-blob'),
    })
    expect(await refusalOf({ connection })).toMatchObject({ code: 'no-such-managed-endpoint' })
  })

  it('is not confirmed by a requester that its name claims only by a look-alike letter', async () => {
    const bank = targetOf('Microsoft.DataFactory/factories', 'bank')
    const connection = connectionTo(target, {
      endpoint: endpointIn(managedSubscription, 'ban\u212A.mpe-blob'),
    })
    const listed = [{ ...waiting, endpointName: 'bank.mpe-blob' }]
    expect(await refusalOf({ connection, candidates: [bank], factory: listed })).toMatchObject({
      code: 'no-such-managed-endpoint',
    })
  })

  it('is asked for once when two rules name the same factory', async () => {
    const again = resourceId(factory.id.toUpperCase())
    expect((await prove({ candidates: [factory, again] })).asked).toHaveLength(1)
  })

  it('of one of two requesters with the same name is confirmed', async () => {
    expect(await prove({ candidates: [factory, workspace] })).toMatchObject({
      level: 'confirmed',
      requester: { kind: 'data-factory' },
    })
  })

  it('of both of two requesters with the same name is ambiguous', async () => {
    const proof = await refusalOf({ candidates: [factory, workspace], workspace: [waiting] })
    expect(proof).toMatchObject({
      code: 'managed-endpoint-ambiguous',
      sentence:
        'Both Data Factory ADF-prod and Synapse workspace adf-prod have such a managed endpoint waiting.',
    })
  })

  it('is not confirmed while another requester with the same name cannot be asked', async () => {
    const silent = new ArmError(403, 'Forbidden', 'No.')
    expect(await refusalOf({ candidates: [factory, workspace], workspace: silent })).toMatchObject({
      code: 'could-not-ask',
    })
  })

  it('of a kind whose service has no address in this cloud is not confirmed', async () => {
    const account = targetOf('Microsoft.Purview/accounts', 'adf-prod')
    expect(await refusalOf({ candidates: [account] })).toMatchObject({
      code: 'no-way-to-ask',
      sentence:
        'There is no way to ask Purview account adf-prod: no address of its service is set for this cloud.',
    })
  })
})

describe('a competing claim', () => {
  const own = connectionTo(target)
  const sameName = endpointIn(otherManagedSubscription, 'ADF-PROD.mpe-BLOB')
  const ordinary = endpointIn(foreignSubscription, 'ADF-PROD.mpe-BLOB')
  const decidedStatuses = ['Approved', 'Rejected', 'Disconnected']

  it.each([
    ['another endpoint of the same name', connectionTo(target, { endpoint: sameName }, 'c2')],
    ['the same endpoint a second time', connectionTo(target, {}, 'c2')],
    [
      'another endpoint of the same name in the other list',
      connectionTo(target, { endpoint: sameName, list: 'ingestion' }),
    ],
    [
      'another endpoint of the same name that a person approved, while the list of the factory lags',
      connectionTo(target, { endpoint: sameName, status: 'Approved' }, 'c2'),
    ],
    [
      'another endpoint of the same name that was rejected',
      connectionTo(target, { endpoint: sameName, status: 'Rejected' }, 'c2'),
    ],
    [
      'another endpoint of the same name of whose status nothing is known',
      connectionTo(target, { endpoint: sameName, status: '' }, 'c2'),
    ],
    [
      'an endpoint of the same name whose tenant nobody can name',
      connectionTo(target, { endpoint: endpointIn(unknownSubscription, 'adf-prod.mpe-blob') }, 'c2'),
    ],
  ])('is %s', async (_, sibling) => {
    expect(await refusalOf({ connection: own, siblings: [own, sibling] })).toMatchObject({
      code: 'competing-claim',
      level: 'platform',
    })
  })

  it.each(['Pending', '', 'Removing'])(
    'may be one without an endpoint, in status "%s": the factory may have meant that',
    async (status) => {
      const hidden = connectionTo(target, { endpoint: undefined, status }, 'c2')
      const expected = {
        code: 'competing-claim-hidden',
        sentence:
          'Another connection of this target, c2, waits and does not show its endpoint: it may be the one that was asked for.',
      }
      expect(await refusalOf({ connection: own, siblings: [own, hidden] })).toMatchObject(expected)
      expect(await refusalOf({ connection: own, listedAfter: [own, hidden] })).toMatchObject(expected)
    },
  )

  it('is not one without an endpoint when the requester tells the id of its own', async () => {
    const hidden = connectionTo(target, { endpoint: undefined }, 'c2')
    const stated = [{ ...waiting, endpointId: endpoint.id }]
    expect((await prove({ connection: own, siblings: [own, hidden], factory: stated })).level).toBe(
      'confirmed',
    )
  })

  it.each([
    ['nothing', []],
    ['others only', [connectionTo(target, { endpoint: endpointIn(managedSubscription, 'x.y') }, 'c2')]],
    ['another endpoint under its id', [connectionTo(target, { endpoint: sameName })]],
    ['its id without an endpoint', [connectionTo(target, { endpoint: undefined })]],
  ])('may hide in a second list that holds %s instead of the connection itself', async (_, listedAfter) => {
    expect(await refusalOf({ connection: own, listedAfter })).toMatchObject({
      code: 'competing-claims-unknown',
      sentence: 'The connections of lake, listed once more, do not hold this one with this endpoint.',
    })
  })

  it('is also one that was there when the review began, and is not any more', async () => {
    const competingClaim = connectionTo(target, { endpoint: sameName }, 'c2')
    expect(
      await refusalOf({ connection: own, siblings: [own, competingClaim], listedAfter: [own] }),
    ).toMatchObject({
      code: 'competing-claim',
    })
  })

  it.each<[string, Connection]>([
    [
      'another endpoint of the same name that is Disconnected',
      connectionTo(target, { endpoint: sameName, status: 'Disconnected' }, 'c2'),
    ],
    ['the same endpoint, answered under another name', connectionTo(target, { status: 'Rejected' }, 'c2')],
    ...decidedStatuses.map((status): [string, Connection] => [
      `one without an endpoint that is ${status}`,
      connectionTo(target, { endpoint: undefined, status }, 'c2'),
    ]),
    [
      'one of another name',
      connectionTo(target, { endpoint: endpointIn(managedSubscription, 'adf-prod.mpe') }, 'c2'),
    ],
    ['the same endpoint in the other list', connectionTo(target, { list: 'ingestion' })],
    ...['Pending', 'Removing', ...decidedStatuses].map((status): [string, Connection] => [
      `an ordinary endpoint of the same name, ${status}, in a tenant that certainly has no managed networks`,
      connectionTo(target, { endpoint: ordinary, status }, 'c2'),
    ]),
  ])('is not %s', async (_, sibling) => {
    expect((await prove({ connection: own, siblings: [own, sibling] })).level).toBe('confirmed')
  })
})

describe('an endpoint outside the managed tenants', () => {
  const ordinary = endpointIn(foreignSubscription, 'pe-lake')
  const connection = connectionTo(target, { endpoint: ordinary })
  const link: LinkOfEndpoint = {
    targetId: target,
    groupIds: ['dfs'],
    status: 'Pending',
    endpointState: 'Succeeded',
  }

  it('is confirmed when it can be read and points here', async () => {
    expect(await prove({ connection, candidates: [], links: [link] })).toMatchObject({
      level: 'confirmed',
      requester: { kind: 'private-endpoint', id: ordinary },
      endpointTenantId: foreignTenant,
      isManagedTenant: false,
      groupIds: ['dfs'],
      refusals: [],
    })
  })

  it.each([
    ['endpoint-points-elsewhere', []],
    [
      'endpoint-points-elsewhere',
      [{ ...link, targetId: targetOf('Microsoft.Storage/storageAccounts', 'x') }],
    ],
    ['endpoint-points-elsewhere', [{ ...link, targetId: undefined }]],
    ['endpoint-not-pending', [{ ...link, status: 'Approved' }]],
    ['endpoint-not-found', new ArmError(404, 'ResourceNotFound', 'x')],
    ['endpoint-not-readable', new ArmError(401, 'InvalidAuthenticationTokenTenant', 'x')],
    ['endpoint-not-readable', new ArmError(403, 'AuthorizationFailed', 'x')],
    ['could-not-ask', new ArmError(500, 'InternalServerError', 'x')],
  ])('is known by its tenant only, %s', async (code, links) => {
    expect(await refusalOf({ connection, candidates: [], links })).toMatchObject({ code, level: 'platform' })
  })

  it('that is named like a listed factory is not that factory, and the factory is not asked', async () => {
    const spoof = connectionTo(target, { endpoint: endpointIn(foreignSubscription, 'adf-prod.mpe-blob') })
    const proof = await prove({ connection: spoof })
    expect(proof).toMatchObject({
      level: 'platform',
      endpointTenantId: foreignTenant,
      isManagedTenant: false,
    })
    expect(proof.refusals.map(({ code }) => code)).toEqual(['tenant-not-managed', 'endpoint-not-readable'])
    expect(proof.asked).toEqual(['adf-prod.mpe-blob'])
  })

  it('is not said to borrow a name when the listed requester gives its endpoints no name', async () => {
    const search = targetOf('Microsoft.Search/searchServices', 'pe-lake')
    expect(await refusalOf({ connection, candidates: [search] })).toMatchObject({
      code: 'endpoint-not-readable',
    })
  })

  it('that is named like a listed factory is at most itself', async () => {
    const spoofed = endpointIn(foreignSubscription, 'adf-prod.mpe-blob')
    const proof = await prove({ connection: connectionTo(target, { endpoint: spoofed }), links: [link] })
    expect(proof.requester).toEqual({ kind: 'private-endpoint', id: spoofed })
  })
})

describe('a connection of which too little is known', () => {
  it('has no proof without an endpoint id', async () => {
    const connection = connectionTo(target, { endpoint: undefined })
    const proof = await prove({ connection })
    expect(proof).toMatchObject({ level: 'none', endpointTenantId: undefined, isManagedTenant: undefined })
    expect(proof.refusals.map(({ code }) => code)).toEqual(['no-endpoint-id'])
    expect(proof.asked).toEqual([])
  })

  it('has no proof when nobody knows the tenant', async () => {
    const proof = await prove({ tenants: {} })
    expect(proof).toMatchObject({ level: 'none', isManagedTenant: undefined, asked: [] })
    expect(proof.refusals.map(({ code }) => code)).toEqual(['tenant-unknown'])
  })
})

describe('an ingestion connection of Purview', () => {
  const account = targetOf('Microsoft.Purview/accounts', 'pv')
  const storage = targetOf('Microsoft.Storage/storageAccounts', 'scaningest')
  const connection = connectionTo(account, { list: 'ingestion' })
  const shown = (id: string): Reply => ({ status: 200, body: { properties: { ingestionStorage: { id } } } })

  it.each([storage, account])('is confirmed when the factory names %s', async (targetId) => {
    const proof = await prove({ connection, account: shown(storage.id), factory: [{ ...waiting, targetId }] })
    expect(proof).toMatchObject({ level: 'confirmed', groupIds: ['blob'] })
  })

  it('is not confirmed by an endpoint to another storage account', async () => {
    expect(await refusalOf({ connection, account: shown(storage.id) })).toMatchObject({
      code: 'no-such-managed-endpoint',
    })
  })

  it.each([
    ['could-not-ask', failure(403, 'AuthorizationFailed')],
    ['response-not-understood', { status: 200, body: 'odd' }],
  ])('is not confirmed when the account cannot be read: %s', async (code, reply) => {
    const proof = await refusalOf({ connection, account: reply })
    expect(proof.code).toBe(code)
    expect(proof.sentence).toContain('Purview account pv for its ingestion storage')
  })

  it('is not confirmed for the ordinary list by an endpoint to the ingestion storage', async () => {
    const ordinary = connectionTo(account)
    const factoryHas = [{ ...waiting, targetId: storage }]
    expect(
      await refusalOf({ connection: ordinary, account: shown(storage.id), factory: factoryHas }),
    ).toMatchObject({
      code: 'no-such-managed-endpoint',
    })
  })
})
