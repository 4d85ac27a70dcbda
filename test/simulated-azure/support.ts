import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { Agent, request } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startSimulatedAzure } from '../../local/azure/start.ts'
import type { SimulatedAzure, SimulatedAzureOptions } from '../../local/azure/start.ts'
import { parseResourceId } from '../../local/azure/ids.ts'
import { neededMembers } from '../../local/azure/private-link/target-types/published-writes.ts'
import { versionsOf } from '../../local/azure/private-link/target-types/api-versions.ts'
import { analytics, dataPlatform, ownTenant } from '../../local/azure/well-known.ts'

/** JSON whose inside a test knows. */
export type Json = Record<string, unknown>

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Json
}

export interface Connection extends Json {
  id: string
  name: string
  properties: {
    provisioningState: string
    privateEndpoint: { id: string }
    privateLinkServiceConnectionState: {
      status: string
      description: string
      actionsRequired?: string
      actionRequired?: string
    }
    groupIds?: string[]
    groupId?: string
  }
}

export const arm = 'https://management.azure.com'
export const quick = {
  arrivalMs: [5, 10],
  writeMs: 5,
  operationMs: 40,
  graphLagMs: 0,
  activityLogLagMs: 0,
  retryMs: [20],
  deliveryTimeoutMs: 5000,
} as const

export const own = `/subscriptions/${dataPlatform.subscriptionId}`
export const team = `/subscriptions/${analytics.subscriptionId}`

/** A simulated Azure in a folder of its own, with a client that gets its tokens from it. */
export class Bench {
  readonly azure: SimulatedAzure
  readonly folder: string
  readonly #agent: Agent
  readonly #tokens = new Map<string, Promise<string>>()

  private constructor(azure: SimulatedAzure, folder: string) {
    this.azure = azure
    this.folder = folder
    this.#agent = new Agent({ ca: readFileSync(azure.caFile), keepAlive: true })
  }

  static async start(options: Partial<SimulatedAzureOptions> = {}): Promise<Bench> {
    const folder = options.stateFolder ?? mkdtempSync(path.join(tmpdir(), 'simulated-azure-'))
    const timing = { ...quick, ...options.timing }
    return new Bench(
      await startSimulatedAzure({ persist: false, ...options, stateFolder: folder, timing }),
      folder,
    )
  }

  /** Stops; the folder goes away unless the next run continues in it. */
  async stop({ keepFolder = false } = {}): Promise<void> {
    this.#agent.destroy()
    await this.azure.stop()
    if (!keepFolder) rmSync(this.folder, { recursive: true, force: true })
  }

