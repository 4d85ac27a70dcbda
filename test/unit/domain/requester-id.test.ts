import { describe, expect, it } from 'vitest'
import { parseRequesterId } from '../../../shared/domain/requester-id.ts'
import {
  claimsToBeOf,
  isManagedKind,
  requesterKindOfType,
  requesterKinds,
} from '../../../shared/domain/requester-kind.ts'
import { parseResourceId } from '../../../shared/domain/resource-id.ts'

const guid = 'ABCDEF01-0000-4000-8000-000000000001'
const factory = `/subscriptions/${guid}/resourceGroups/rg/providers/Microsoft.DataFactory/factories/adf`

describe('the id of a requester', () => {
  it('may be any ARM id', () => {
    expect(parseRequesterId(factory)).toEqual(parseResourceId(factory))
  })

  it.each([
    [`/fabric/workspaces/${guid}`, 'fabric/workspaces'],
    [`/FABRIC/Workspaces/${guid.toLowerCase()}`, 'fabric/workspaces'],
    [
      `/databricks/accounts/${guid.replace('1', '2')}/networkConnectivityConfigs/${guid}`,
      'databricks/networkConnectivityConfigs',
    ],
  ])('may be %s', (text, type) => {
    const id = parseRequesterId(text)
    expect(id).toMatchObject({ id: text, key: text.toLowerCase(), type })
    expect(id?.name.toUpperCase()).toBe(guid)
  })

  it.each([
    undefined,
    7,
    '',
    '/',
    '/fabric/workspaces/',
    '/fabric/workspaces/sales',
    `fabric/workspaces/${guid}`,
    `/fabric/workspaces/${guid}/`,
    `//fabric/workspaces/${guid}`,
    `/fabric/workspaces/${guid}?x`,
    `/fabric/wor\u212Aspaces/${guid}`,
    `/fabric/workspaces/../workspaces/${guid}`,
    `/fabric/workspaces/${guid}x`,
    `/databricks/accounts/${guid}`,
    `/databricks/accounts/x/networkConnectivityConfigs/${guid}`,
    `/databricks/accounts/${guid}/networkConnectivityConfigs/*`,
    '/'.repeat(100_000),
  ])('is not %j', (text) => {
    expect(parseRequesterId(text)).toBeUndefined()
  })
})

describe('the table of kinds', () => {
  it.each(Object.entries(requesterKinds))('finds %s by its type in any case', (kind, { type }) => {
    expect(requesterKindOfType(type.toUpperCase())).toBe(kind)
  })

  it.each(['', 'constructor', '__proto__', 'Microsoft.Storage/storageAccounts', 'Fabric/workspace'])(
    'has nothing of the type %j',
    (type) => {
      expect(requesterKindOfType(type)).toBeUndefined()
    },
  )

  it('says of every kind that cannot name its endpoints that it is never confirmed', () => {
    for (const { endpointName, reach } of Object.values(requesterKinds))
      expect(reach).toBe(endpointName === 'unknown' ? 'platform' : 'confirmed')
  })

  it('has one kind that is not managed', () => {
    const kinds = Object.keys(requesterKinds) as (keyof typeof requesterKinds)[]
    expect(kinds.filter((kind) => !isManagedKind(kind))).toEqual(['private-endpoint'])
  })
})

describe('an endpoint claims to be of a requester', () => {
  const claims = (endpointName: string, requester: string): boolean => {
    const endpoint = parseResourceId(
      factory.replace('DataFactory/factories/adf', `Network/privateEndpoints/${endpointName}`),
    )
    const id = parseRequesterId(requester)
    if (!endpoint || !id) throw new Error('The test uses ids that are none.')
    return claimsToBeOf(endpoint, id)
  }

  it.each([
    ['adf.mpe', factory, true],
    ['ADF.mpe.x', factory, true],
    ['adf', factory, false],
    ['adf-mpe', factory, false],
    ['.adf.mpe', factory, false],
    ['\u0430df.mpe', factory, false],
    [`${guid}.mpe`, `/fabric/workspaces/${guid}`, true],
    ['adf.mpe', factory.replace('DataFactory/factories', 'Dashboard/grafana'), false],
    ['adf.mpe', factory.replace('DataFactory/factories', 'Storage/storageAccounts'), false],
  ])('by the name %s of %s: %s', (endpointName, requester, expected) => {
    expect(claims(endpointName, requester)).toBe(expected)
  })
})
