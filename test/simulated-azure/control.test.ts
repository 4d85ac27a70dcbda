import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Bench, eventually, own } from './support.ts'
import type { Json } from './support.ts'

let bench: Bench
beforeEach(async () => {
  bench = await Bench.start()
})
afterEach(() => bench.stop())

const accountId = (name: string) =>
  `${own}/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts/${name}`
const fault = (body: Json) => bench.send('POST', '/_simulator/faults', body)

async function pending(name: string) {
  const target = await bench.create(accountId(name))
  await bench.ask(`pe-${name}`, target)
  return bench.arrived(target, `pe-${name}`)
}

describe('Faults', () => {
  test("before: the answer is the fault's and nothing is applied; after `times` it is over", async () => {
    const { id } = await pending('before')
    await fault({
      method: 'PUT',
      path: 'privateEndpointConnections',
      status: 409,
      code: 'StorageAccountOperationInProgress',
      headers: { 'Retry-After': '7' },
      times: 1,
    })
    const refused = await bench.decide(id, 'Approved')
    expect([refused.status, refused.headers['retry-after'], refused.body['error']]).toEqual([
      409,
      '7',
      expect.objectContaining({ code: 'StorageAccountOperationInProgress' }),
    ])
    await bench.settled(id, 'Pending')
    expect((await bench.decide(id, 'Approved')).status).toBe(200)
  })

  test('after: the write is applied although the answer says otherwise', async () => {
    const { id } = await pending('after')
    await fault({ method: 'PUT', path: 'privateEndpointConnections', when: 'after', status: 500, times: 1 })
    expect((await bench.decide(id, 'Approved')).status).toBe(500)
    await bench.settled(id, 'Approved')
  })

  test('a call held before is not applied when the caller goes away meanwhile', async () => {
    const { id } = await pending('held')
    await fault({ method: 'PUT', path: 'privateEndpointConnections', holdMs: 100, times: 1 })
    const impatient = await Bench.hangUp(bench, 'PUT', id, {
      properties: { privateLinkServiceConnectionState: { status: 'Approved', description: '' } },
    })
    expect(impatient).toBe('hung up')
    await eventually(async () => {
      const log = (await bench.send('GET', '/_simulator/requests?method=PUT')).body['value'] as Json[]
      return log.find(({ status }) => status === 499)
    })
    await bench.settled(id, 'Pending')
  })

  test('a call held after is applied and leaves the caller waiting', async () => {
    const { id } = await pending('waits')
    await fault({
      method: 'PUT',
      path: 'privateEndpointConnections',
      when: 'after',
      holdMs: 'forever',
      times: 1,
    })
    const impatient = Bench.hangUp(
      bench,
      'PUT',
      id,
      { properties: { privateLinkServiceConnectionState: { status: 'Approved', description: '' } } },
      300,
    )
    await bench.settled(id, 'Approved')
    expect(await impatient).toBe('hung up')
  })

  test('a reset ends the connection without a response: before, nothing is applied; after, it is', async () => {
    const { id } = await pending('reset')
    const decide = () => bench.decide(id, 'Approved')
    await fault({ method: 'PUT', path: 'privateEndpointConnections', reset: true, times: 1 })
    await expect(decide()).rejects.toThrow(/hang up|ECONNRESET/)
    await bench.settled(id, 'Pending')
    await fault({ method: 'PUT', path: 'privateEndpointConnections', when: 'after', reset: true, times: 1 })
    await expect(decide()).rejects.toThrow(/hang up|ECONNRESET/)
    await bench.settled(id, 'Approved')
  })

  test('a hold alone delays, and the call goes on', async () => {
    await fault({ path: `${own}$`, holdMs: 60, times: 1 })
    const started = Date.now()
    expect((await bench.call('GET', own)).status).toBe(200)
    expect(Date.now() - started).toBeGreaterThanOrEqual(55)
  })

  test('faults are listed and taken back, one or all', async () => {
    const one = (await fault({ path: 'x', status: 500 })).body['id'] as string
    await fault({ path: 'y', status: 500 })
    const list = async () => ((await bench.send('GET', '/_simulator/faults')).body['value'] as Json[]).length
    expect(await list()).toBe(2)
    await bench.send('DELETE', `/_simulator/faults/${one}`)
    expect(await list()).toBe(1)
    await bench.send('DELETE', '/_simulator/faults')
    expect(await list()).toBe(0)
  })

  test.each([
    { status: 500 },
    { path: '(', status: 500 },
    { path: 'x', wehn: 'before' },
    { path: 'x', times: 0 },
  ])('a fault that makes no sense is refused: %j', async (body) => {
    expect((await fault(body)).status).toBe(400)
  })
})

describe('The log of requests', () => {
  test('shows method, path, status and the body of writes, and never a token', async () => {
    const { id } = await pending('logged')
    await bench.decide(id, 'Approved', 'logged decision')
    const { body } = await bench.send(
      'GET',
      '/_simulator/requests?method=put&path=privateEndpointConnections',
    )
    expect(body['value']).toEqual([
      expect.objectContaining({
        method: 'PUT',
        path: id,
        status: 200,
        clientId: 'tester',
        body: {
          properties: {
            privateLinkServiceConnectionState: { status: 'Approved', description: 'logged decision' },
          },
        },
      }),
    ])
    const all = JSON.stringify((await bench.send('GET', '/_simulator/requests')).body)
    expect(all).toContain('/oauth2/v2.0/token')
    expect(all).not.toContain(await bench.token())
    expect(all).not.toContain('client_secret')
  })
})

