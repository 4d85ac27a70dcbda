import type { ResourceId } from '../domain/resource-id.ts'
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
  /** Aborted when the lease was lost, or could not be renewed. */
  readonly signal: AbortSignal
  /**
   * Ends a pass. Releases the lease, unless one more pass was requested meanwhile: then keeps it for that.
   * @param next the pass that follows; the target stays on the list of open work until then.
   */
  finish(next: NextPass | undefined): Promise<Finished>
  /** Releases the lease after a failure; the target stays on the list of open work, with its series unchanged. */
  abandon(): Promise<void>
}

/** Whether a review may begin: its lease, or why it has none. */
export type BegunReview =
  { readonly kind: 'begun'; readonly lease: Lease } | Exclude<Begun, { readonly kind: 'begun' }>

/** Takes the lease of a target, or requests one more pass from its holder. Its loss is noticed at the next renewal. */
export async function beginReview(
  ports: LeasePorts,
  target: ResourceId,
  asked: AskedPass,
): Promise<BegunReview> {
  const holder = crypto.randomUUID()
  const begun = await ports.work.change(target, (state) => begin(state, asked, holder, momentOf(ports)))
  return begun.kind === 'begun' ? { kind: 'begun', lease: leaseOf(ports, target, holder, begun.pass) } : begun
}

/** Now, by the clocks of the ports. */
export function momentOf({ now, timings }: Pick<LeasePorts, 'now' | 'timings'>): Moment {
  return { at: now().getTime(), timings }
}

function leaseOf(ports: LeasePorts, target: ResourceId, holder: string, first: SeriesPass): Lease {
  const { work } = ports
  const { signal, stop } = keepRenewing(ports, target, holder)
  let pass = first
  return {
    pass: first,
    signal,
    finish: async (next) => {
      const finished = await work.change(target, (state) =>
        finish(state, holder, pass, next, momentOf(ports)),
      )
      if (finished.kind === 'again') pass = finished.pass
      else stop()
      return finished
    },
    abandon: async () => {
      stop()
      await work.change(target, (state) => abandon(state, holder, momentOf(ports)))
    },
  }
}

interface Renewal {
  readonly signal: AbortSignal
  readonly stop: () => void
}

function keepRenewing(ports: LeasePorts, target: ResourceId, holder: string): Renewal {
  const lost = new AbortController()
  const once = async () => {
    const renewed = await ports.work.change(target, (state) => renew(state, holder, momentOf(ports)))
    if (renewed === 'lost') throw new Error('Another review took the target over.')
  }
  const timer = setInterval(() => {
    once().catch((error: unknown) => {
      ports.log.warn('A lease could not be renewed.', { target: target.id, error: String(error) })
      lost.abort(error)
    })
  }, ports.timings.renewSeconds * 1000)
  timer.unref()
  return { signal: lost.signal, stop: () => clearInterval(timer) }
}
