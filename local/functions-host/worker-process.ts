import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { AppFolder } from './app-folder.ts'
import { StartFailure } from './failure.ts'
import type { Log } from './logger.ts'
import type {
  Invocation,
  InvocationResult,
  MessageFromWorker,
  MessageToWorker,
  RegisteredFunction,
} from './rpc.ts'

export interface LoadedApp {
  functions: RegisteredFunction[]
  /** What the programming model announces; `HttpUri` is the address for streamed HTTP calls. */
  capabilities: Record<string, string>
}

export interface WorkerOptions {
  app: AppFolder
  hostVersion: string
  env: NodeJS.ProcessEnv
  log: Log
  /** Called when the worker could not be restarted. */
  onGivenUp: (reason: string) => void
}

const workerFile = fileURLToPath(new URL('./worker/worker.ts', import.meta.url))
const failedRestartsAllowed = 3
// The real host's setting for the command line of the worker's Node, such as --inspect (Microsoft documentation).
const argumentsSetting = 'languageWorkers__node__arguments'

/**
 * The child process with the app in it. A worker that ends by itself or is killed is restarted at once; its running
 * invocations have failed (seen with host 4.1037).
 */
export class WorkerProcess {
  #options: WorkerOptions
  #child: ChildProcess | undefined
  #ready: Promise<LoadedApp>
  #pending = new Map<string, (result: InvocationResult) => void>()
  #failedRestarts = 0
  #everLoaded = false
  #stopping = false

  constructor(options: WorkerOptions) {
    this.#options = options
    this.#ready = this.#start()
    // Callers await `loaded`; without a caller a failure must not end the process.
    this.#ready.catch(() => undefined)
  }

  /** The app in the current worker; rejects with StartFailure when it does not load. */
  get loaded(): Promise<LoadedApp> {
    return this.#ready
  }

  /** The process id, for callers that wait for its end. */
  get pid(): number | undefined {
    return this.#child?.pid
  }

  /** Runs a function once, as soon as there is a worker. Never rejects. */
  async invoke(invocation: Invocation, timeoutMs: number | undefined): Promise<InvocationResult> {
    try {
      await this.#ready
    } catch {
      return failed('The worker process could not be started.')
    }
    return new Promise((resolve) => {
      const timer =
        timeoutMs === undefined ? undefined : setTimeout(() => this.#timedOut(invocation), timeoutMs)
      this.#pending.set(invocation.id, (result) => {
        clearTimeout(timer)
        this.#pending.delete(invocation.id)
        resolve(result)
      })
      this.#send({ kind: 'invoke', invocation })
    })
  }

  /** Runs the app's terminate hooks and ends the worker, by force after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    this.#send({ kind: 'terminate' })
    const force = setTimeout(() => child.kill('SIGKILL'), graceMs)
    await ended
    clearTimeout(force)
  }

  #start(): Promise<LoadedApp> {
    const { app, env, hostVersion } = this.#options
    const child = fork(workerFile, [], {
      cwd: app.path,
      env,
      execArgv: (env[argumentsSetting] ?? '').split(' ').filter((argument) => argument !== ''),
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    this.#child = child
    this.#showOutput(child)
    return new Promise((resolve, reject) => {
      let loaded = false
      child.on('message', (message: MessageFromWorker) => {
        if (message.kind === 'loaded') {
          loaded = true
          this.#everLoaded = true
          this.#failedRestarts = 0
          resolve({ functions: message.functions, capabilities: message.capabilities })
        } else if (message.kind === 'loadFailed') {
          reject(new StartFailure(`The app in ${app.path} cannot be loaded: ${message.message}`))
          child.kill('SIGKILL')
        } else this.#receive(message)
      })
      child.once('exit', (code, signal) => {
        const how = signal ? `was ended by ${signal}` : `ended with exit code ${String(code)}`
        reject(new StartFailure(`The worker process of ${app.path} ${how} before the app was loaded.`))
        this.#ended(how, loaded)
      })
      // Sending to a child that is just ending is reported here; 'exit' follows and is handled.
      child.on('error', () => undefined)
      this.#send({
        kind: 'load',
        appFolder: app.path,
        entryFiles: app.entryFiles,
        modulePackage: app.modulePackage,
        hostVersion,
      })
    })
  }

  #showOutput(child: ChildProcess): void {
    const streams: [Readable | null, 'information' | 'error'][] = [
      [child.stdout, 'information'],
      [child.stderr, 'error'],
    ]
    for (const [stream, level] of streams) {
      if (!stream) continue
      createInterface({ input: stream }).on('line', (line) => {
        this.#options.log(level, 'Host.Function.Console', line)
      })
    }
  }

  #receive(message: MessageFromWorker): void {
    if (message.kind === 'log') {
      this.#options.log(message.entry.level, message.entry.category, message.entry.message)
    } else if (message.kind === 'result') {
      this.#pending.get(message.invocationId)?.(message.result)
    }
  }

  #ended(how: string, wasLoaded: boolean): void {
    for (const settle of [...this.#pending.values()]) settle(failed(`The worker process ${how}.`))
    if (this.#stopping) return
    if (!this.#everLoaded) return
    this.#options.log('error', 'Host', `The worker process ${how}; it is started again.`)
    if (!wasLoaded) this.#failedRestarts += 1
    if (this.#failedRestarts >= failedRestartsAllowed) {
      this.#options.onGivenUp(
        `The worker process could not be started ${failedRestartsAllowed} times in a row.`,
      )
      return
    }
    this.#ready = this.#start()
    this.#ready.catch(() => undefined)
  }

  #timedOut(invocation: Invocation): void {
    this.#options.log(
      'error',
      'Host',
      `Timeout of function ${invocation.functionId} (Id=${invocation.id}) exceeded.`,
    )
    this.#child?.kill('SIGKILL')
  }

  #send(message: MessageToWorker): void {
    if (this.#child?.connected) this.#child.send(message, () => undefined)
  }
}

function failed(error: string): InvocationResult {
  return { error, outputData: [] }
}
