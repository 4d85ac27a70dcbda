import { expect, test } from 'vitest'
import { lake, onlyConnection, requester } from './requester-support.ts'
import { Bench, eventually, operationsOf, team, Webhook } from './support.ts'

test('Event Grid hears of requests through Resource Manager, of none on a data plane', async () => {
  const [bench, hook] = await Promise.all([Bench.start(), Webhook.start()])
  const target = await lake(bench, 'heard')
  const cluster = await requester(bench, 'Microsoft.Kusto/clusters', 'loud')
  const profile = await requester(bench, 'Microsoft.Cdn/profiles', 'loud')
  const workspace = '59a92b06-0000-4000-8000-000000000009'
  await bench.send('PUT', `/_simulator/fabric/workspaces/${workspace}`, {})
  await bench.call(
    'PUT',
    `${team}/providers/Microsoft.EventGrid/eventSubscriptions/watch`,
    {
      properties: { destination: { endpointType: 'WebHook', properties: { endpointUrl: hook.url } } },
    },
    { version: '2022-06-15' },
  )
  const properties = { privateLinkResourceId: target, groupId: 'blob' }
  const mpe = `${cluster}/managedPrivateEndpoints/a`
  const kusto = { version: '2023-08-15' }
  await bench.call('PUT', mpe, { properties }, kusto)
  await onlyConnection(bench, target)
  await bench.call('DELETE', mpe, undefined, kusto)
  const fabric = { audience: 'https://api.fabric.microsoft.com' }
  const wish = { name: 'quiet', targetPrivateLinkResourceId: target, targetSubresourceType: 'blob' }
  await bench.call('POST', `/fabric/v1/workspaces/${workspace}/managedPrivateEndpoints`, wish, fabric)
  const frontDoor = { version: '2025-04-15' }
  await bench.call('PUT', `${profile}/originGroups/g`, { properties: {} }, frontDoor)
  const origin = { properties: { hostName: 'plain.example' } }
  await bench.call('PUT', `${profile}/originGroups/g/origins/o`, origin, frontDoor)
  const heard = await eventually(() => {
    const operations = operationsOf(hook)
    return operations.length >= 3 ? operations.sort() : undefined
  })
  expect(heard).toEqual([
    'Microsoft.Cdn/profiles/originGroups/origins/write',
    'Microsoft.Kusto/clusters/managedPrivateEndpoints/delete',
    'Microsoft.Kusto/clusters/managedPrivateEndpoints/write',
  ])
  await Promise.all([bench.stop(), hook.stop()])
})
