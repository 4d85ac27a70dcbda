import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { foreignTenant } from '../../local/azure/well-known.ts'
import { lake, lakeId, managedPlace, onlyConnection, pagesOf, shows } from './requester-support.ts'
import { Bench } from './support.ts'
import type { Json } from './support.ts'

let bench: Bench
beforeEach(async () => {
  bench = await Bench.start()
})
afterEach(() => bench.stop())

const audience = '2ff814a6-3304-4ab8-87cf-cb0e6f879c1d'
const account = '0a5e6f10-9999-4a6b-8c2d-00000000000a'

const databricks = async (method: string, path: string, body?: Json, who: { tenant?: string } = {}) =>
  bench.send(method, path, body, { authorization: `Bearer ${await bench.token({ audience, ...who })}` })

/** Creates the account and a configuration in it; returns the path of its rules. */
async function rulesPath(settings: Json = {}, who: { tenant?: string } = {}): Promise<string> {
  await bench.send('PUT', `/_simulator/databricks/accounts/${account}`, settings)
  const configs = `/databricks/api/2.0/accounts/${account}/network-connectivity-configs`
  const { body } = await databricks('POST', configs, { name: 'ncc', region: 'eastus2' }, who)
  return `${configs}/${String(body['network_connectivity_config_id'])}/private-endpoint-rules`
}

const wish = (target: string) => ({ resource_id: target, group_id: 'blob' })
const stateOf = (body: Json) => body['connection_state']
const ruleOf = (list: string, { body }: { body: Json }) => ({
  path: `${list}/${String(body['rule_id'])}`,
  options: { audience },
})

