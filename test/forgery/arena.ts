import { createHttpHeaders } from '@azure/core-rest-pipeline'
import { subjectId } from '../../shared/domain/request.ts'
import type { HttpClient } from '@azure/core-rest-pipeline'
import { clouds } from '../../shared/config/clouds.ts'
import { parseResourceId } from '../../shared/domain/resource-id.ts'
import { readEvent } from '../../shared/events/review-hint.ts'
import type { Rule, RuleSet } from '../../shared/domain/rule.ts'
import { readReviewMessage } from '../../shared/queue/review-queue.ts'
import { createPrivateLink } from '../../shared/private-link/index.ts'
import type { ReviewPorts } from '../../shared/review/ports.ts'
import { finishOpenWork } from '../../shared/review/finish-open-work.ts'
import { giveUpForNow } from '../../shared/review/give-up.ts'
import { review } from '../../shared/review/review-target.ts'
import { FakeReview, salesToLake } from '../support/fake-review.ts'
import { credential, fakeLog } from '../unit/private-link/fake-azure.ts'

export const armOrigin = 'https://management.azure.com'
export const dataPlatform = '0a5e6f10-1111-4a6b-8c2d-d47a91a7f001'
export const analytics = '0a5e6f10-2222-4a6b-8c2d-a4a191c50002'
export const managedSubscription = '10e72cf9-4444-4b2c-8d3e-1f2a3b4c5d01'
export const attackerSubscription = 'bad0cafe-3333-4d5e-9f6a-7b8c9d0e1f23'
const ownTenant = '7f3d1c52-6a0b-4e6f-9d57-2b8c4a1e0f10'
export const managedTenant = '33c0ffee-5d2e-4b1a-8f44-6e0a9d3b7c21'
const attackerTenant = 'e15e0000-9b7a-4c3d-a1f2-5c6d7e8f9a32'

export const lake = resource(dataPlatform, 'rg-lake', 'Microsoft.Storage/storageAccounts', 'stlake')
export const orders = resource(dataPlatform, 'rg-lake', 'Microsoft.Sql/servers', 'sql-orders')
export const factory = resource(analytics, 'rg-analytics', 'Microsoft.DataFactory/factories', 'adf-sales')
export const workspace = resource(analytics, 'rg-analytics', 'Microsoft.Synapse/workspaces', 'syn-graph')
export const catalog = resource(analytics, 'rg-analytics', 'Microsoft.Purview/accounts', 'pv-cat')
export const fabricWorkspace = '/fabric/workspaces/fab00000-7777-4a6b-8c2d-d47a91a7f0fa'

/** An ARM id. */
export function resource(subscription: string, group: string, type: string, name: string): string {
  return `/subscriptions/${subscription}/resourceGroups/${group}/providers/${type}/${name}`
}

/** The id of an endpoint: in the managed network, where endpoints of every customer lie, unless told otherwise. */
export function endpointNamed(name: string, subscription = managedSubscription): string {
  const group =
    subscription === managedSubscription ? 'vnet-10e72cf9-westeurope-1-rg' : 'vnet-bad0cafe-westeurope-1-rg'
  return resource(subscription, group, 'Microsoft.Network/privateEndpoints', name)
}

/** An answer of Azure as it goes over the wire. */
export interface Reply {
  readonly status: number
  readonly body?: unknown
  /** Sent as it is instead of `body`. */
  readonly text?: string
  readonly headers?: Record<string, string>
}

interface ArenaOptions {
  /** Instead of those that the arena has. */
  readonly ports?: Partial<ReviewPorts>
}

/** A connection as JSON: whatever a test puts there is what Azure shows. */
export interface WireConnection {
  id?: unknown
  properties?: unknown
}

interface Written {
  readonly path: string
  readonly status: string
}

/**
 * The whole app above a wire that a test writes on: event, review, policy, proof and ARM client are the real ones;
 * Azure is JSON, and gullible: it carries out every answer it is sent, to whatever connection. In the beginning one
 * true request waits: the sales factory's for the lake, which a rule allows.
 */
