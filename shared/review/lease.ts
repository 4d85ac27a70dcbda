import type { ResourceId } from '../domain/resource-id.ts'
import type { LeftOfPass } from './left-of-pass.ts'
import type { ReviewPorts } from './ports.ts'
import {
  abandon,
  type AskedPass,
  begin,
  type Begun,
  finish,
  type Finished,
  type Moment,
  type NextPass,
  renew,
  type SeriesPass,
} from './schedule.ts'

/** What a lease needs from the outside. */
export type LeasePorts = Pick<ReviewPorts, 'work' | 'timings' | 'log' | 'now'>

/** The right to write on one target. Held by one review at a time, renewed while it runs. */
export interface Lease {
  /** The first pass. */
  readonly pass: SeriesPass
  /** @throws Error when the lease was lost or has ended: nothing may be written to Azure any more. */
  readonly assertHeld: () => void
  /**
   * Ends a pass. Releases the lease, unless one more pass was requested meanwhile: then keeps it for that.
   * @param next the pass that follows; the target stays on the list of open work until then.
   */
  finish(next: NextPass | undefined): Promise<Finished>
  /** Releases the lease after a failure; the target stays on the list of open work, with its series and what is left. */
  abandon(left?: LeftOfPass): Promise<void>
}

/** Whether a review may begin: its lease, or why it has none. */
export type BegunReview =
  { readonly kind: 'begun'; readonly lease: Lease } | Exclude<Begun, { readonly kind: 'begun' }>

/** Takes the lease of a target, or leaves word with its holder. */
export async function beginReview(
  ports: LeasePorts,
  target: ResourceId,
  asked: AskedPass,
): Promise<BegunReview> {
  const holder = crypto.randomUUID()
  const takenAt = ports.now().getTime()
  const begun = await ports.work.change(target, (state) => begin(state, asked, holder, momentOf(ports)))
  if (begun.kind !== 'begun') return begun
  return { kind: 'begun', lease: leaseOf(ports, target, holder, begun.pass, takenAt) }
}

/** Now, by the clocks of the ports. */
export function momentOf({ now, timings }: Pick<LeasePorts, 'now' | 'timings'>): Moment {
  return { at: now().getTime(), timings }
}

function leaseOf(
  ports: LeasePorts,
  target: ResourceId,
  holder: string,
  first: SeriesPass,
  takenAt: number,
): Lease {
  const { work } = ports
  const { assertHeld, stop } = keepRenewing(ports, target, holder, takenAt)
  let pass = first
  return {
    pass: first,
    assertHeld,
    finish: async (next) => {
      const finished = await work.change(target, (state) =>
        finish(state, holder, pass, next, momentOf(ports)),
      )
      if (finished.kind === 'again') pass = finished.pass
      else stop()
      return finished
    },
    abandon: async (left) => {
      stop()
      await work.change(target, (state) => abandon(state, holder, momentOf(ports), left))
    },
  }
}

type Renewal = Pick<Lease, 'assertHeld'> & { readonly stop: () => void }

/**
 * Renews the lease until stopped. Each renewal counts from when it was begun, so that one that hangs, or a process that
 * was suspended, never counts as holding what another may have taken.
 */
function keepRenewing(ports: LeasePorts, target: ResourceId, holder: string, takenAt: number): Renewal {
  const { work, log, now, timings } = ports
  let heldUntil = takenAt + timings.leaseSeconds * 1000
  let lost: Error | undefined
  const renewOnce = async () => {
    const begunAt = now().getTime()
    const renewed = await work.change(target, (state) => renew(state, holder, momentOf(ports)))
    if (renewed === 'lost') throw new Error('Another review took the target over.')
    heldUntil = begunAt + timings.leaseSeconds * 1000
  }
  const timer = setInterval(() => {
    renewOnce().catch((error: unknown) => {
      log.warn('A lease could not be renewed.', { target: target.id, error: String(error) })
      lost ??= error instanceof Error ? error : new Error(String(error))
    })
  }, timings.renewSeconds * 1000)
  timer.unref()
  return {
    assertHeld: () => {
      if (lost) throw lost
      if (now().getTime() >= heldUntil) throw new Error('The lease ended before it was renewed.')
    },
    stop: () => clearInterval(timer),
  }
}
