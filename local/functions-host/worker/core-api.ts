import { format } from 'node:util'
import type { Binding, LogEntry, LogLevel, TypedData } from '../rpc.ts'

/**
 * The module `@azure/functions-core` that the app's library gets in this host. Names and meanings are those of the
 * official Node worker (its published type definitions).
 */
export const version = '3.9.1'
export let hostVersion = 'unknown'

export interface FunctionMetadata {
  name?: string
  functionId?: string
  bindings: Record<string, Binding>
  retryOptions?: unknown
}

export type FunctionCallback = (...args: unknown[]) => unknown

export interface InvocationModel {
  getArguments(): Promise<{ context: unknown; inputs: unknown[] }>
  invokeFunction(context: unknown, inputs: unknown[], callback: FunctionCallback): Promise<unknown>
  getResponse(
    context: unknown,
    result: unknown,
  ): Promise<{
    returnValue?: TypedData | null
    outputData?: { name: string; data?: TypedData | null }[] | null
  }>
}

export interface ProgrammingModel {
  name: string
  version: string
  getInvocationModel(context: unknown): InvocationModel | Promise<InvocationModel>
  getCapabilities?(capabilities: Record<string, string>): Promise<Record<string, string>>
}

export interface Registration {
  metadata: FunctionMetadata
  callback: FunctionCallback
}

export type HookCallback = (context: Record<string, unknown>) => unknown

const hookNames = ['preInvocation', 'postInvocation', 'appStart', 'appTerminate', 'log']

/** The app's registrations so far; the worker reads them. */
export const app = {
  functions: new Map<string, Registration>(),
  hooks: new Map<string, HookCallback[]>(),
  model: undefined as ProgrammingModel | undefined,
  started: false,
  currentEntryFile: undefined as string | undefined,
}

let sink: (entry: LogEntry) => void = () => undefined

/** Called once by the worker before it loads the app. */
export function prepareCoreApi(options: { hostVersion: string; log: (entry: LogEntry) => void }): void {
  hostVersion = options.hostVersion
  sink = options.log
}

export class Disposable {
  #callOnDispose: (() => unknown) | undefined

  constructor(callOnDispose: () => unknown) {
    this.#callOnDispose = callOnDispose
  }

  static from(...disposables: { dispose: () => unknown }[]): Disposable {
    return new Disposable(() => {
      for (const disposable of disposables) disposable.dispose()
    })
  }

  dispose(): unknown {
    const call = this.#callOnDispose
    this.#callOnDispose = undefined
    return call?.()
  }
}

export function setProgrammingModel(model: ProgrammingModel): void {
  app.model = model
}

export function getProgrammingModel(): ProgrammingModel | undefined {
  return app.model
}

/** Throws when the app has already started or the name is taken. */
export function registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
  if (app.started) throw new Error('A function can only be registered during app startup.')
  const id = metadata.functionId ?? metadata.name
  if (!id) throw new Error('A function without a name was registered.')
  if (app.functions.has(id)) throw new Error(`A function with name "${id}" has already been registered.`)
  app.functions.set(id, { metadata, callback })
  return new Disposable(() => app.functions.delete(id))
}

export function registerHook(name: string, callback: HookCallback): Disposable {
  if (!hookNames.includes(name)) throw new RangeError(`Unrecognized hook "${name}"`)
  const callbacks = app.hooks.get(name) ?? []
  app.hooks.set(name, [...callbacks, callback])
  return new Disposable(() =>
    app.hooks.set(
      name,
      (app.hooks.get(name) ?? []).filter((each) => each !== callback),
    ),
  )
}

/** Log entries outside an invocation; `category` is "user", "system" or "customMetric". */
export function log(level: LogLevel, category: string, ...args: unknown[]): void {
  writeLog({ level, category: 'Host.Function.Console', message: format(...args) }, category)
}

/** Runs the app's log hooks (which may change level and text), then passes the entry to the host. */
export function writeLog(entry: LogEntry, source: string, invocationContext?: unknown): void {
  const context = {
    hookData: {},
    level: entry.level,
    message: entry.message,
    category: source,
    invocationContext,
  }
  for (const callback of app.hooks.get('log') ?? []) callback(context)
  sink({
    level: context.level,
    category: source === 'system' ? 'Worker' : entry.category,
    message: context.message,
  })
}
