import { mkdir } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import path from 'node:path'
import { createReplier } from './reply.ts'
import { withActivityLog } from './activity-log/record.ts'
import { serverCertificate } from './certificate.ts'
import { eventControlRoutes } from './control/events.ts'
import { Faults } from './control/faults.ts'
import { functionControlRoutes } from './control/functions.ts'
import { managementGroupControlRoutes } from './control/management-groups.ts'
import { permissionControlRoutes } from './control/permissions.ts'
import { requesterControlRoutes } from './control/requesters.ts'
import { RequestLog } from './control/requests.ts'
import { Swaps } from './control/swaps.ts'
import { EventGrid } from './event-grid/delivery.ts'
import { listenOnLoopback } from './http/listen.ts'
import { serve } from './http/server.ts'
import { Permissions } from './identity/permissions.ts'
import { type People, type PeopleOptions, startPeople } from './identity/people/server.ts'
import { openTokens } from './identity/tokens.ts'
import { resumeWork } from './private-link/resume.ts'
import { Store } from './store.ts'
import { defaultTiming, Timers } from './timers.ts'
import type { Timing } from './timers.ts'
import type { World } from './world.ts'

export interface SimulatedAzureOptions {
  /** Port of the https server on loopback; 0 (the default) takes a free one. */
  readonly port?: number
  /** Folder of `ca.pem`, `azure.json` and the keys; created if missing. */
  readonly stateFolder: string
  /** Whether state is read from and saved to `azure.json`; default true. */
  readonly persist?: boolean
  /** Refuse calls beyond Azure's limits with 429; default false (the headers count in any case). */
  readonly enforceLimits?: boolean
  /** Where people sign in, over http on loopback; left out: nowhere. */
  readonly signIn?: Pick<PeopleOptions, 'port' | 'redirectUris'>
  /** Overrides of delays. */
  readonly timing?: Partial<Timing>
  /** Takes one line of the log. */
  readonly log?: (line: string) => void
}

/** A running simulated Azure. */
export interface SimulatedAzure {
  /** `https://localhost:PORT` */
  readonly origin: string
  /** The authority at which people sign in, `http://localhost:PORT`. */
  readonly signInOrigin: string | undefined
  /** The certificate (PEM) that clients have to trust. */
  readonly caFile: string
  /** Saves the state, ends every connection and timer. */
  stop(): Promise<void>
}

/**
 * Starts the simulated Azure: token issuer, Azure Resource Manager, data planes, Event Grid, and its control calls, all
 * on one https origin. Rejects with the error of `listen` (EADDRINUSE) when the port is taken.
 */
export async function startSimulatedAzure(options: SimulatedAzureOptions): Promise<SimulatedAzure> {
  const log = options.log ?? (() => undefined)
  await mkdir(options.stateFolder, { recursive: true })
  const certificate = await serverCertificate(options.stateFolder)
  const tokens = await openTokens(options.stateFolder)
  const store = new Store(
    options.persist === false ? undefined : path.join(options.stateFolder, 'azure.json'),
  )
  await store.load()
  const { key, cert } = certificate
  const { servers, port, close } = await listenOnLoopback(
    () => createServer({ key, cert }),
    options.port ?? 0,
  )
  const origin = `https://localhost:${port}`
  let people: People | undefined
  try {
    people = options.signIn && (await startPeople({ ...options.signIn, tokens, trustedIssuer: origin }))
  } catch (error) {
    await close()
    throw error
  }
  const timers = new Timers(log)
  const base = {
    store,
    timers,
    timing: { ...defaultTiming, ...options.timing },
    busyTargets: new Set<string>(),
    functions: new Map<string, string>(),
    origin,
    signInOrigin: people?.origin,
    log,
  }
  const grid = new EventGrid(base)
  const world: World = { ...base, events: withActivityLog(store, grid) }
  const faults = new Faults()
  const requests = new RequestLog()
  const permissions = new Permissions()
  const swaps = new Swaps(store)
  const reset = (): void => {
    timers.cancelAll()
    world.busyTargets.clear()
    world.functions.clear()
    faults.clear()
    swaps.clear()
    permissions.clear()
    requests.clear()
    store.clear()
  }
  const control = [
    ...faults.routes(),
    ...requests.routes(),
    ...swaps.routes(),
    ...requesterControlRoutes(world),
    ...managementGroupControlRoutes(world),
    ...permissionControlRoutes(permissions),
    ...eventControlRoutes(world, grid),
    ...functionControlRoutes(world),
    { method: 'POST', template: '/_simulator/reset', handle: () => (reset(), { status: 204 }) },
  ]
  const reply = swaps.watch(
    createReplier(world, tokens, control, permissions, options.enforceLimits ?? false),
  )
  for (const server of servers) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      serve({ reply, faults, requests, timers, log }, request, response).catch((error: unknown) => {
        log(`A request broke off: ${String(error)}`)
        response.destroy()
      })
    })
  }
  resumeWork(world)
  grid.resume()
  return {
    origin,
    signInOrigin: people?.origin,
    caFile: certificate.caFile,
    stop: async () => {
      timers.stop()
      await people?.stop()
      await close()
      await store.close()
    },
  }
}
