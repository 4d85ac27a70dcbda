import { StartFailure } from './failure.ts'
import type { Binding, RegisteredFunction } from './rpc.ts'

export interface QueueOutput {
  bindingName: string
  queueName: string
  connection: string
}

interface Common {
  id: string
  name: string
  /** The name under which the worker gets the trigger's value. */
  triggerName: string
  queueOutputs: QueueOutput[]
}

export type AuthLevel = 'anonymous' | 'function' | 'admin'
export type HttpFunction = Common & { kind: 'http'; route: string; methods: string[]; authLevel: AuthLevel }
export type EventGridFunction = Common & { kind: 'eventGrid'; many: boolean }
export type QueueFunction = Common & { kind: 'queue'; queueName: string; connection: string }
export type TimerFunction = Common & {
  kind: 'timer'
  schedule: string
  runOnStartup: boolean
  useMonitor: boolean | undefined
}
export type FunctionDefinition = HttpFunction | EventGridFunction | QueueFunction | TimerFunction

/**
 * Reads the functions that an app registered, in alphabetical order of their names. `%NAME%` in queue names and
 * schedules is replaced by that setting; a function whose setting `AzureWebJobs.NAME.Disabled` is true is left out
 * (both: Microsoft documentation).
 * @throws StartFailure naming the function and the binding that this host does not support
 */
export function readFunctions(
  registered: RegisteredFunction[],
  settings: NodeJS.ProcessEnv,
): FunctionDefinition[] {
  const names = new Set<string>()
  for (const { name } of registered) {
    if (names.has(name.toLowerCase())) {
      throw new StartFailure(
        `Function "${name}": there are two of that name (upper and lower case are the same).`,
      )
    }
    names.add(name.toLowerCase())
  }
  return registered
    .filter(({ name }) => settings[`AzureWebJobs.${name}.Disabled`]?.toLowerCase() !== 'true')
    .map((each) => readFunction(each, settings))
    .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
}

function readFunction(registered: RegisteredFunction, settings: NodeJS.ProcessEnv): FunctionDefinition {
  const { name } = registered
  if (registered.hasRetryPolicy) {
    throw new StartFailure(`Function "${name}" has a retry policy, which this host does not carry out.`)
  }
  const bindings = Object.entries(registered.bindings)
  const trigger = bindings.find(([, binding]) => /trigger$/i.test(binding.type))
  if (!trigger) throw new StartFailure(`Function "${name}" has no trigger.`)
  const [triggerName, triggerBinding] = trigger
  const reader = readers[triggerBinding.type.toLowerCase()]
  if (!reader) {
    throw new StartFailure(
      `Function "${name}" has a trigger of type "${triggerBinding.type}"; this host knows httpTrigger, eventGridTrigger, queueTrigger and timerTrigger.`,
    )
  }
  const fields = fieldsOf(name, triggerBinding, settings)
  const queueOutputs = bindings
    .filter(([bindingName]) => bindingName !== triggerName)
    .flatMap(([bindingName, binding]) => readOutput(name, bindingName, binding, settings))
  return { id: registered.id, name, triggerName, queueOutputs, ...reader(fields, triggerBinding) }
}

function readOutput(
  name: string,
  bindingName: string,
  binding: Binding,
  settings: NodeJS.ProcessEnv,
): QueueOutput[] {
  const type = binding.type.toLowerCase()
  if (binding.direction !== 'out' || (type !== 'http' && type !== 'queue')) {
    const what = binding.direction === 'out' ? 'output' : 'input'
    throw new StartFailure(
      `Function "${name}" has an ${what} binding of type "${binding.type}"; this host knows the outputs http and queue.`,
    )
  }
  if (type === 'http') return []
  const fields = fieldsOf(name, binding, settings)
  return [{ bindingName, queueName: fields.needed('queueName'), connection: fields.text('connection') }]
}

interface Fields {
  text(field: string): string
  needed(field: string): string
}

function fieldsOf(name: string, binding: Binding, settings: NodeJS.ProcessEnv): Fields {
  function text(field: string): string {
    const value = binding[field] ?? ''
    if (typeof value !== 'string') {
      throw new StartFailure(`Function "${name}": ${field} is ${JSON.stringify(value)}, expected a text.`)
    }
    return value.replace(/%([^%]+)%/g, (_, setting: string) => {
      const found = settings[setting]
      if (found === undefined) {
        throw new StartFailure(
          `Function "${name}": ${field} is "${value}", and there is no setting ${setting}.`,
        )
      }
      return found
    })
  }
  function needed(field: string): string {
    const value = text(field)
    if (value === '')
      throw new StartFailure(`Function "${name}": ${field} is missing in its ${binding.type}.`)
    return value
  }
  return { text, needed }
}

type Own<Definition> = Definition extends Common ? Omit<Definition, keyof Common> : never

const readers: Record<string, (fields: Fields, binding: Binding) => Own<FunctionDefinition>> = {
  httptrigger: (fields, binding) => ({
    kind: 'http',
    route: typeof binding['route'] === 'string' ? binding['route'] : '',
    methods: Array.isArray(binding['methods'])
      ? binding['methods'].map((method) => String(method).toUpperCase())
      : [],
    authLevel: authLevel(fields.text('authLevel')),
  }),
  eventgridtrigger: (fields) => ({
    kind: 'eventGrid',
    many: fields.text('cardinality').toLowerCase() === 'many',
  }),
  queuetrigger: (fields) => ({
    kind: 'queue',
    queueName: fields.needed('queueName'),
    connection: fields.text('connection'),
  }),
  timertrigger: (fields, binding) => ({
    kind: 'timer',
    schedule: fields.needed('schedule'),
    runOnStartup: binding['runOnStartup'] === true,
    useMonitor: typeof binding['useMonitor'] === 'boolean' ? binding['useMonitor'] : undefined,
  }),
}

function authLevel(value: string): AuthLevel {
  const known = (['anonymous', 'function', 'admin'] as const).find((level) => level === value.toLowerCase())
  // By default the host itself requires a function key; the Node library always states a level.
  return known ?? 'function'
}
