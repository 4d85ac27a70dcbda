import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'

/** One or two https servers on the same port of loopback. */
export interface Listening {
  readonly servers: readonly Server[]
  readonly port: number
  /** Ends every connection, those still in their handshake too, and stops listening. */
  close(): Promise<void>
}

/**
 * Listens on 127.0.0.1 and, where the machine has it, on ::1, so that `localhost` works whichever way it resolves.
 * Port 0 takes a free one. Rejects with EADDRINUSE when the port is taken.
 */
export async function listenOnLoopback(
  certificate: { readonly key: string; readonly cert: string },
  wanted: number,
): Promise<Listening> {
  const { key, cert } = certificate
  const first = createServer({ key, cert })
  const second = createServer({ key, cert })
  const sockets = new Set<Socket>()
  for (const server of [first, second]) {
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
  }
  const port = await listen(first, '127.0.0.1', wanted)
  const servers = await listen(second, '::1', port).then(
    () => [first, second],
    () => [first],
  )
  return {
    servers,
    port,
    close: async () => {
      const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())))
      for (const socket of sockets) socket.destroy()
      await Promise.all(closed)
    },
  }
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
