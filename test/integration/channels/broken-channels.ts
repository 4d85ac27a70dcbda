import type { AddressInfo, Socket } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { generate } from 'selfsigned'
import { SMTPServer } from 'smtp-server'
import { Webhook } from 'standardwebhooks'
import { onTestFinished } from 'vitest'
import { AcsSender } from '../../../shared/channels/email/acs-sender.ts'
import { EmailChannel } from '../../../shared/channels/email/email-channel.ts'
import { SmtpSender } from '../../../shared/channels/email/smtp-sender.ts'
import { TeamsChannel } from '../../../shared/channels/teams/teams-channel.ts'
import { WebhookChannel } from '../../../shared/channels/webhook/webhook-channel.ts'
import type { MessageChannel } from '../../../shared/ports/message-channel.ts'
import { receiver, type Respond } from './receiver.ts'

const timeoutMs = 400
const from = 'approver@contoso.com'
const name = 'broken'

/** A channel on the network, and the messages that its service took. */
export interface BrokenChannel {
  readonly channel: MessageChannel
  readonly taken: () => number
  /** Ends the fault, where it can end. */
  readonly heal?: () => void
}

/** Channels by https, to a host and port of this machine. */
export const httpsChannels = {
  Teams: (host, port) => new TeamsChannel(name, urlOf(host, port), timeoutMs),
  'a webhook': (host, port) =>
    new WebhookChannel(name, {
      ...{ url: urlOf(host, port), lookup: undefined, timeoutMs, now: () => new Date() },
      signers: [new Webhook(`whsec_${Buffer.alloc(32, 7).toString('base64')}`)],
    }),
  'Azure Communication Services': (host, port) => {
    const credential = { getToken: () => Promise.resolve({ token: 't', expiresOnTimestamp: Infinity }) }
    const endpoint = `https://${host}:${port}`
    return new EmailChannel(name, new AcsSender({ endpoint, from, domain: 'own', credential, timeoutMs }))
  },
} as const satisfies Record<string, (host: string, port: number) => MessageChannel>

export type HttpsChannel = keyof typeof httpsChannels

/** How a service by https fails once it got the whole call. */
export const httpsFaults = {
  'status 429': (response) => response.writeHead(429, { 'retry-after': '20' }).end(),
  'status 500': (response) => response.writeHead(500).end(),
  'a hang': () => undefined,
  'a reset': (response) => response.socket?.destroy(),
} as const satisfies Record<string, Respond>

/** How an SMTP server fails at the envelope. */
export const smtpFaults = {
  'status 451': (fail) => fail(Object.assign(new Error('busy'), { responseCode: 451 })),
  'status 554': (fail) => fail(Object.assign(new Error('no'), { responseCode: 554 })),
  'a hang': () => undefined,
  'a reset': (_fail, reset) => reset(),
} as const satisfies Record<string, (fail: (error: Error) => void, reset: () => void) => void>

/** As each service takes a message. */
export const takes: Respond = (response) =>
  response
    .writeHead(202, {
      'content-type': 'application/json',
      'operation-location': `https://${response.req.headers.host ?? ''}/emails/operations/x`,
    })
    .end('{"id":"x","status":"Succeeded"}')

/** A channel whose service responds like this. */
export async function channelTo(kind: HttpsChannel, respond: Respond): Promise<BrokenChannel> {
  const { port, received } = await receiver(respond, await trusted())
  return {
    channel: httpsChannels[kind]('localhost', port),
    // The email service is also asked for the state of a mail, by a call without a body.
    taken: () => received.filter(({ body }) => body !== '').length,
  }
}

/** A channel whose service fails until it is healed. */
export async function brokenBy(kind: HttpsChannel, fault: keyof typeof httpsFaults): Promise<BrokenChannel> {
  let isBroken = true
  let failed = 0
  const { channel, taken } = await channelTo(kind, (response, received) => {
    if (isBroken) failed += 1
    const respond: Respond = isBroken ? httpsFaults[fault] : takes
    respond(response, received)
  })
  return { channel, taken: () => taken() - failed, heal: () => (isBroken = false) }
}

/** A mail server that fails until it is healed. */
export async function brokenSmtp(fault: keyof typeof smtpFaults): Promise<BrokenChannel> {
  let isBroken = true
  let taken = 0
  const sockets: Socket[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onMailFrom: (_address, _session, callback) => {
      if (!isBroken) callback()
      else smtpFaults[fault](callback, () => sockets.forEach((socket) => socket.destroy()))
    },
    onData: (stream, _session, callback) => {
      stream.resume().once('end', () => {
        taken += 1
        callback()
      })
    },
  })
  server.server.on('connection', (socket: Socket) => sockets.push(socket))
  return {
    channel: smtpTo('127.0.0.1', await listening(server)),
    taken: () => taken,
    heal: () => (isBroken = false),
  }
}

async function listening(server: SMTPServer): Promise<number> {
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  return (server.server.address() as AddressInfo).port
}

/** A channel to a mail server. */
export function smtpTo(host: string, port: number): MessageChannel {
  return new EmailChannel(name, new SmtpSender({ host, port, login: undefined, from, timeoutMs }))
}

/** A pair for `localhost` that nobody trusts. */
export async function untrusted() {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }])
  return { key, cert }
}

/** A pair for `localhost` that this process trusts from now on. */
async function trusted() {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  })
  setDefaultCACertificates([...getCACertificates('bundled'), cert])
  return { key, cert }
}

function urlOf(host: string, port: number): URL {
  return new URL(`https://${host}:${port}/in?sig=secret-part`)
}
