import { fork } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** A storage emulator: three services on loopback. */
export interface Azurite {
  readonly connectionString: string
  stop(): Promise<void>
}

/** Where its data is stored and on which ports it listens. */
export interface AzuriteOptions {
  /** Undefined: in memory. */
  readonly folder?: string
  /** Port of the blob service; queues and tables take the next two. Undefined: free ports. */
  readonly port?: number
  /** Called when it ended without being stopped. */
  readonly onDied?: () => void
}

const program = fileURLToPath(new URL('../node_modules/azurite/dist/src/azurite.js', import.meta.url))
const services = ['Blob', 'Queue', 'Table'] as const
const secondsToStart = 30
const secondsToStop = 5

// Published by Microsoft as the emulator's only account; it gives access to nothing else.
const account = 'devstoreaccount1'
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=='

// When the parent dies, the emulator ends, too: the channel closes, and the child saves and exits. Its output then
// reaches nobody; a failing write must not end it before it has saved.
const endWithParent = `data:text/javascript,${encodeURIComponent(`
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
`)}`

/**
 * Starts Azurite as a child process and waits until all three services listen.
 * @param options in memory and on free ports by default.
 * @throws Error with Azurite's output when it ends early or is not ready within 30 seconds.
 */
export async function startAzurite({ folder, port, onDied }: AzuriteOptions = {}): Promise<Azurite> {
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
    {
      execArgv: ['--import', endWithParent],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C reaches every process of the terminal's group; the parent decides when this one ends.
      detached: true,
    },
  )
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      printed += chunk.toString()
    })
  }
  /** Resolves when the output, now or later, meets the condition. */
  const untilPrinted = (isSo: (text: string) => boolean) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (isSo(printed)) resolve()
      }
      child.stdout?.on('data', check)
      check()
    })

  const origins = await new Promise<string[]>((resolve, reject) => {
    const giveUp = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error(`Azurite was not ready after ${secondsToStart} s: ${printed}`))
    }, secondsToStart * 1000)
    void ended.then(() => {
      clearTimeout(giveUp)
      reject(new Error(`Azurite ended before it was ready: ${printed}`))
    })
    void untilPrinted((text) => services.every((service) => originOf(service, text) !== undefined)).then(
      () => {
        clearTimeout(giveUp)
        resolve(services.map((service) => originOf(service, printed) ?? ''))
      },
    )
  })
  let mayEnd = false
  void ended.then(() => {
    if (!mayEnd) onDied?.()
  })

  return {
    connectionString: [
      'DefaultEndpointsProtocol=http',
      `AccountName=${account}`,
      `AccountKey=${accountKey}`,
      ...services.map((service, index) => `${service}Endpoint=${origins[index] ?? ''}/${account}`),
    ].join(';'),
    async stop() {
      mayEnd = true
      if (folder !== undefined) {
        child.kill('SIGTERM')
        await Promise.race([
          untilPrinted(isSaved),
          ended,
          wait(secondsToStop * 1000, undefined, { ref: false }),
        ])
      }
      // All three have reported that they are closed and saved; the process itself may linger.
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Every service reports that it is closed after it has saved its data. */
function isSaved(printed: string): boolean {
  return services.every((service) => printed.includes(`Azurite ${service} service successfully closed`))
}

function originOf(service: string, output: string): string | undefined {
  return new RegExp(`Azurite ${service} service is successfully listening at (\\S+)`).exec(output)?.[1]
}
