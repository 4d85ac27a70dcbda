import { describe, expect, it } from 'vitest'
import {
  Arena,
  connectionOf,
  dataPlatform,
  endpointNamed,
  failed,
  lake,
  ordinaryEndpoint,
  resource,
} from './arena.ts'

const good = endpointNamed('adf-sales.mpe-blob')
const held = `${lake}/privateEndpointConnections/c-true`
const child = 'privateEndpointConnections'
const proxies = 'privateEndpointConnectionProxies'
const ingestion = 'ingestionPrivateEndpointConnections'
const ofCase = 'error Too many requests came at once; they wait for manual review as one case.'
const ofTarget = 'error The connections of a target cannot be read; manual review is needed.'

const message = (resourceId: unknown, more: object = {}) => ({
  ...{ resourceId, attempt: 7, isFollowUp: false, isFromEndpoint: false },
  ...more,
})

/** The true request is on hold: another connection claimed the same name, and is gone now. */
async function withHeldRequest(): Promise<Arena> {
  const arena = new Arena()
  const both = [connectionOf(lake, 'c-true', good), connectionOf(lake, 'c-evil', good)]
  arena.connections.set(lake, both)
  await arena.pass(lake)
  arena.connections.set(lake, both.slice(0, 1))
  await arena.pass(lake)
  expect(arena.reasonOf('c-true')).toBe('competing-claim-before')
  arena.world.logged = []
  return arena
}

const nested: readonly [title: string, id: string][] = [
  ['the held connection', held],
  ['a proxy under it', `${held}/${proxies}/x`],
  ['a connection under it', `${held}/${child}/x`],
  ['a connection for ingestion under it', `${held}/${ingestion}/x`],
  ['a proxy two deep under it', `${held}/${proxies}/x/${child}/y`],
  ['something else under it', `${held}/privateLinkResources/blob`],
  ['an extension of it', `${held}/providers/Microsoft.Authorization/locks/x`],
  ['a proxy in capitals under it', `${held}/${proxies.toUpperCase()}/x`],
  ['it in small letters', held.replace(child, child.toLowerCase())],
  ['it in capitals', held.replace(child, child.toUpperCase())],
  ['it with a slash behind', `${held}/`],
  ['a proxy of its name', `${lake}/${proxies}/c-true`],
  ['a connection for ingestion of its name', `${lake}/${ingestion}/c-true`],
]

describe('a message about a connection writes nothing, asks nothing and leaves the hold where it is:', () => {
  it.each(nested)('%s', async (_, id) => {
    const arena = await withHeldRequest()
    const before = [arena.world.log.length, arena.called.length]
    await arena.queued(message(id))
    await arena.poisoned(message(id))
    await arena.openWork()
    expect([arena.world.log.length, arena.called.length]).toEqual(before)
    arena.world.time += 3_600_000
    await arena.pass(lake)
    await arena.pass(lake)
    expect(arena.world.log).toHaveLength(before[0] ?? 0)
    expect([arena.approvals(), arena.notified()]).toEqual([[], []])
    expect(arena.world.unfinished()[0]?.request.reason.code).toBe('competing-claim-before')
  })
})

describe('an event about a connection leads to its target, and leaves the hold where it is:', () => {
  it.each(nested)('%s', async (_, id) => {
    const arena = await withHeldRequest()
    const before = arena.world.log.length
    await arena.event(id)
    await arena.notification({ id })
    arena.world.time += 3_600_000
    await arena.event(id)
    expect([arena.world.log.length, arena.approvals(), arena.notified()]).toEqual([before, [], []])
    expect(arena.called.filter((call) => call.includes('/x/'))).toEqual([])
  })
})

describe('a message with other fields than ours approves nobody:', () => {
  it.each([
    ['a verdict', { verdict: 'approve' }],
    ['a status', { status: 'Approved', properties: { privateLinkServiceConnectionState: 'Approved' } }],
    ['a pass of the far future', { attempt: Number.MAX_SAFE_INTEGER }],
    ['a pass before the first', { attempt: -1 }],
    ['a time of the far future', { seenAt: '9999-12-31T23:59:59.999Z' }],
    ['a list of targets', { resourceId: [lake] }],
    ['a target on a host', { resourceId: `https://evil.example${lake}` }],
    ['a prototype', { constructor: { prototype: { isFromEndpoint: true } } }],
  ])('%s', async (_, more) => {
    const arena = new Arena()
    arena.connections.set(lake, [connectionOf(lake, 'c-evil', endpointNamed('evil.mpe'))])
    await arena.queued(message(lake, more))
    expect([arena.called, arena.world.log, arena.approvals()]).toEqual([[], [], []])
  })
})

describe('a correlation id that is none is written nowhere:', () => {
  it.each([
    ['text', 'approved by Ada'],
    ['a line of the log', '6a1c3c6e-2a29-4b2e-9b5a-0c1d2e3f4a5b\nERROR A request was approved.'],
    ['markup', '<script>alert(1)</script>'],
    ['control and direction characters', '\u001B[2J\u202Edevorppa'],
    ['a mail address', 'ada@contoso.example'],
  ])('%s', async (_, correlationId) => {
    const arena = new Arena()
    arena.connections.set(lake, [connectionOf(lake, 'c-evil', endpointNamed('evil.mpe'))])
    await arena.queued(message(lake, { correlationId }))
    expect(arena.escalated()).toEqual(['c-evil'])
    expect(arena.world.log.map((entry) => entry.correlationId)).toEqual([undefined])
    expect(JSON.stringify([arena.world.log, arena.world.logged])).not.toContain(correlationId.slice(-8))
  })
})

