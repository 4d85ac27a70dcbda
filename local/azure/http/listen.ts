import type { AddressInfo, Server } from 'node:net'
import type { Duplex } from 'node:stream'

/** One or two servers on the same port of loopback. */
export interface Listening<S extends Server> {
  readonly servers: readonly S[]
  readonly port: number
  /** Ends every connection, also those still in their handshake, and stops listening. */
  readonly close: () => Promise<void>
}

/**
 * Listens on 127.0.0.1 and, if the machine has it, on ::1, so that `localhost` works however it resolves. Port 0 takes
 * a free one. Rejects with EADDRINUSE when the port is taken.
 */
export async function listenOnLoopback<S extends Server>(
  create: () => S,
  expected: number,
): Promise<Listening<S>> {
  const first = create()
  const second = create()
  const sockets = new Set<Duplex>()
  for (const server of [first, second]) {
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
    })
  }
  const port = await listen(first, '127.0.0.1', expected)
  const servers = [first]
  try {
    await listen(second, '::1', port)
    servers.push(second)
  } catch (error) {
    if (isTaken(error)) {
      first.close()
      throw error
    }
  }
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

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}
