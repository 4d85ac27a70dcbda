import type { ReviewMessage } from '../ports/queue.ts'
import type { Lease, LeasePorts } from './lease.ts'
import { asFollowUp } from './ask-for-review.ts'
import type { ReviewPorts } from './ports.ts'

type Ports = LeasePorts & Pick<ReviewPorts, 'queue'>

/**
 * A lease with a message beside it, which the queue delivers only if the review dies: it is postponed while the review
 * runs, and cancelled with the lease. It is a follow-up with the attempt of the pass that runs. So it starts that pass
 * again, and is superseded while the holder lives and after it has ended.
 */
export async function withRecovery(ports: Ports, message: ReviewMessage, lease: Lease): Promise<Lease> {
  const { log, timings } = ports
  const recovery = ports.queue.recoveryMessage()
  let { pass } = lease
  const failed = (error: unknown) => {
    log.warn('A review has no recovery message; the timer would recover it.', { error: String(error) })
  }
  // Behind the end of the lease by one renewal, as the clocks of two hosts may differ.
  const delaySeconds = timings.leaseSeconds + timings.renewSeconds
  const postpone = () => recovery.postpone({ ...message, ...asFollowUp(pass) }, delaySeconds).catch(failed)
  await postpone()
  const timer = setInterval(() => void postpone(), timings.renewSeconds * 1000)
  timer.unref()
  const cancel = async () => {
    clearInterval(timer)
    await recovery.cancel().catch(failed)
  }
  return {
    ...lease,
    finish: async (next) => {
      const finished = await lease.finish(next)
      if (finished.kind === 'again') {
        pass = finished.pass
        await postpone()
      } else {
        await cancel()
      }
      return finished
    },
    abandon: async (left) => {
      clearInterval(timer)
      await lease.abandon(left)
      await cancel()
    },
  }
}
