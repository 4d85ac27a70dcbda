import { describe, expect, it } from 'vitest'
import { parseResourceId } from '../../../shared/domain/resource-id.ts'
import { reviewPlace } from '../../../shared/domain/review-place.ts'

const group = '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg-lake/providers'
const account = `${group}/Microsoft.Storage/storageAccounts/stlake`
const endpoint = `${group}/Microsoft.Network/privateEndpoints/pe-1`
const connection = 'privateEndpointConnections'
const proxy = 'privateEndpointConnectionProxies'
const ingestion = 'ingestionPrivateEndpointConnections'

function placeOf(text: string) {
  const id = parseResourceId(text)
  if (!id) throw new Error(`"${text}" is no id.`)
  return reviewPlace(id)
}

describe('the place at which a resource is reviewed', () => {
  it.each([
    ['a connection', `${account}/${connection}/c`],
    ['a proxy', `${account}/${proxy}/p`],
    ['a connection for ingestion', `${account}/${ingestion}/c`],
    ['a proxy under a connection', `${account}/${connection}/c/${proxy}/x`],
    ['a connection under a proxy', `${account}/${proxy}/p/${connection}/c`],
    ['a connection under a connection', `${account}/${connection}/c/${connection}/d`],
    ['a connection for ingestion under a connection', `${account}/${connection}/c/${ingestion}/d`],
    ['three deep', `${account}/${ingestion}/i/${connection}/c/${proxy}/x`],
    ['another child of a connection', `${account}/${connection}/c/things/x`],
    ['other letters', `${account}/PRIVATEENDPOINTCONNECTIONS/c/privateendpointconnectionproxies/x`],
  ])('of %s is the target before its first child segment', (_, text) => {
    expect(placeOf(text)).toMatchObject({ kind: 'child', target: { id: account } })
  })

  it.each([
    [`${account}/${proxy}/p`, false],
    [`${account}/${proxy}/p/${connection}/c`, false],
    [`${account}/${connection}/c`, true],
    [`${account}/${connection}/c/${proxy}/x`, true],
  ])('says of %s whether its first child segment is a connection: %s', (text, isConnection) => {
    expect(placeOf(text)).toMatchObject({ isConnection })
  })

  it.each([
    ['a target', account],
    ['a target under another', `${account}/blobServices/default`],
    ['a target in a group with the name of a child type', account.replace('rg-lake', connection)],
    ['a target with the name of a child type', `${group}/Microsoft.Storage/storageAccounts/${connection}`],
    ['a child with the name of a child type', `${account}/blobServices/${proxy}`],
  ])('of %s is itself', (_, text) => {
    expect(placeOf(text)).toMatchObject({ kind: 'target', target: { id: text } })
  })

  it('of an ordinary endpoint is at its targets', () => {
    expect(placeOf(endpoint)).toMatchObject({ kind: 'endpoint', endpoint: { id: endpoint } })
  })

  it.each([
    ['a connection without a target', `${group}/Microsoft.Storage/${connection}/c`, 'no-target'],
    ['a proxy without a target', `${group}/Microsoft.Storage/${proxy.toUpperCase()}/c`, 'no-target'],
    ['a child of an endpoint', `${endpoint}/privateDnsZoneGroups/default`, 'under-endpoint'],
    ['a connection of an endpoint', `${endpoint}/${connection}/c`, 'under-endpoint'],
    ['an extension of a target', `${account}/providers/Microsoft.X/things/a`, 'extension'],
    ['a connection of an extension', `${account}/providers/Microsoft.X/${connection}/c`, 'extension'],
    ['an extension of a connection', `${account}/${connection}/c/providers/Microsoft.X/a/b`, 'extension'],
  ])('of %s is nowhere', (_, text, reason) => {
    expect(placeOf(text)).toEqual({ kind: 'nowhere', reason })
  })
})