export class Arena {
  readonly world = new FakeReview()
  /** Connections by target id. */
  readonly connections = new Map<string, WireConnection[]>()
  /** Managed endpoints by requester id, as the requester's own list shows them. */
  readonly managedEndpoints = new Map<string, unknown>()
  /** Owners of subscriptions. */
  readonly tenants = new Map([
    [dataPlatform, ownTenant],
    [analytics, ownTenant],
    [managedSubscription, managedTenant],
    [attackerSubscription, attackerTenant],
  ])
  /** Ordinary endpoints that can be read, by id. */
  readonly endpoints = new Map<string, unknown>()
  /** What services beside Azure Resource Manager answer, by whole address. */
  readonly dataPlanes = new Map<string, Reply>()
  /** Answers that come before everything else, by `METHOD path`. */
  readonly instead = new Map<string, Reply>()
  /** Runs before each call is answered. */
  beforeCall: (method: string, path: string) => void = () => undefined
  readonly called: string[] = []
  readonly written: Written[] = []
  rules: readonly Rule[] = [salesToLake]
  /** What stands in for the respond to a call; undefined: nothing, and an Error for a call without an respond. */
  fault: (method: string, path: string, respond: () => Reply) => Reply | Error | undefined = () => undefined
  /** Why the allow-list cannot be used. */
  rulesProblem: string | undefined
  readonly ports: ReviewPorts
  #loaded: (RuleSet & { readonly complete: true }) | undefined
  #loads = 0