describe('State', () => {
  test('is kept over a restart, requests on their way included', async () => {
    await bench.stop()
    bench = await Bench.start({ persist: true })
    const { id } = await pending('kept')
    await bench.decide(id, 'Approved')
    await bench.stop({ keepFolder: true })
    bench = await Bench.start({
      persist: true,
      stateFolder: bench.folder,
      timing: { arrivalMs: [60_000, 60_000] },
    })
    expect((await bench.settled(id, 'Approved')).id).toBe(id)
    await bench.ask('pe-late', accountId('kept'))
    await bench.stop({ keepFolder: true })
    bench = await Bench.start({ persist: true, stateFolder: bench.folder })
    expect(
      (await bench.arrived(accountId('kept'), 'pe-late')).properties.privateLinkServiceConnectionState.status,
    ).toBe('Pending')
  })

  test('is saved shortly after a change, without waiting for the end, readable by its owner only', async () => {
    await bench.stop()
    bench = await Bench.start({ persist: true })
    await bench.create(accountId('saved'))
    const file = path.join(bench.folder, 'azure.json')
    await eventually(() =>
      existsSync(file) && readFileSync(file, 'utf8').includes('storageAccounts/saved') ? true : undefined,
    )
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  test('of an unknown version is not overwritten', async () => {
    await bench.stop({ keepFolder: true })
    writeFileSync(path.join(bench.folder, 'azure.json'), '{"version":99}')
    const failed = Bench.start({ persist: true, stateFolder: bench.folder })
    await expect(failed).rejects.toThrow('version 99')
    bench = await Bench.start({ stateFolder: bench.folder })
  })

  test('reset forgets everything', async () => {
    const { id } = await pending('forgotten')
    await fault({ path: 'zzz', status: 500 })
    expect((await bench.send('POST', '/_simulator/reset')).status).toBe(204)
    expect((await bench.call('GET', id)).status).toBe(404)
    expect((await bench.send('GET', '/_simulator/faults')).body['value']).toEqual([])
  })
})

describe('Stopping', () => {
  test('does not wait for callers that keep a connection open, nor for one that never says a word', async () => {
    const silent = connect(Number(new URL(bench.azure.origin).port), '127.0.0.1')
    const closed = new Promise<string>((resolve) => silent.once('close', () => resolve('closed')))
    silent.on('error', () => undefined)
    await new Promise<void>((resolve) => silent.once('connect', () => resolve()))
    await Promise.all(Array.from({ length: 5 }, () => bench.call('GET', own)))
    await bench.azure.stop()
    expect(await closed).toBe('closed')
    bench = await Bench.start({ stateFolder: bench.folder })
  })
})

describe('Resources and groups', () => {
  test('a PUT of a known type makes the resource group too', async () => {
    await bench.create(accountId('grouped'))
    const { body } = await bench.call('GET', `${own}/resourcegroups`)
    expect((body['value'] as Json[]).map((group) => group['name'])).toEqual(['rg-data'])
    const listed = (await bench.call('GET', `${own}/resourceGroups/RG-DATA/resources`)).body[
      'value'
    ] as Json[]
    expect(listed.map((row) => row['name'])).toEqual(['grouped'])
  })

  test('a group is created, read, and deleted with all that is in it', async () => {
    const group = `${own}/resourceGroups/rg-data`
    expect((await bench.call('PUT', group, { location: 'westeurope', tags: { team: 'a' } })).status).toBe(201)
    const { id } = await pending('indeed')
    expect((await bench.call('GET', group)).body['tags']).toEqual({ team: 'a' })
    expect((await bench.call('DELETE', group)).status).toBe(200)
    expect((await bench.call('GET', group)).status).toBe(404)
    expect((await bench.call('GET', id)).status).toBe(404)
  })

  test('what the platform writes cannot be written by a caller', async () => {
    const id = await bench.create(accountId('mine'), {
      location: 'westeurope',
      properties: { privateEndpointConnections: [{ id: 'x' }], isHnsEnabled: true },
    })
    expect((await bench.call('GET', id)).body['properties']).toEqual({
      isHnsEnabled: true,
      privateEndpointConnections: [],
      provisioningState: 'Succeeded',
    })
  })

  test('the groups that endpoints can ask for are listed', async () => {
    const id = await bench.create(accountId('offers'))
    const { body } = await bench.call('GET', `${id}/privateLinkResources`)
    expect((body['value'] as Json[]).map((row) => row['name'])).toEqual(
      expect.arrayContaining(['blob', 'dfs', 'queue']),
    )
  })

  test('a type that is not played is refused with its name', async () => {
    const { status, body } = await bench.call(
      'PUT',
      `${own}/resourceGroups/r/providers/Microsoft.Compute/virtualMachines/vm`,
      { location: 'x' },
    )
    expect([status, (body['error'] as Json)['message']]).toEqual([
      404,
      expect.stringContaining('Microsoft.Compute/virtualMachines'),
    ])
  })

  test('a method that a path does not have is 405, a path that is not played 404', async () => {
    expect((await bench.call('POST', accountId('x'), {})).status).toBe(405)
    expect((await bench.call('GET', '/subscriptionz')).status).toBe(404)
  })
})
