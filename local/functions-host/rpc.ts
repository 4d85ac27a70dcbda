/** The messages between the host and the app's programming model, as far as this host uses them. */

export interface TypedData {
  string?: string
  json?: string
  bytes?: Uint8Array
  int?: number
  double?: number
  http?: HttpData
}

export interface Nullable<Value> {
  value?: Value | null
}

export interface HttpData {
  method?: string
  url?: string
  body?: TypedData
  nullableHeaders?: Record<string, Nullable<string>>
  nullableParams?: Record<string, Nullable<string>>
  nullableQuery?: Record<string, Nullable<string>>
  statusCode?: string
  headers?: Record<string, string>
  cookies?: Cookie[]
}

export interface Cookie {
  name: string
  value: string
  domain?: Nullable<string>
  path?: Nullable<string>
  expires?: Nullable<{ seconds?: number }>
  secure?: Nullable<boolean>
  httpOnly?: Nullable<boolean>
  sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone'
  maxAge?: Nullable<number>
}

export interface Binding {
  type: string
  direction: 'in' | 'out' | 'inout'
  [property: string]: unknown
}

/** A function as the app registers it; `bindings` by binding name, the trigger is the one whose type ends in "Trigger". */
export interface RegisteredFunction {
  id: string
  name: string
  bindings: Record<string, Binding>
  hasRetryPolicy: boolean
}

export interface NamedData {
  name: string
  data?: TypedData
}

export interface TraceContext {
  traceParent: string
  traceState: string
  attributes: Record<string, string>
}

/** A request to the worker to run one function once. */
export interface Invocation {
  id: string
  functionId: string
  inputData: NamedData[]
  triggerMetadata: Record<string, TypedData>
  traceContext: TraceContext
}

/** The result of an invocation: `error` when it failed, else the return value and the other outputs. */
export interface InvocationResult {
  error?: string
  returnValue?: TypedData
  outputData: NamedData[]
}

export const logLevels = ['trace', 'debug', 'information', 'warning', 'error', 'critical', 'none'] as const
export type LogLevel = (typeof logLevels)[number]

export interface LogEntry {
  level: LogLevel
  category: string
  message: string
}

export type MessageToWorker =
  | { kind: 'load'; appFolder: string; entryFiles: string[]; modulePackage: boolean; hostVersion: string }
  | { kind: 'invoke'; invocation: Invocation }
  | { kind: 'terminate' }

export type MessageFromWorker =
  | { kind: 'loaded'; functions: RegisteredFunction[]; capabilities: Record<string, string> }
  | { kind: 'loadFailed'; message: string }
  | { kind: 'result'; invocationId: string; result: InvocationResult }
  | { kind: 'log'; entry: LogEntry }
