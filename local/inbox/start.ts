import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { Server } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { serverCertificate } from '../azure/certificate.ts'
import { Faults } from '../azure/control/faults.ts'
import { RequestLog } from '../azure/control/requests.ts'
import { listenOnLoopback } from '../azure/http/listen.ts'
import type { Route } from '../azure/http/router.ts'
import { serve } from '../azure/http/server.ts'
import { openTokens } from '../azure/identity/tokens.ts'
import { Timers } from '../azure/timers.ts'
import { type Addresses, apiRoutes } from './api.ts'
import { replier } from './replier.ts'
import { Quota } from './email/quota.ts'
import { emailRoutes } from './email/routes.ts'
import { Losses } from './losses.ts'
import type { Message } from './message.ts'
import { Messages } from './messages.ts'
import { pageRoutes } from './page/routes.ts'
import { openSecrets } from './secrets.ts'
import { type SmtpLogin, startSmtp } from './smtp/server.ts'
import { channelUrl, teamsRoutes } from './teams/routes.ts'
import { webhookRoutes } from './webhooks/routes.ts'

export interface InboxOptions {
  /** 0: free ports. `receivers` takes what comes by https, `smtp` mails, `page` shows it all. */
  readonly ports: { readonly page: number; readonly receivers: number; readonly smtp: number }
  /**
   * The state folder of the simulated Azure: the inbox has the same certificate, and accepts its tokens. Without one,
   * a folder for this run only.
   */
  readonly stateFolder?: string
  /** Whether messages survive a restart. */
  readonly persist: boolean
  /** With it, nobody sends by SMTP without signing in. */
  readonly smtpLogin?: SmtpLogin
  /** Takes one line of the log. */
  readonly log?: (line: string) => void
}

/** A running inbox. */
export interface Inbox {
  /** `http://localhost:PORT`: the page, the API, and the control calls. */
  readonly origin: string
  /** `smtp://127.0.0.1:PORT` */
  readonly smtp: string
  /** The endpoint of the email service: `https://localhost:PORT`. */
  readonly emailService: string
  /** The certificate (PEM) that senders have to trust. */
  readonly caFile: string
  /** The secret of signed webhooks: `whsec_…`. */
  readonly webhookSecret: string
  /** The URL, with its secret, of a channel in Teams. */
  teamsUrl(channel: string): string
  /** The URL of a receiver of signed webhooks. */
  webhookUrl(receiver: string): string
  /** Everything that came, the oldest first. */
  messages(): readonly Message[]
  /**
   * The first message that fits, now or later.
   * @throws Error when none came in time.
   */
  waitFor(isExpected: (message: Message) => boolean, timeoutMs?: number): Promise<Message>
  /** Ends every connection and stops listening. */
  stop(): Promise<void>
}

const usualTimeoutMs = 10_000

/** Starts every receiver and the page on loopback. Rejects with the error of `listen` (EADDRINUSE) when a port is taken. */
export async function startInbox(options: InboxOptions): Promise<Inbox> {
  const { ports, persist, smtpLogin, log = () => undefined } = options
  const folder = options.stateFolder ?? (await mkdtemp(path.join(tmpdir(), 'inbox-')))
  await mkdir(folder, { recursive: true })
  const certificate = await serverCertificate(folder)
  const tokens = await openTokens(folder)
  const secrets = await openSecrets(folder)
  const messages = new Messages(persist ? path.join(folder, 'inbox.jsonl') : undefined)
  const losses = new Losses(messages)
  const faults = new Faults()
  const requests = new RequestLog()
  const quota = new Quota()
  const timers = new Timers(log)
  const stops: (() => Promise<void>)[] = []
  const stop = async () => {
    timers.stop()
    for (const stopOne of stops.splice(0).reverse()) await stopOne()
    if (options.stateFolder === undefined) await rm(folder, { recursive: true, force: true })
  }
  const listen = async (
    pair: typeof certificate | undefined,
    port: number,
    routes: Route[],
    played: Faults,
  ) => {
    const listening = await listenOnLoopback(() => serverWith(pair), port)
    stops.push(listening.close)
    const parts = {
      reply: replier(routes),
      faults: played,
      requests: pair ? bodiless(requests) : unlogged,
      timers,
      log,
    }
    for (const server of listening.servers) {
      server.on('request', (request: IncomingMessage, response: ServerResponse) => {
        serve(parts, request, response).catch(() => response.destroy())
      })
    }
    return listening.port
  }
  try {
    const receivers = await listen(
      certificate,
      ports.receivers,
      [
        ...emailRoutes({ tokens, quota, losses }),
        ...teamsRoutes(secrets, losses),
        ...webhookRoutes(secrets.webhook, losses),
      ],
      faults,
    )
    const smtp = await startSmtp({
      ...{ port: ports.smtp, certificate, login: smtpLogin, faults, timers },
      deliver: (message) => losses.deliver(message),
    })
    stops.push(() => smtp.stop())
    const emailService = `https://localhost:${receivers}`
    const teamsUrl = (channel: string) => channelUrl(emailService, secrets, channel)
    const webhookUrl = (receiver: string) => `${emailService}/webhooks/${encodeURIComponent(receiver)}`
    const smtpOrigin = `smtp://127.0.0.1:${smtp.port}`
    const addresses = (channel: string): Addresses => ({
      ...{ smtp: smtpOrigin, emailService, teams: teamsUrl(channel) },
      ...{ webhook: webhookUrl(channel), webhookSecret: secrets.webhook },
    })
    const reset: Route = {
      method: 'POST',
      template: '/_simulator/reset',
      handle: () => {
        for (const part of [messages, faults, losses, quota, requests]) part.clear()
        return { status: 204 }
      },
    }
    const control = [...faults.routes(), ...losses.routes(), ...quota.routes(), ...requests.routes(), reset]
    const routes = [...pageRoutes(messages), ...apiRoutes(messages, addresses), ...control]
    const page = await listen(undefined, ports.page, routes, new Faults())
    return {
      ...{ origin: `http://localhost:${page}`, smtp: smtpOrigin, emailService },
      ...{ caFile: certificate.caFile, webhookSecret: secrets.webhook, teamsUrl, webhookUrl },
      messages: () => messages.all(),
      waitFor: (isExpected, timeoutMs = usualTimeoutMs) => messages.waitFor(isExpected, timeoutMs),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

const unlogged: Pick<RequestLog, 'add'> = { add: () => undefined }

/** What was sent is in the inbox; the log of calls holds it no second time. */
function bodiless(requests: RequestLog): Pick<RequestLog, 'add'> {
  return { add: (entry) => requests.add({ ...entry, query: '', body: null }) }
}

/** With a certificate it speaks https, otherwise http. */
function serverWith(certificate: { readonly key: string; readonly cert: string } | undefined): Server {
  if (certificate === undefined) return createHttpServer()
  const { key, cert } = certificate
  return createServer({ key, cert })
}
