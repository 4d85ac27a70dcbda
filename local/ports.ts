import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Why a loopback port cannot be used, as the end of a sentence that begins with the port; undefined when it can.
 * @throws the error of listening when the port is neither taken nor forbidden.
 */
export async function whyNoPort(port: number): Promise<'is taken' | 'may not be used' | undefined> {
  const probe = createServer()
  try {
    await once(probe.listen(port, '127.0.0.1'), 'listening')
    return undefined
  } catch (error) {
    const { code } = error as { code?: string }
    if (code === 'EADDRINUSE') return 'is taken'
    if (code === 'EACCES') return 'may not be used'
    throw error
  } finally {
    probe.close()
  }
}

/** A loopback port that is free now. */
export async function freePort(): Promise<number> {
  const probe = createServer()
  await once(probe.listen(0, '127.0.0.1'), 'listening')
  const address = probe.address()
  await new Promise((resolve) => probe.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
