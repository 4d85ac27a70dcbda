import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer } from 'smtp-server'
import type { SMTPServerError, SMTPServerOptions, SMTPServerSession } from 'smtp-server'
import type { Fault, Faults } from '../../azure/control/faults.ts'
import type { Timers } from '../../azure/timers.ts'
import type { NewMessage } from '../message.ts'
import { readMail } from './mail.ts'

/** A name and a password; with them, nobody sends without signing in. */
export interface SmtpLogin {
  readonly user: string
  readonly password: string
}

export interface SmtpOptions {
  readonly port: number
  readonly certificate: { readonly key: string; readonly cert: string }
  readonly login: SmtpLogin | undefined
  readonly faults: Faults
  readonly timers: Timers
  readonly deliver: (message: NewMessage) => unknown
}

export interface RunningSmtp {
  readonly port: number
  stop(): Promise<void>
}

/** As many bytes as a usual mail server takes. */
const maxBytes = 10 * 1024 * 1024

/**
 * An SMTP server on 127.0.0.1 with STARTTLS. Faults are played at three steps, as calls of a method of their own:
 * `CONNECT /smtp`, `RCPT /smtp/{address}` and `DATA /smtp/{addresses}`; their `status` is the reply's code.
 */
export async function startSmtp(options: SmtpOptions): Promise<RunningSmtp> {
  const sockets = new Map<number, Socket>()
  const server = new SMTPServer({ ...settings(options), ...handlers(options, sockets) })
  server.server.on('connection', (socket: Socket) => {
    const { remotePort = 0 } = socket
    sockets.set(remotePort, socket)
    socket.once('close', () => sockets.delete(remotePort))
  })
  // Connections that break off are the sender's matter.
  await listen(server, options.port)
  server.on('error', () => undefined)
  return {
    port: (server.server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets.values()) socket.destroy()
      }),
  }
}

function settings({ certificate, login }: SmtpOptions): SMTPServerOptions {
  const { key, cert } = certificate
  return {
    key,
    cert,
    size: maxBytes,
    authOptional: login === undefined,
    disableReverseLookup: true,
    logger: false,
  }
}

function handlers(options: SmtpOptions, sockets: ReadonlyMap<number, Socket>): SMTPServerOptions {
  const { login, faults, deliver } = options
  const play = (fault: Fault | undefined, session: SMTPServerSession) =>
    playFault(options, fault, () => sockets.get(session.remotePort)?.destroy())
  return {
    onConnect(session, callback) {
      void play(faults.take('CONNECT', '/smtp'), session).then(callback)
    },
    onAuth({ username = '', password }, _session, callback) {
      const isKnown = login === undefined || (username === login.user && password === login.password)
      if (isKnown) callback(null, { user: username })
      else callback(refusal(535, '5.7.8 Authentication credentials invalid'))
    },
    onRcptTo({ address }, session, callback) {
      void play(faults.take('RCPT', `/smtp/${address}`), session).then(callback)
    },
    onData(stream, session, callback) {
      const take = async () => {
        const chunks: Buffer[] = []
        for await (const chunk of stream) chunks.push(chunk as Buffer)
        if (stream.sizeExceeded) throw refusal(552, '5.3.4 Message too big')
        const to = session.envelope.rcptTo.map(({ address }) => address)
        const fault = faults.take('DATA', `/smtp/${to.join(',')}`)
        const refused = fault?.when === 'before' ? await play(fault, session) : null
        if (refused !== null) throw refused
        const { mailFrom } = session.envelope
        const user: unknown = session.user
        deliver(
          await readMail(Buffer.concat(chunks), {
            from: mailFrom === false ? '' : mailFrom.address,
            to,
            isEncrypted: session.secure,
            sender: typeof user === 'string' ? user : undefined,
          }),
        )
        const afterwards = fault?.when === 'after' ? await play(fault, session) : null
        if (afterwards !== null) throw afterwards
      }
      take().then(
        () => callback(null),
        (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
      )
    },
  }
}

/** Holds, breaks off or refuses as the fault says. Null: the dialogue goes on. */
async function playFault(
  { timers }: SmtpOptions,
  fault: Fault | undefined,
  breakOff: () => void,
): Promise<SMTPServerError | null> {
  if (fault === undefined) return null
  if (fault.holdMs === 'forever') await new Promise<never>(() => undefined)
  else if (fault.holdMs !== undefined) await timers.sleep(fault.holdMs)
  if (fault.reset) {
    breakOff()
    return refusal(421, 'The connection was reset')
  }
  if (fault.status === undefined) return null
  return refusal(
    fault.status,
    fault.message ?? `A fault of the simulation: ${fault.code ?? 'SimulatedFault'}.`,
  )
}

function refusal(responseCode: number, message: string): SMTPServerError {
  return Object.assign(new Error(message), { responseCode })
}

function listen(server: SMTPServer, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject)
      resolve()
    })
  })
}
