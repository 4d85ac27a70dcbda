import { fork } from 'node:child_process'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** A storage emulator: three services on loopback. */
export interface Azurite {
  readonly connectionString: string
  stop(): Promise<void>
}

/** Where it keeps its data and on which ports it listens. */
export interface AzuriteOptions {
  /** Undefined: in memory. */
  readonly folder?: string
  /** Port of the blob service; queues and tables take the next two. Undefined: free ports. */
  readonly port?: number
}

const program = fileURLToPath(new URL('../node_modules/azurite/dist/src/azurite.js', import.meta.url))
const services = ['Blob', 'Queue', 'Table'] as const
const secondsToStart = 30
const secondsToStop = 5

// Published by Microsoft for the emulator's one account; it opens nothing else.
const account = 'devstoreaccount1'
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

// A parent that dies takes its emulator along: the channel closes, the child ends.
const endWithParent =
  'data:text/javascript,process.once("disconnect",()=>process.kill(process.pid,"SIGTERM"))'

/**
 * Starts Azurite as a child process and waits until all three services listen.
 * @param options in memory and on free ports unless told otherwise.
 * @throws Error with what Azurite printed when it ends early or is not ready within 30 seconds.
 */
export async function startAzurite({ folder, port }: AzuriteOptions = {}): Promise<Azurite> {
  const child = fork(
    program,
    [
      ...(folder === undefined ? ['--inMemoryPersistence'] : ['--location', folder]),
      '--silent',
      '--disableTelemetry',
      '--skipApiVersionCheck',
      ...services.flatMap((service, index) => [
        `--${service.toLowerCase()}Port`,
        String(port === undefined ? 0 : port + index),
      ]),
    ],
    { execArgv: ['--import', endWithParent], stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
  )
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const printed: string[] = []

  const origins = await new Promise<string[]>((resolve, reject) => {
    const giveUp = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`Azurite was not ready after ${secondsToStart} s: ${printed.join('')}`))
    }, secondsToStart * 1000)
    void ended.then(() => {
      clearTimeout(giveUp)
      reject(new Error(`Azurite ended before it was ready: ${printed.join('')}`))
    })
    function read(chunk: Buffer): void {
      printed.push(chunk.toString())
      const found = services.map((service) => originOf(service, printed.join('')))
      if (!found.every((origin) => origin !== undefined)) return
      clearTimeout(giveUp)
      resolve(found)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
  })

  return {
    connectionString: [
      'DefaultEndpointsProtocol=http',
      `AccountName=${account}`,
      `AccountKey=${accountKey}`,
      ...services.map((service, index) => `${service}Endpoint=${origins[index] ?? ''}/${account}`),
    ].join(';'),
    async stop() {
      if (folder !== undefined) {
        child.kill('SIGTERM')
        await Promise.race([
          saved(child.stdout),
          ended,
          wait(secondsToStop * 1000, undefined, { ref: false }),
        ])
      }
      // All three say that they are closed and saved; the process itself may linger.
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Until every service has said that it is closed, which it does after it has saved its data. */
async function saved(stdout: Readable | null): Promise<void> {
  let printed = ''
  for await (const chunk of stdout ?? []) {
    printed += String(chunk)
    if (services.every((service) => printed.includes(`Azurite ${service} service successfully closed`)))
      return
  }
}

function originOf(service: string, output: string): string | undefined {
  return new RegExp(`Azurite ${service} service is successfully listening at (\\S+)`).exec(output)?.[1]
}
