import type { FunctionDefinition, QueueOutput } from '../functions.ts'
import type { InvocationResult, TypedData } from '../rpc.ts'
import type { Storage } from '../storage.ts'
import { encodeBody } from './message.ts'

export interface QueueOutputOptions {
  storage: Storage
  encoding: 'base64' | 'none'
  /** Called with the name of each queue that got a message, so that its listener polls at once. */
  onEnqueued: (queueName: string) => void
}

/**
 * Creates the function that stores the queue outputs of an invocation: a string unchanged, an object as JSON, each
 * element of an array as one message (seen with host 4.1037). A missing queue is created.
 */
export function createQueueSender({ storage, encoding, onEnqueued }: QueueOutputOptions) {
  return async (definition: FunctionDefinition, result: InvocationResult): Promise<void> => {
    for (const output of definition.queueOutputs) {
      const data =
        output.bindingName === '$return'
          ? result.returnValue
          : result.outputData.find(({ name }) => name === output.bindingName)?.data
      const bodies = data ? messageBodies(data) : []
      if (bodies.length > 0) await send(output, bodies)
    }
  }

  async function send(output: QueueOutput, bodies: (string | Uint8Array)[]): Promise<void> {
    const queue = (await storage.queues(output.connection)).getQueueClient(output.queueName)
    await queue.createIfNotExists()
    for (const body of bodies) await queue.sendMessage(encodeBody(body, encoding))
    onEnqueued(output.queueName)
  }
}

/** The message bodies of one output value. */
export function messageBodies(data: TypedData): (string | Uint8Array)[] {
  if (data.bytes) return [data.bytes]
  if (data.string !== undefined) return fromText(data.string)
  if (data.json !== undefined) return fromText(data.json)
  const number = data.int ?? data.double
  return number === undefined ? [] : [String(number)]
}

function fromText(text: string): string[] {
  if (!text.trimStart().startsWith('[')) return [text]
  try {
    const elements = JSON.parse(text) as unknown[]
    return elements.map((element) => (typeof element === 'string' ? element : JSON.stringify(element)))
  } catch {
    return [text]
  }
}
