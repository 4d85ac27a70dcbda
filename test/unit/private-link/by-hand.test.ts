import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { azureCliTypes } from '../../../shared/private-link/resource-types/azure-cli-types.ts'
import { decisionByHand, inAzure } from '../../../shared/private-link/resource-types/by-hand.ts'
import { resourceTypes } from '../../../shared/private-link/resource-types/table.ts'
import { resourceTypeWords } from './type-words.ts'

const group = '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg(1)'
const endpointId = `${group}/providers/Microsoft.Network/privateEndpoints/pe-1`

function byHand(type: string, child = 'privateEndpointConnections', groupIds: readonly string[] = ['blob']) {
  const targetId = `${group}/providers/${resourceTypeWords(type)}`
  return decisionByHand({ targetId, connectionId: `${targetId}/${child}/c.1`, endpointId, groupIds })
}

describe('a decision by hand', () => {
  it('is a command of its own where the Azure CLI has one for the type', () => {
    const { approve, reject, verb, description } = byHand('Microsoft.Storage/storageAccounts') ?? fail()
    const id = `${group}/providers/Microsoft.Storage/storageAccounts/n0/privateEndpointConnections/c.1`
    expect(approve).toBe(
      `az network private-endpoint-connection approve --id '${id}' --description 'Approved by hand'`,
    )
    expect(reject).toBe(
      `az network private-endpoint-connection reject --id '${id}' --description 'Rejected by hand'`,
    )
    expect([verb, description]).toEqual(['PUT', 'Approved by hand'])
  })

  it('is what this app itself sends, for every other type', () => {
    const { approve } = byHand('Microsoft.Cache/redisEnterprise') ?? fail()
    expect(approve).toMatch(
      /^az rest --method put --url '\/subscriptions\/[^']+\?api-version=[\d-]+' --body '\{.*"status":"Approved".*\}'$/,
    )
  })

  it('of a connection to ingestion storage names the endpoint, and has no description', () => {
    const found = byHand('Microsoft.Purview/accounts', 'ingestionPrivateEndpointConnections') ?? fail()
    expect([found.verb, found.description]).toEqual(['POST', undefined])
    expect(found.reject).toContain(`"privateEndpointId":"${endpointId}","status":"Rejected"`)
  })

  it('has a command for each type of the table that can be written, and for no other', () => {
    for (const { type, writeForm, childTypes } of resourceTypes) {
      const found = byHand(type, childTypes[0]?.split('/').at(-1))
      expect(found === undefined, type).toBe(writeForm === 'none')
    }
    expect(byHand('Contoso.Unknown/things')).toBeUndefined()
  })

  it('cannot be ended by a group id', () => {
    for (const { type, bodyMembers, childTypes } of resourceTypes.filter(
      ({ writeForm }) => writeForm !== 'none',
    )) {
      const command = byHand(type, childTypes[0]?.split('/').at(-1), ["a'; rm -rf ~; '"])?.approve ?? ''
      // Without what is escaped, quotes are in pairs, and nothing stands outside of them.
      const outside = command.replaceAll(String.raw`'\''`, '').replaceAll(/'[^']*'/g, '')
      expect(outside, `${type} ${bodyMembers.join()}`).toMatch(
        /^az (network private-endpoint-connection approve --id {2}--description|rest --method \w+ --url {2}--body) $/,
      )
    }
  })
})

describe('the place in the portal', () => {
  const portal = 'https://portal.azure.com'
  const linkOf = (type: string) => {
    const targetId = `${group}/providers/${type}/n`
    const recorded = { targetId, connectionId: undefined, endpointId: undefined, groupIds: undefined }
    return inAzure(recorded, portal).portalLink.split('/').at(-1)
  }

  it.each([
    ['Microsoft.Storage/storageAccounts', 'networking'],
    ['microsoft.keyvault/Vaults', 'networking'],
    ['Microsoft.Sql/servers', 'networking'],
    ['Microsoft.Purview/accounts', 'overview'],
    ['Contoso.Unknown/things', 'overview'],
  ])('of %s is %s', (type, page) => {
    expect(linkOf(type)).toBe(page)
  })

  it('begins with the portal of the cloud, and holds no sign that would end a link', () => {
    const targetId = `${group}/providers/Microsoft.Storage/storageAccounts/\u00E4`
    const recorded = { targetId, connectionId: undefined, endpointId: undefined, groupIds: undefined }
    expect(inAzure(recorded, 'https://portal.azure.us')).toEqual({
      portalLink: `https://portal.azure.us/#resource${group}/providers/Microsoft.Storage/storageAccounts/%C3%A4/networking`,
      commands: undefined,
    })
  })

  it('of what is no id is the portal', () => {
    const recorded = { targetId: 'x', connectionId: 'x', endpointId: undefined, groupIds: undefined }
    expect(inAzure(recorded, portal)).toEqual({ portalLink: portal, commands: undefined })
  })
})

const registered =
  '/usr/lib/python3/dist-packages/azure/cli/command_modules/network/private_link_resource_and_endpoint_connections/custom.py'

it.skipIf(!existsSync(registered))('the Azure CLI has a command for each type that is listed', () => {
  const source = readFileSync(registered, 'utf8')
  const types = [...source.matchAll(/^ {4}_register_one_provider\(['"]([\w./]+)['"]/gm)].map(
    ([, type = '']) => type.toLowerCase(),
  )
  expect([...azureCliTypes].filter((type) => !types.includes(type))).toEqual([])
})

function fail(): never {
  throw new Error('There is no command.')
}