describe('Databricks', () => {
  test('tells the name of the endpoint that asks, which nobody can guess', async () => {
    const target = await lake(bench, 'bricksone')
    const list = await rulesPath()
    const made = await databricks('POST', list, wish(target))
    expect([made.status, made.body]).toEqual([
      200,
      {
        rule_id: expect.any(String) as string,
        network_connectivity_config_id: list.split('/').at(-2),
        resource_id: target,
        group_id: 'blob',
        endpoint_name: expect.stringMatching(/^databricks-[0-9a-f-]{36}-pe-[0-9a-f]{8}$/) as string,
        connection_state: 'CREATING',
        creation_time: expect.any(Number) as number,
        updated_time: expect.any(Number) as number,
      },
    ])
    const { properties } = await onlyConnection(bench, target)
    expect(managedPlace(properties.privateEndpoint.id)?.name).toBe(made.body['endpoint_name'])
    const another = (await databricks('POST', list, wish(target))).body
    expect(another['endpoint_name']).not.toBe(made.body['endpoint_name'])
  })

  test.each([
    ['Approved', 'ESTABLISHED'],
    ['Rejected', 'REJECTED'],
  ])('a rule whose connection is %s is %s', async (status, word) => {
    const target = await lake(bench, 'bricksfollow')
    const list = await rulesPath()
    const side = ruleOf(list, await databricks('POST', list, wish(target)))
    await shows(bench, side, stateOf, 'PENDING')
    await bench.decide((await onlyConnection(bench, target)).id, status)
    await shows(bench, side, stateOf, word)
  })

  test('a connection that its owner deleted shows as DISCONNECTED, a target that is not there as CREATE_FAILED', async () => {
    const target = await lake(bench, 'brickscut')
    const list = await rulesPath()
    const cut = ruleOf(list, await databricks('POST', list, wish(target)))
    await bench.call('DELETE', (await onlyConnection(bench, target)).id)
    await shows(bench, cut, stateOf, 'DISCONNECTED')
    const lost = ruleOf(list, await databricks('POST', list, wish(lakeId('nowhere'))))
    await shows(bench, lost, stateOf, 'CREATE_FAILED')
  })

  test('a rule that waits too long is EXPIRED while its connection still waits', async () => {
    await bench.stop()
    bench = await Bench.start({ timing: { ruleExpiryMs: 40 } })
    const target = await lake(bench, 'bricksold')
    const list = await rulesPath()
    const side = ruleOf(list, await databricks('POST', list, wish(target)))
    await shows(bench, side, stateOf, 'EXPIRED')
    const { properties } = await onlyConnection(bench, target)
    expect(properties.privateLinkServiceConnectionState.status).toBe('Pending')
  })

  test('deleting ends a rule that waits at once, and deactivates one that is established', async () => {
    const target = await lake(bench, 'bricksgone')
    const list = await rulesPath()
    const waiting = ruleOf(list, await databricks('POST', list, wish(target)))
    await shows(bench, waiting, stateOf, 'PENDING')
    expect((await databricks('DELETE', waiting.path)).status).toBe(200)
    expect((await databricks('GET', waiting.path)).body['error_code']).toBe('RESOURCE_DOES_NOT_EXIST')
    expect(await bench.connections(target)).toEqual([])
    const used = ruleOf(list, await databricks('POST', list, wish(target)))
    await bench.decide((await onlyConnection(bench, target)).id, 'Approved')
    await databricks('DELETE', used.path)
    expect((await databricks('GET', used.path)).body).toMatchObject({
      deactivated: true,
      connection_state: 'ESTABLISHED',
    })
    expect((await bench.connections(target)).length).toBe(1)
  })

  test('rules come by threes and stand in their configuration too', async () => {
    const target = await lake(bench, 'brickslist')
    const list = await rulesPath()
    const made: unknown[] = []
    for (let count = 0; count < 4; count += 1) {
      made.push((await databricks('POST', list, wish(target))).body['rule_id'])
    }
    const pages = await pagesOf(async (token) => {
      const { body } = await databricks('GET', token === undefined ? list : `${list}?page_token=${token}`)
      const items = (body['items'] as Json[]).map((item) => ({ name: item['rule_id'] }))
      return { items, next: body['next_page_token'] as string | undefined }
    })
    expect(pages).toEqual([made.slice(0, 3), made.slice(3)])
    const config = (await databricks('GET', list.replace('/private-endpoint-rules', ''))).body
    const { azure_private_endpoint_rules: held } = (config['egress_config'] as Record<string, Json>)[
      'target_rules'
    ] as { azure_private_endpoint_rules: Json[] }
    expect(held.map((rule) => rule['rule_id'])).toEqual(made)
    const listed = (await databricks('GET', list.split('/').slice(0, -2).join('/'))).body
    expect((listed['items'] as Json[]).map((item) => item['name'])).toEqual(['ncc'])
  })

  test('refuses in its own words: no token, another audience, another tenant, what is not there', async () => {
    const list = await rulesPath()
    const none = await bench.send('GET', list)
    expect([none.status, none.body['error_code']]).toEqual([401, 'UNAUTHENTICATED'])
    const other = await bench.call('GET', list, undefined, { audience: 'https://purview.azure.net' })
    expect([other.status, other.body['error_code']]).toEqual([401, 'UNAUTHENTICATED'])
    const foreignResponse = await databricks('GET', list, undefined, { tenant: foreignTenant.tenantId })
    expect([foreignResponse.status, foreignResponse.body['error_code']]).toEqual([403, 'PERMISSION_DENIED'])
    const missing = await databricks('GET', list.replace(account, 'nobody'))
    expect([missing.status, missing.body['error_code']]).toEqual([404, 'RESOURCE_DOES_NOT_EXIST'])
  })

  test('an account of a foreign tenant is its own', async () => {
    const who = { tenant: foreignTenant.tenantId }
    const list = await rulesPath({ tenantId: foreignTenant.tenantId }, who)
    const target = await lake(bench, 'bricksforeign')
    expect((await databricks('POST', list, wish(target), who)).status).toBe(200)
    await onlyConnection(bench, target)
    expect((await databricks('GET', list)).status).toBe(403)
  })
})