  /** A call as it is: no token but what the headers carry. */
  send(method: string, target: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${this.azure.origin}${target}`,
        { method, agent: this.#agent, headers: { 'content-type': 'application/json', ...headers } },
        (incoming) => {
          let response = ''
          incoming.setEncoding('utf8')
          incoming.on('data', (part: string) => (response += part))
          incoming.on('end', () => {
            const { statusCode = 0, headers } = incoming
            resolve({ status: statusCode, headers, body: bodyOf(response, headers['content-type']) })
          })
        },
      )
      outgoing.on('error', reject)
      outgoing.end(text)
    })
  }

  /** Sends a call and hangs up before the answer. */
  static async hangUp(
    bench: Bench,
    method: string,
    target: string,
    body: unknown,
    afterMs = 50,
  ): Promise<string> {
    const authorization = `Bearer ${await bench.token()}`
    const options = {
      method,
      agent: bench.#agent,
      headers: { authorization, 'content-type': 'application/json' },
    }
    return new Promise((resolve) => {
      const outgoing = request(`${bench.azure.origin}${target}?api-version=2024-01-01`, options, () =>
        resolve('responded'),
      )
      outgoing.on('error', () => resolve('hung up'))
      outgoing.end(JSON.stringify(body))
      setTimeout(() => outgoing.destroy(), afterMs)
    })
  }

  /** A token of the issuer: of a person, by the user name, or of a program. */
  token({
    tenant = ownTenant.tenantId,
    audience = arm,
    clientId = 'tester',
    userName = '',
  } = {}): Promise<string> {
    const key = [tenant, audience, clientId, userName].join(' ')
    const known = this.#tokens.get(key)
    if (known !== undefined) return known
    const form = new URLSearchParams({
      client_id: clientId,
      scope: `${audience}/.default`,
      ...(userName === ''
        ? { grant_type: 'client_credentials', client_secret: 'secret' }
        : { grant_type: 'password', username: userName, password: 'secret' }),
    })
    const asked = this.send('POST', `/${tenant}/oauth2/v2.0/token`, form.toString()).then(
      ({ body }) => body['access_token'] as string,
    )
    this.#tokens.set(key, asked)
    return asked
  }

  /** A call with a token and an api-version, by default one that the called has. */
  async call(
    method: string,
    target: string,
    body?: unknown,
    {
      version = versionFor(target),
      headers = {},
      ...who
    }: {
      version?: string
      headers?: Record<string, string>
      tenant?: string
      audience?: string
      clientId?: string
      userName?: string
    } = {},
  ): Promise<Reply> {
    const authorization = `Bearer ${await this.token(who)}`
    const query = `${target.includes('?') ? '&' : '?'}api-version=${version}`
    return this.send(method, `${target}${query}`, body, { authorization, ...headers })
  }

  /** Creates a resource; returns its id. */
  async create(id: string, body: Json = { location: 'westeurope', properties: {} }, version = '2024-01-01') {
    const reply = await this.call('PUT', id, body, { version })
    if (reply.status >= 300) throw new Error(`PUT ${id}: ${reply.status} ${JSON.stringify(reply.body)}`)
    return id
  }

  /** An ordinary endpoint asks; returns its id. */
  async ask(
    name: string,
    target: string,
    {
      group = 'blob',
      message = 'please',
      subscription = team,
      ...who
    }: {
      group?: string
      message?: string
      subscription?: string
      tenant?: string
      clientId?: string
      userName?: string
    } = {},
  ): Promise<string> {
    const id = `${subscription}/resourceGroups/rg-net/providers/Microsoft.Network/privateEndpoints/${name}`
    const item = { privateLinkServiceId: target, groupIds: [group], requestMessage: message }
    const body = {
      location: 'westeurope',
      properties: { manualPrivateLinkServiceConnections: [{ name, properties: item }] },
    }
    const reply = await this.call('PUT', id, body, who)
    if (reply.status >= 300) throw new Error(`PUT ${id}: ${reply.status} ${JSON.stringify(reply.body)}`)
    return id
  }

  /** The connections of a target. */
  async connections(target: string, version?: string): Promise<Connection[]> {
    const options = version === undefined ? {} : { version }
    const { body } = await this.call('GET', `${target}/privateEndpointConnections`, undefined, options)
    return body['value'] as Connection[]
  }

  /** Waits for the connection that an endpoint of this name makes. */
  arrived(target: string, endpointName: string): Promise<Connection> {
    return eventually(async () =>
      (await this.connections(target)).find(({ properties }) =>
        properties.privateEndpoint.id.toLowerCase().endsWith(`/${endpointName.toLowerCase()}`),
      ),
    )
  }

  /** Waits until an endpoint's request has arrived at its target. */
  settledEndpoint(id: string): Promise<Json> {
    return eventually(async () => {
      const { body } = await this.call('GET', id)
      return (body['properties'] as Json)['provisioningState'] === 'Updating' ? undefined : body
    })
  }

  /** PUT of a status with a description. */
  decide(id: string, status: string, description: string | null = 'decided in a test'): Promise<Reply> {
    return this.call('PUT', id, decisionOn(id, { status, description }))
  }

  /** Waits until a connection has a status and its provisioning is over. */
  settled(id: string, status: string): Promise<Connection> {
    return eventually(async () => {
      const { properties, ...rest } = (await this.call('GET', id)).body as Connection
      const isDone = ['Succeeded', 'Ready'].includes(properties.provisioningState)
      const isThere = isDone && properties.privateLinkServiceConnectionState.status === status
      return isThere ? { properties, ...rest } : undefined
    })
  }
}

/** The body of a decision, with the members that the examples of the target's type have. */
export function decisionOn(id: string, state: Json, more: Json = {}): Json {
  const target = parseResourceId(id.split('/').slice(0, -2).join('/'))
  const values: Json = { id, name: id.split('/').at(-1), groupIds: [], provisioningState: 'Succeeded' }
  const needed = neededMembers(target?.type ?? '')
  const given = (names: readonly string[]) =>
    Object.fromEntries(names.filter((name) => needed.includes(name)).map((name) => [name, values[name]]))
  const actions = needed.includes('state.actionsRequired') ? { actionsRequired: 'None' } : {}
  return {
    ...given(['id', 'name']),
    properties: {
      ...given(['groupIds', 'provisioningState']),
      privateLinkServiceConnectionState: { ...actions, ...state },
      ...more,
    },
  }
}

/** An answer that is no JSON shows as its text. */
function bodyOf(response: string, contentType: string | undefined): Json {
  if (response === '') return {}
  return contentType?.includes('json') === true ? (JSON.parse(response) as Json) : { text: response }
}

/** The newest api-version for a path to connections or to Event Grid's; elsewhere any is taken. */
export function versionFor(target: string): string {
  if (target.includes('/eventSubscriptions')) return '2022-06-15'
  const found = /\/providers\/([^?]+\/privateEndpointConnections)\b/i.exec(target)?.[1]?.split('/') ?? []
  const [namespace = '', ...rest] = found
  const type = [namespace, ...rest.filter((_, index) => index % 2 === 0)].join('/')
  return versionsOf(type).at(-1) ?? '2024-01-01'
}

/** Waits for a condition: the first value that is not undefined. */
export async function eventually<T>(
  read: () => Promise<T | undefined> | T | undefined,
  ms = 5000,
): Promise<T> {
  const end = Date.now() + ms
  for (;;) {
    const found = await read()
    if (found !== undefined) return found
    if (Date.now() > end) throw new Error(`Not seen within ${ms} ms: ${read.toString()}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

export interface Received {
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}

/** A webhook that keeps what it gets. `response` decides the reply; by default both handshakes and 200. */
export class Webhook {
  readonly received: Received[] = []
  readonly url: string
  readonly #server

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?code=s3cret`
  }

  static async start(
    respond: (received: Received, count: number) => number | Json = greet,
  ): Promise<Webhook> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const hook = new Webhook(server)
    server.on('request', (incoming, outgoing) => {
      let text = ''
      incoming.setEncoding('utf8')
      incoming.on('data', (part: string) => (text += part))
      incoming.on('end', () => {
        const body: unknown = text === '' ? null : JSON.parse(text)
        const received = { method: incoming.method ?? '', headers: incoming.headers, body }
        hook.received.push(received)
        const reply = respond(received, hook.notifications().length)
        if (received.method === 'OPTIONS') outgoing.setHeader('WebHook-Allowed-Origin', 'eventgrid.azure.net')
        if (typeof reply === 'number') outgoing.writeHead(reply).end()
        else outgoing.setHeader('content-type', 'application/json').end(JSON.stringify(reply))
      })
    })
    return hook
  }

  /** What came as a notification, oldest first. */
  notifications(): Received[] {
    return this.received.filter(({ headers }) => headers['aeg-event-type'] === 'Notification')
  }

  stop(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
    })
  }
}

/** Answers the handshake of Event Grid's own schema, and 200 to everything else. */
export function greet({ headers, body }: Received): number | Json {
  if (headers['aeg-event-type'] !== 'SubscriptionValidation') return 200
  const [event] = body as { data: { validationCode: string } }[]
  return { validationResponse: event?.data.validationCode }
}

/** The names that events of a webhook carry. */
export function operationsOf(hook: Webhook): string[] {
  return hook.notifications().map(({ body }) => {
    const event = (Array.isArray(body) ? body[0] : body) as { data: { operationName: string } }
    return event.data.operationName
  })
}