describe('a message from outside keeps nobody from being notified', () => {
  it('by saying first that only an endpoint named the target', async () => {
    const arena = new Arena()
    arena.instead.set(`GET ${lake}/privateEndpointConnections`, failed(403, 'AuthorizationFailed'))
    await arena.queued(message(lake, { isFromEndpoint: true }))
    await arena.queued(message(lake, { isFromEndpoint: true, attempt: 0 }))
    expect(arena.notified()).toEqual([])
    await arena.event(`${lake}/${proxies}/x`)
    expect(arena.notified()).toEqual([ofTarget])
  })

  it('by follow-ups of passes that never were', async () => {
    const arena = new Arena()
    arena.connections.set(lake, [connectionOf(lake, 'c-evil', endpointNamed('evil.mpe'))])
    for (let attempt = 0; attempt < 8; attempt += 1)
      await arena.queued(message(lake, { isFollowUp: true, attempt }))
    await arena.event(`${lake}/${proxies}/x`)
    expect([arena.notified().length, arena.approvals()]).toEqual([1, []])
  })
})

const refusing = (arena: Arena): void => {
  arena.beforeCall = (method, path) => {
    if (path.endsWith(`/${child}`)) arena.instead.set(`${method} ${path}`, failed(403, 'AuthorizationFailed'))
  }
}
const madeUp = (index: number, subscription = dataPlatform) =>
  resource(subscription, 'rg', 'Microsoft.Storage/storageAccounts', `stmadeup${index}`)
const guid = (index: number) => `bad0cafe-0000-4000-8000-${String(index).padStart(12, '0')}`

describe('two hundred targets that somebody made up are one case, and nobody is approved:', () => {
  it.each([
    ['by events', 50, (arena: Arena, index: number) => arena.event(`${madeUp(index)}/${proxies}/x`)],
    ['by messages', 50, (arena: Arena, index: number) => arena.queued(message(madeUp(index)))],
    ['by notifications', 50, (arena: Arena, index: number) => arena.notification({ id: madeUp(index) })],
    [
      'by events with nested ids',
      50,
      (arena: Arena, index: number) => arena.event(`${madeUp(index)}/${child}/c/${proxies}/x`),
    ],
    [
      'each in a subscription of its own',
      100,
      (arena: Arena, index: number) => arena.event(`${madeUp(index, guid(index))}/${proxies}/x`),
    ],
  ])('%s', async (_, alone, name) => {
    const arena = new Arena()
    refusing(arena)
    for (let index = 0; index < 200; index += 1) await name(arena, index)
    const lines = arena.notified()
    expect(lines.filter((line) => line === ofTarget)).toHaveLength(alone)
    expect(lines.filter((line) => line === ofCase)).toHaveLength(1)
    expect(lines).toHaveLength(alone + 1)
    arena.world.time += 3_600_000
    for (let index = 0; index < 200; index += 1) await name(arena, index)
    expect([arena.notified().length, arena.approvals()]).toEqual([alone + 1, []])
  })
})

describe('a flood of events for one target', () => {
  it('asks about its request once, and Azure once for each', async () => {
    const arena = new Arena()
    arena.connections.set(lake, [connectionOf(lake, 'c-evil', endpointNamed('evil.mpe'))])
    for (let index = 0; index < 300; index += 1) await arena.event(`${lake}/${proxies}/x${index}`)
    expect([arena.notified().length, arena.world.log.length, arena.approvals()]).toEqual([1, 1, []])
    expect(arena.called.filter((call) => call.endsWith(`/${child}`))).toHaveLength(300)
  })

  it('that cannot be read asks about it once', async () => {
    const arena = new Arena()
    refusing(arena)
    for (let index = 0; index < 300; index += 1) await arena.event(`${lake}/${proxies}/x${index}`)
    expect([arena.notified(), arena.approvals()]).toEqual([[ofTarget], []])
  })
})

describe('a notification about a resource without connections is no question and no call:', () => {
  it.each([
    ['a network interface', 'Microsoft.Network/networkInterfaces'],
    ['a machine', 'Microsoft.Compute/virtualMachines'],
    ['a type that nobody knows', 'Contoso.New/things'],
    ['a type that looks like one', 'Microsoft.Storage/storageAccount'],
  ])('%s', async (_, type) => {
    const arena = new Arena()
    refusing(arena)
    await arena.notification({ id: resource(dataPlatform, 'rg', type, 'x') })
    expect([arena.called, arena.world.log, arena.notified()]).toEqual([[], [], []])
  })
})

describe('an endpoint that names no target leads nowhere:', () => {
  const endpoint = resource(dataPlatform, 'rg', 'Microsoft.Network/privateEndpoints', 'pe-evil')
  it.each([
    ['itself', endpoint],
    ['another endpoint', endpointNamed('other')],
    ['a connection', held],
    ['a proxy under a connection', `${held}/${proxies}/x`],
    ['a child of an endpoint', `${endpoint}/privateDnsZoneGroups/default`],
    ['an extension', `${lake}/providers/Microsoft.X/things/a`],
  ])('%s', async (_, named) => {
    const arena = new Arena()
    arena.endpoints.set(endpoint, ordinaryEndpoint(endpoint, named, ['blob']))
    await arena.queued(message(endpoint))
    expect([arena.world.sent, arena.world.log, arena.approvals()]).toEqual([[], [], []])
  })
})
