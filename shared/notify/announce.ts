import type { JoinedCase } from '../ports/cases.ts'
import type { DeliveryPorts } from './ports.ts'

/** Announces a message that is new for the time when it is due. */
export async function announce(
  { hints, now }: Pick<DeliveryPorts, 'hints' | 'now'>,
  { ref, sendAt, isNew }: JoinedCase,
): Promise<void> {
  if (!isNew || ref === undefined || sendAt === undefined) return
  await hints.hint(ref, Math.max(0, (Date.parse(sendAt) - now().getTime()) / 1000))
}
