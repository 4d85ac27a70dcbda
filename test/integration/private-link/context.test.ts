import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dataPlatform, foreignSubscription, ownTenant } from '../../../local/azure/well-known.ts'
import { idOf, startAzure, type Azure } from './simulated.ts'

const { subscriptionId } = dataPlatform
const account = `/subscriptions/${subscriptionId}/resourceGroups/rg-around/providers/Microsoft.Storage/storageAccounts/st`
const version = 'api-version=2024-01-01'

let azure: Azure
beforeAll(async () => {
  azure = await startAzure()
})
afterAll(() => azure.stop())

function create(name: string, tags?: Record<string, string>): Promise<unknown> {
  const body = {
    location: 'westeurope',
    kind: 'StorageV2',
    sku: { name: 'Standard_LRS' },
    properties: {},
    tags,
  }
  return azure.call('PUT', `${account}${name}?${version}`, body)
}

const tagsOf = (name: string) => azure.privateLink.context.tagsOf(idOf(`${account}${name}`))
const groupsOver = (id: string) => azure.privateLink.context.groupsOver(id)

describe('tags of a target', () => {
  it('are read as they are now', async () => {
    await create('tagged', { environment: 'prod', Owner: 'Läke & Co' })
    expect(await tagsOf('tagged')).toEqual({
      value: [
        { name: 'environment', value: 'prod' },
        { name: 'Owner', value: 'Läke & Co' },
      ],
      problem: undefined,
    })
  })

  it('are none where it has none', async () => {
    await create('plain')
    expect(await tagsOf('plain')).toEqual({ value: [], problem: undefined })
  })

  it('are unknown for good where there is no such target', async () => {
    const { value, problem } = await tagsOf('nowhere')
    expect(value).toBeUndefined()
    expect(problem).toMatch(/^the tags of .*stnowhere could not be read: 404 ResourceNotFound/)
  })
})

describe('management groups over a subscription', () => {
  const place = (...groups: string[]) =>
    azure.call('PUT', `/_simulator/management-groups/subscriptions/${subscriptionId}`, { groups })
  const hide = (...names: string[]) => azure.call('PUT', '/_simulator/management-groups/hidden', { names })
  const root = ownTenant.tenantId

  it('are all those from the root to its parent, in lower case', async () => {
    await place('Corp', 'Data-Platform')
    const { value } = await groupsOver(subscriptionId)
    expect(value).toEqual({ names: [root, 'corp', 'data-platform'], isWhole: true })
  })

  it('are not all there are where the upper ones may not be read', async () => {
    await place('corp', 'data')
    await hide(root)
    const { value } = await groupsOver(subscriptionId)
    expect(value?.isWhole).toBe(false)
    expect(value?.names).not.toContain(root)
    await hide()
  })

  it('are the root alone for a subscription that was placed nowhere', async () => {
    await place()
    expect((await groupsOver(subscriptionId)).value).toEqual({ names: [root], isWhole: true })
  })

  it('are unknown for a subscription of somebody else', async () => {
    expect(await groupsOver(foreignSubscription.subscriptionId)).toEqual({
      value: undefined,
      problem: undefined,
    })
  })
})
