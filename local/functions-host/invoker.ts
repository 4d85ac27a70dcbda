import { randomBytes, randomUUID } from 'node:crypto'
import type { FunctionDefinition } from './functions.ts'
import type { Log } from './logger.ts'
import type { InvocationResult, TypedData } from './rpc.ts'
import type { WorkerProcess } from './worker-process.ts'

export interface Trigger {
  value: TypedData
  metadata: Record<string, TypedData>
  /** Why the function runs, for the log. */
  reason: string
  invocationId?: string
}

export type Invoke = (definition: FunctionDefinition, trigger: Trigger) => Promise<InvocationResult>

export interface InvokerOptions {
  worker: WorkerProcess
  log: Log
  timeoutMs: number | undefined
  /** Stores what the function put into its queue outputs; a rejection fails the invocation. */
  sendOutputs: (definition: FunctionDefinition, result: InvocationResult) => Promise<void>
}

/** Creates the function through which every trigger runs: log, run, write the outputs, log. Never rejects. */
export function createInvoker({ worker, log, timeoutMs, sendOutputs }: InvokerOptions): Invoke {
  return async (definition, trigger) => {
    const id = trigger.invocationId ?? randomUUID()
    const category = `Function.${definition.name}`
    const label = `Functions.${definition.name}`
    const started = performance.now()
    log('information', category, `Executing '${label}' (Reason='${trigger.reason}', Id=${id})`)
    const result = await worker.invoke(
      {
        id,
        functionId: definition.id,
        inputData: [{ name: definition.triggerName, data: trigger.value }],
        triggerMetadata: trigger.metadata,
        traceContext: {
          traceParent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`,
          traceState: '',
          attributes: {},
        },
      },
      timeoutMs,
    )
    const outcome =
      result.error === undefined ? await withOutputs(result, () => sendOutputs(definition, result)) : result
    const took = `${Math.round(performance.now() - started)}ms`
    if (outcome.error === undefined) {
      log('information', category, `Executed '${label}' (Succeeded, Id=${id}, Duration=${took})`)
    } else {
      log('error', category, `Executed '${label}' (Failed, Id=${id}, Duration=${took}) ${outcome.error}`)
    }
    return outcome
  }
}

async function withOutputs(result: InvocationResult, send: () => Promise<void>): Promise<InvocationResult> {
  try {
    await send()
    return result
  } catch (error) {
    return { ...result, error: `An output binding failed: ${String(error)}` }
  }
}
