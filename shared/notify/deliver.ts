import { isMessageRef } from '../domain/delivery-ref.ts'
import type { JoinedCase } from '../ports/cases.ts'
import { handOver } from './hand-over.ts'
import { announce } from './announce.ts'
import type { DeliveryPorts } from './ports.ts'
import { sendMessage } from './send-message.ts'

const atOnce = 16

/**
 * Hands every notification that is due over to its case, and sends every message that is due. What fails is tried again
 * later, and never blocks others.
 */
export async function deliverDue(ports: DeliveryPorts): Promise<void> {
  await eachDue(
    ports,
    (max) => ports.outbox.due(max),
    (ref) => handOver(ports, ref),
  )
  await eachDue(
    ports,
    (max) => ports.cases.due(max),
    (ref) => sendMessage(ports, ref),
  )
}

/**
 * Delivers what a hint names, if it is due and not claimed: hands a notification over to its case, or sends a message.
 * @throws Error when storage cannot be read or written.
 */
export async function deliverOne(ports: DeliveryPorts, ref: string): Promise<void> {
  if (isMessageRef(ref)) return sendMessage(ports, ref)
  for (const place of await handOver(ports, ref)) await continueWith(ports, place)
}

/** A message that is due now is sent now; a new one is announced for its time. */
async function continueWith(ports: DeliveryPorts, place: JoinedCase): Promise<void> {
  const { ref, sendAt } = place
  if (ref !== undefined && sendAt !== undefined && Date.parse(sendAt) <= ports.now().getTime())
    await sendMessage(ports, ref)
  else await announce(ports, place)
}

async function eachDue(
  ports: DeliveryPorts,
  due: (max: number) => Promise<readonly string[]>,
  deliver: (ref: string) => Promise<unknown>,
): Promise<void> {
  const tried = new Set<string>()
  for (let left = 0; ;) {
    const max = atOnce + left
    const found = await due(max)
    const refs = found.filter((ref) => !tried.has(ref))
    if (refs.length === 0 && found.length < max) return
    left = found.length - refs.length
    for (const ref of refs) tried.add(ref)
    await Promise.all(refs.map((ref) => apart(ports, ref, deliver)))
  }
}

async function apart(
  { log }: DeliveryPorts,
  ref: string,
  deliver: (ref: string) => Promise<unknown>,
): Promise<void> {
  try {
    await deliver(ref)
  } catch (error) {
    log.error('A notification could not be taken from the outbox; it is tried again.', {
      metric: 'outbox.failed',
      ref,
      error: String(error),
    })
  }
}