  constructor(options: ArenaOptions = {}) {
    this.connections.set(lake, [connectionOf(lake, 'c-true', endpointNamed('adf-sales.mpe-blob'))])
    this.managedEndpoints.set(factory, [managedEndpoint('mpe-blob', lake, 'blob')])
    const privateLink = createPrivateLink({
      armEndpoint: armOrigin,
      credential,
      managedTenants: [managedTenant],
      services: clouds.public,
      loginHosts: clouds.public.loginHosts,
      userAgent: 'forgery',
      log: fakeLog(),
      now: () => new Date(this.world.time),
      httpClient: this.#wire(),
      clock: {
        milliseconds: () => this.world.time,
        wait: (milliseconds) => {
          this.world.time += milliseconds
          return Promise.resolve()
        },
      },
      retryMilliseconds: 0,
    })
    const rules = { load: () => Promise.resolve(this.#ruleSet()) }
    this.ports = { ...this.world.ports, ...privateLink, rules, ...options.ports }
  }

  /** The same set until the rules are others, as the store gives it. */
  #ruleSet(): RuleSet {
    if (this.rulesProblem !== undefined) return { complete: false, problem: this.rulesProblem }
    if (this.#loaded?.rules !== this.rules) {
      this.#loads += 1
      this.#loaded = { complete: true, rules: this.rules, hash: `hash-${this.#loads}` }
    }
    return this.#loaded
  }

  /** Delivers an event with this `resourceUri`, and looks where it says. */
  async event(resourceUri: unknown): Promise<void> {
    const { hint } = await readEvent({
      id: 'event',
      topic: `/subscriptions/${dataPlatform}`,
      subject: typeof resourceUri === 'string' ? resourceUri : '',
      eventType: 'Microsoft.Resources.ResourceWriteSuccess',
      eventTime: '2026-11-21T08:00:00Z',
      dataVersion: '2',
      metadataVersion: '1',
      data: { resourceUri },
    })
    if (hint.kind === 'review-hint') await this.pass(hint.at.id)
  }

  /** Delivers a notification about a resource, and looks where it says. */
  async notification(resourceInfo: unknown): Promise<void> {
    const { hint } = await readEvent({
      ...{ id: 'event', topic: `/subscriptions/${dataPlatform}`, subject: '' },
      eventType: 'Microsoft.ResourceNotifications.Resources.CreatedOrUpdated',
      ...{ eventTime: '2026-11-21T08:00:00Z', dataVersion: '2', metadataVersion: '1' },
      data: { resourceInfo },
    })
    if (hint.kind === 'review-hint') await this.pass(hint.at.id)
  }

  /** Somebody puts this on the queue of reviews. */
  async queued(value: unknown): Promise<void> {
    const message = readReviewMessage(JSON.parse(JSON.stringify(value)))
    if (!message) return
    try {
      await review(this.ports, message)
    } catch {
      await giveUpForNow(this.ports, message)
    }
  }

  /** Somebody puts this on the poison queue of reviews. */
  async poisoned(value: unknown): Promise<void> {
    const message = readReviewMessage(JSON.parse(JSON.stringify(value)))
    if (message) await giveUpForNow(this.ports, message)
  }

  /** The timer that takes up open work, and the reviews that it sends. */
  async openWork(): Promise<void> {
    const before = this.world.sent.length
    await finishOpenWork(this.ports)
    for (const { message } of this.world.sent.slice(before)) await this.queued(message)
  }

  /**
   * The last review pass of a series, or an earlier one: what the last one leaves is a person's. A failing review is
   * tried once more.
   */
  async pass(target: string, attempt = 9): Promise<void> {
    const message = { ...this.world.message(attempt), resourceId: target }
    try {
      await review(this.ports, message)
    } catch {
      await review(this.ports, message).catch(() => undefined)
    }
  }

  /** What is to be done later is remembered from now on, so that passes follow each other as in the app. */
  keepSchedule(target: string): void {
    const id = parseResourceId(target)
    if (id) this.world.work.arrange(id, undefined)
  }

  /** Names of connections for which Azure was told Approved. */
  approvals(): string[] {
    return this.written.filter(({ status }) => status === 'Approved').map(({ path }) => lastName(path))
  }

  /** Names of connections, or of targets, that people were told of. */
  escalated(): string[] {
    return [
      ...new Set(
        this.world.log
          .filter(({ state }) => state === 'open')
          .map((entry) => lastName(subjectId(entry.subject))),
      ),
    ]
  }

  /** What operators were notified of, in order: a burst case once. */
  notified(): string[] {
    const lines = /(waits? for manual review|cannot be read; manual review is needed)/
    return this.world.logged.filter((line) => lines.test(line))
  }

  /** The code of the first refusal of the last entry about a connection. */
  refusalOf(name: string): string | undefined {
    return this.world.log.findLast(({ subject }) => lastName(subjectId(subject)) === name)?.proof?.refusals[0]
      ?.code
  }

  /** Why the last entry about a connection was not automatic. */
  reasonOf(name: string): string | undefined {
    return this.world.log.findLast(({ subject }) => lastName(subjectId(subject)) === name)?.reason.code
  }

  #wire(): HttpClient {
    return {
      sendRequest: (request) => {
        const url = new URL(request.url)
        const path = decodeURIComponent(url.pathname)
        const { method } = request
        this.called.push(`${method} ${url.origin}${path}`)
        this.beforeCall(method, path)
        const body: unknown = typeof request.body === 'string' ? JSON.parse(request.body) : undefined
        const hasToken = request.headers.has('authorization')
        const respond = () =>
          this.instead.get(`${method} ${path}`) ?? this.#apply(method, url, path, body, hasToken)
        const reply = this.fault(method, path, respond) ?? respond()
        if (reply instanceof Error) return Promise.reject(reply)
        return Promise.resolve({
          request,
          status: reply.status,
          headers: createHttpHeaders(reply.headers),
          bodyAsText: reply.text ?? (reply.body === undefined ? '' : JSON.stringify(reply.body)),
        })
      },
    }
  }

