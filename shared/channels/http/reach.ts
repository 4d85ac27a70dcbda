import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { inTime, type Waiting } from './in-time.ts'

/** A host that is to be reached. */
export interface Reach extends Waiting {
  /** How the host is looked up; undefined: as usual. */
  readonly lookup: LookupFunction | undefined
}

const ports: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 }

/**
 * Looks the host up and opens a connection, over https with its certificate checked. Nothing is sent on it.
 * @returns a sentence that names the host.
 * @throws ChannelFailure whose message names the host only.
 */
export function reached(reach: Reach): Promise<string> {
  return inTime(reach, async (signal) => {
    await connection(reach, signal)
    const isEncrypted = reach.url.protocol === 'https:'
    return `${reach.url.host} was reached${isEncrypted ? ', and its certificate is valid' : ''}.`
  })
}

function connection({ url, lookup }: Reach, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>()
  const socket = opened(url, lookup, () => resolve(undefined)).on('error', reject)
  const stop = () => {
    reject(new Error('stopped'))
    socket.destroy()
  }
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  return promise.finally(() => {
    signal.removeEventListener('abort', stop)
    socket.destroy()
  })
}

function opened(url: URL, lookup: LookupFunction | undefined, onConnected: () => void): Socket {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const port = url.port === '' ? (ports[url.protocol] ?? 0) : Number(url.port)
  const options = { host, port, ...(lookup && { lookup }) }
  if (url.protocol !== 'https:') return connectPlain(options, onConnected)
  return connectTls({ ...options, ...(isIP(host) === 0 && { servername: host }) }, onConnected)
}
