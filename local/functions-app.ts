import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** Keys of the local functions host, as it prints them. */
export interface HostKeys {
  readonly masterKey: string
  readonly functionKey: string
  readonly eventGridKey: string
}

/** The built app in the local functions host, in a process of its own. */
export interface FunctionsApp {
  readonly origin: string
  readonly keys: HostKeys
  readonly pid: number
  /** Ends it as a power loss does. */
  kill(): Promise<void>
  /** Ends it cleanly. */
  stop(): Promise<void>
}

export interface FunctionsAppOptions {
  readonly appFolder: string
  /** 0: a free one. */
  readonly port: number
  readonly keysFile: string
  readonly environment: Readonly<Record<string, string>>
  readonly onLine: (line: string) => void
  /** Called when it ended without being stopped or killed from here. */
  readonly onDied?: () => void
}

interface Ready {
  readonly type: 'ready'
  readonly port: number
  readonly keys: HostKeys
}

const program = join(import.meta.dirname, 'functions-host/main.ts')
const maxPrintedLength = 4000

/**
 * Starts the host on a built app and waits until it serves.
 * @throws Error with the host's output when it ends before that.
 */
export async function startFunctionsApp(options: FunctionsAppOptions): Promise<FunctionsApp> {
  const { appFolder, port, keysFile, environment, onLine } = options
  const child = fork(program, [appFolder, '--port', String(port), '--keys', keysFile], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C reaches every process of the terminal's group; the parent decides when this one ends.
    detached: true,
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface({ input: stream }).on('line', (line) => {
      printed = `${printed}${line}\n`.slice(-maxPrintedLength)
      if (line.trim() !== '') onLine(line)
    })
  }
  // Not "exit": by then the last lines may not have been read.
  const ended = once(child, 'close')
  const ready = await Promise.race([whenReady(child), ended.then(() => undefined)])
  if (!ready) throw new Error(`The functions host did not start: ${printed.trim()}`)
  let mayEnd = false
  void ended.then(() => {
    if (!mayEnd) options.onDied?.()
  })
  const endBy = async (signal: NodeJS.Signals): Promise<void> => {
    mayEnd = true
    child.kill(signal)
    await ended
  }
  return {
    origin: `http://127.0.0.1:${ready.port}`,
    keys: ready.keys,
    pid: child.pid ?? 0,
    kill: () => endBy('SIGKILL'),
    stop: () => endBy('SIGTERM'),
  }
}

function whenReady(child: ChildProcess): Promise<Ready> {
  return new Promise((resolve) => {
    child.on('message', (message) => {
      if ((message as { type?: unknown }).type === 'ready') resolve(message as Ready)
    })
  })
}