  #apply(method: string, url: URL, path: string, body: unknown, hasToken: boolean): Reply {
    if (url.origin !== armOrigin)
      return this.dataPlanes.get(`${url.origin}${path}`) ?? failed(404, 'NotFound')
    const subscription = /^\/subscriptions\/([^/]+)$/.exec(path)?.[1]
    if (subscription !== undefined && !hasToken) return this.#challenge(subscription)
    if (method === 'PUT' && path.includes('/privateEndpointConnections/')) return this.#write(path, body)
    const target = /^(.*)\/privateEndpointConnections$/i.exec(path)?.[1]
    if (target !== undefined) return ok({ value: this.connections.get(target) ?? [] })
    if (path.includes('/privateEndpointConnections/')) return this.#readConnection(path)
    if (path.endsWith('/managedVirtualNetworks')) return this.#networks(path)
    const requester = /^(.*)\/managedVirtualNetworks\/default\/managedPrivateEndpoints$/.exec(path)?.[1]
    if (requester !== undefined) return ok({ value: this.managedEndpoints.get(requester) ?? [] })
    if (/\/factories\/[^/]+$/.test(path)) return this.#factory(path)
    const endpoint = this.endpoints.get(path)
    return endpoint === undefined ? failed(403, 'AuthorizationFailed') : ok(endpoint)
  }

  #challenge(subscription: string): Reply {
    const tenant = this.tenants.get(subscription)
    const address = `https://login.windows.net/${tenant ?? 'common'}`
    return {
      ...failed(401, 'AuthenticationFailed'),
      headers: { 'www-authenticate': `Bearer authorization_uri="${address}", error="invalid_token"` },
    }
  }

  #factory(id: string): Reply {
    return this.managedEndpoints.has(id)
      ? ok({ id, properties: { provisioningState: 'Succeeded' } })
      : failed(404, 'ResourceNotFound')
  }

  #networks(path: string): Reply {
    const requester = path.replace(/\/managedVirtualNetworks$/, '')
    return this.managedEndpoints.has(requester)
      ? ok({ value: [{ name: 'default' }] })
      : failed(404, 'ResourceNotFound')
  }

  #find(path: string): WireConnection | undefined {
    return [...this.connections.values()].flat().find(({ id }) => id === path)
  }

  #readConnection(path: string): Reply {
    const connection = this.#find(path)
    return connection ? ok(connection) : failed(404, 'NotFound')
  }

  #write(path: string, body: unknown): Reply {
    const sent = (body as { properties: { privateLinkServiceConnectionState: { status: string } } })
      .properties
    this.written.push({ path, status: sent.privateLinkServiceConnectionState.status })
    const connection = this.#find(path)
    if (!connection) return failed(404, 'NotFound')
    const { privateLinkServiceConnectionState } = sent
    connection.properties = { ...(connection.properties as object), privateLinkServiceConnectionState }
    return ok(connection)
  }
}

/** A Pending connection as Azure shows it; `more` goes over its properties. */
export function connectionOf(
  target: string,
  name: string,
  endpointId: unknown,
  more: Record<string, unknown> = {},
): WireConnection {
  return {
    id: `${target}/privateEndpointConnections/${name}`,
    properties: {
      provisioningState: 'Succeeded',
      privateEndpoint: { id: endpointId },
      privateLinkServiceConnectionState: {
        status: 'Pending',
        description: 'Requested by DataFactory:adf-sales, Name:mpe-blob',
      },
      ...more,
    },
  }
}

/** An item of a factory's list of managed endpoints; `more` goes over its properties. */
export function managedEndpoint(
  name: unknown,
  targetId: unknown,
  groupId: unknown,
  more: Record<string, unknown> = {},
): unknown {
  return {
    name,
    properties: {
      privateLinkResourceId: targetId,
      groupId,
      provisioningState: 'Succeeded',
      connectionState: { status: 'Pending' },
      ...more,
    },
  }
}

/** An ordinary endpoint as its own side shows it. */
export function ordinaryEndpoint(
  id: string,
  targetId: string,
  groupIds: readonly string[],
  status = 'Pending',
) {
  const link = {
    name: 'link',
    properties: {
      privateLinkServiceId: targetId,
      groupIds,
      privateLinkServiceConnectionState: { status, description: '' },
    },
  }
  return { id, name: lastName(id), properties: { manualPrivateLinkServiceConnections: [link] } }
}

export function ok(body: unknown): Reply {
  return { status: 200, body }
}

export function failed(status: number, code: string): Reply {
  return { status, body: { error: { code, message: code } } }
}

function lastName(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1)
}
