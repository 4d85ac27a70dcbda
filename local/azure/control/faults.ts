import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { errorShapeNames, errorShapes } from '../http/error-shapes.ts'
import { jsonBody, param, without } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'

const faultBody = z.strictObject({
  method: z.string().optional(),
  path: z.string().min(1),
  when: z.enum(['before', 'after']).default('before'),
  status: z.number().int().min(200).max(599).optional(),
  code: z.string().optional(),
  message: z.string().optional(),
  shape: z.enum(errorShapeNames).default('arm'),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.unknown().optional(),
  text: z.string().optional(),
  holdMs: z.union([z.number().int().min(0), z.literal('forever')]).optional(),
  /** Ends the connection without a response. */
  reset: z.boolean().default(false),
  times: z.number().int().min(1).optional(),
})

/** A fault to play: for which calls, when, and what happens instead of (or after) the normal response. */
export type Fault = z.infer<typeof faultBody> & {
  readonly id: string
  readonly pattern: RegExp
  left: number
}

/** Faults that wait for their calls. */
export class Faults {
  readonly #faults = new Map<string, Fault>()

  /** The first fault that matches the call; this uses it up once. */
  take(method: string, path: string): Fault | undefined {
    for (const fault of this.#faults.values()) {
      if (fault.method !== undefined && fault.method.toUpperCase() !== method) continue
      if (!fault.pattern.test(path)) continue
      fault.left -= 1
      if (fault.left <= 0) this.#faults.delete(fault.id)
      return fault
    }
    return undefined
  }

  clear(): void {
    this.#faults.clear()
  }

  /** The calls that create, list and delete faults. */
  routes(): Route[] {
    const template = '/_simulator/faults'
    const list = () => [...this.#faults.values()].map((fault) => without(fault, ['pattern']))
    return [
      { method: 'POST', template, handle: (call) => this.#add(call) },
      { method: 'GET', template, handle: () => ({ status: 200, body: { value: list() } }) },
      {
        method: 'DELETE',
        template,
        handle: () => {
          this.clear()
          return { status: 204 }
        },
      },
      {
        method: 'DELETE',
        template: `${template}/{fault}`,
        handle: (call) => {
          this.#faults.delete(param(call, 'fault'))
          return { status: 204 }
        },
      },
    ]
  }

  #add(call: Call): { status: number; body: unknown } {
    const made = jsonBody(
      call,
      faultBody.extend({ path: faultBody.shape.path.refine(isPattern, 'is no regular expression') }),
    )
    const fault: Fault = {
      ...made,
      id: randomUUID(),
      pattern: new RegExp(made.path, 'i'),
      left: made.times ?? Number.POSITIVE_INFINITY,
    }
    this.#faults.set(fault.id, fault)
    return { status: 201, body: { id: fault.id } }
  }
}

/** The response of a fault: `text` unchanged, `body` as JSON, or an error in its shape. Undefined for a fault that only delays. */
export function faultReply(fault: Fault): Reply | undefined {
  const { status, body, text, headers = {}, code = 'SimulatedFault' } = fault
  if (text !== undefined) return { status: status ?? 200, text, headers }
  if (body !== undefined) return { status: status ?? 200, body, headers }
  if (status === undefined) return undefined
  const message = fault.message ?? `A fault of the simulation: ${code}.`
  const shown = errorShapes[fault.shape]({ code, message })
  return { status, ...shown, headers: { ...shown.headers, ...headers } }
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text)
    return true
  } catch {
    return false
  }
}
