import { stackOf } from '../failure.ts'
import type { Invocation, InvocationResult, LogLevel, TypedData } from '../rpc.ts'
import { app, writeLog } from './core-api.ts'

// Data that hooks share: one object for all of them, one for those of the app's life.
const appHookData = {}
const appLevelHookData = {}

/** Runs the hooks of one name in the order of their registration; `appHookData` and `hookData` cannot be replaced. */
export async function runHooks(
  name: string,
  context: Record<string, unknown>,
  hookData: object = appLevelHookData,
): Promise<Record<string, unknown>> {
  const shared = { value: appHookData, enumerable: true }
  Object.defineProperties(context, { appHookData: shared, hookData: { value: hookData, enumerable: true } })
  for (const callback of app.hooks.get(name) ?? []) await callback(context)
  return context
}

/** Runs one function once. Never rejects: what the function throws is in `error`. */
export async function runInvocation(invocation: Invocation): Promise<InvocationResult> {
  try {
    return await invoke(invocation)
  } catch (error) {
    return { error: stackOf(error), outputData: [] }
  }
}

async function invoke(invocation: Invocation): Promise<InvocationResult> {
  const registration = app.functions.get(invocation.functionId)
  if (!registration || !app.model) {
    throw new Error(`Function code for '${invocation.functionId}' is not loaded and cannot be invoked.`)
  }
  const name = registration.metadata.name ?? invocation.functionId
  const running = { context: undefined as unknown }
  const coreContext = {
    invocationId: invocation.id,
    request: {
      invocationId: invocation.id,
      functionId: invocation.functionId,
      inputData: invocation.inputData,
      triggerMetadata: invocation.triggerMetadata,
      traceContext: invocation.traceContext,
      retryContext: null,
    },
    metadata: { ...registration.metadata, name },
    state: undefined as string | undefined,
    log: (level: LogLevel, source: string, message: string) =>
      writeLog({ level, category: `Function.${name}.User`, message }, source, running.context),
  }
  const model = await app.model.getInvocationModel(coreContext)
  const { context, inputs } = await model.getArguments()
  running.context = context

  const hookData = {}
  const before = {
    invocationContext: context,
    inputs,
    functionCallback: registration.callback,
  }
  coreContext.state = 'preInvocationHooks'
  await runHooks('preInvocation', before, hookData)

  const after = {
    invocationContext: context,
    inputs: before.inputs,
    result: null as unknown,
    error: null as unknown,
  }
  coreContext.state = 'invocation'
  try {
    after.result = await model.invokeFunction(context, before.inputs, before.functionCallback)
  } catch (error) {
    after.error = error ?? new Error('The function threw nothing.')
  }
  coreContext.state = 'postInvocationHooks'
  await runHooks('postInvocation', after, hookData)
  coreContext.state = undefined
  if (after.error !== null && after.error !== undefined) throw after.error as Error

  const response = await model.getResponse(context, after.result)
  return {
    ...(response.returnValue ? { returnValue: plain(response.returnValue) } : {}),
    outputData: (response.outputData ?? []).map(({ name, data }) => ({
      name,
      ...(data ? { data: plain(data) } : {}),
    })),
  }
}

/** Copies bytes out of larger buffers, so that IPC does not send the whole pool behind a small Buffer. */
function plain(data: TypedData): TypedData {
  return data.bytes ? { ...data, bytes: Uint8Array.from(data.bytes) } : data
}
