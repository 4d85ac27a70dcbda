import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseResourceId, type ResourceId } from '../../../shared/domain/resource-id.ts'
import type { WorkState } from '../../../shared/domain/target-work.ts'
import type { ReviewMessage } from '../../../shared/ports/queue.ts'
import type { WorkPort } from '../../../shared/ports/work.ts'
import { finishOpenWork } from '../../../shared/review/finish-open-work.ts'
import { beginReview, type Lease, type LeasePorts } from '../../../shared/review/lease.ts'
import {
  type AskedPass,
  defaultTimings,
  type NextPass,
  type SeriesPass,
} from '../../../shared/review/schedule.ts'
import { seriesAt } from '../../support/fake-work.ts'
import { MemoryWork } from '../../support/memory-work.ts'

const second = 1000
const lakeNamed = (name: string) =>
  parseResourceId(
    `/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg-lake/providers/Microsoft.Storage/storageAccounts/${name}`,
  ) as ResourceId
const target = lakeNamed('stlake')
const event: AskedPass = { attempt: 0, isFollowUp: false, isFromEndpoint: false }
const search: AskedPass = { ...event, attempt: 7 }
const followUp = (attempt: number): AskedPass => ({ ...event, attempt, isFollowUp: true })

let memory: MemoryWork
let ports: LeasePorts
let warnings: unknown[]

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse('2026-11-21T08:00:00Z') })
  memory = new MemoryWork()
  warnings = []
  const log = {
    info: () => undefined,
    warn: (...line: unknown[]) => warnings.push(line),
    error: () => undefined,
  }
  ports = { work: memory, timings: defaultTimings, log, now: () => new Date() }
})
afterEach(() => {
  vi.useRealTimers()
})

/** Time goes by although nobody's timers run: the review that holds the lease has died. */
function passWithoutTimers(milliseconds: number): void {
  vi.setSystemTime(Date.now() + milliseconds)
}

async function taken(asked = event): Promise<Lease> {
  const begun = await beginReview(ports, target, asked)
  if (begun.kind !== 'begun') throw new Error(`The target is ${begun.kind}.`)
  return begun.lease
}

async function refused(asked: AskedPass): Promise<string> {
  return (await beginReview(ports, target, asked)).kind
}

function after(afterSeconds: number, attempt: number): NextPass {
  return { attempt, afterSeconds, notSooner: false }
}

/** Which targets the timer hands out now. */
async function overdue(): Promise<readonly unknown[]> {
  const sent: unknown[] = []
  const enqueue = ({ resourceId, isFromEndpoint }: ReviewMessage) => {
    sent.push({ resourceId, isFromEndpoint })
    return Promise.resolve()
  }
  await finishOpenWork({ ...ports, queue: { enqueue } })
  return sent
}

const isAgain = (pass: Partial<SeriesPass>) => ({
  kind: 'again',
  pass: expect.objectContaining(pass) as SeriesPass,
})

describe('the lease of a target', () => {
  it('is had by one of fifty who ask at once; one further pass is owed to the others', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => beginReview(ports, target, event)))
    const leases = all.flatMap((begun) => (begun.kind === 'begun' ? [begun.lease] : []))
    expect(leases).toHaveLength(1)
    expect(all.filter(({ kind }) => kind === 'busy')).toHaveLength(49)
    expect(await leases[0]?.finish(undefined)).toEqual(isAgain({ attempt: 0 }))
    expect(await leases[0]?.finish(undefined)).toEqual({ kind: 'ended' })
  })

  it('of another target is free', async () => {
    await taken()
    expect((await beginReview(ports, lakeNamed('stother'), event)).kind).toBe('begun')
  })

  it('passes on the lowest number of passes of those who asked meanwhile', async () => {
    const lease = await taken({ ...event, attempt: 4 })
    for (const attempt of [3, 1, 2]) await beginReview(ports, target, { ...event, attempt })
    expect(await lease.finish(undefined)).toEqual(isAgain({ attempt: 1 }))
  })

  it('given back leaves nothing to come back to', async () => {
    await (await taken()).finish(undefined)
    passWithoutTimers(3600 * second)
    expect(await overdue()).toEqual([])
    expect(memory.stateOf(target)).toBeUndefined()
  })

  it('passes to the next when its holder has not been heard of for 20 seconds', async () => {
    await taken()
    passWithoutTimers(19_999)
    expect(await refused(event)).toBe('busy')
    passWithoutTimers(1)
    await taken()
  })

  it('stays with a holder that renews it, for as long as it works', async () => {
    const lease = await taken()
    await vi.advanceTimersByTimeAsync(600 * second)
    expect(await refused(event)).toBe('busy')
    expect(lease.assertHeld).not.toThrow()
    expect(warnings).toEqual([])
  })

  it('is renewed every five seconds, by the timings that are set', async () => {
    ports = { ...ports, timings: { ...defaultTimings, renewSeconds: 1, leaseSeconds: 3 } }
    await taken()
    const until = () =>
      (memory.stateOf(target) as Extract<WorkState, { kind: 'held' }>).leaseUntil - Date.now()
    expect(until()).toBe(3_000)
    await vi.advanceTimersByTimeAsync(999)
    expect(until()).toBe(2_001)
    await vi.advanceTimersByTimeAsync(1)
    expect(until()).toBe(3_000)
  })

  it('does not keep the process from ending', async () => {
    vi.useRealTimers()
    using timers = vi.spyOn(globalThis, 'setInterval')
    const lease = await taken()
    await lease.finish(undefined)
    expect(timers.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef())).toEqual([false])
  })

  it('is kept and renewed for the pass that word asks for', async () => {
    const lease = await taken()
    await refused(event)
    await lease.finish(undefined)
    await vi.advanceTimersByTimeAsync(60 * second)
    expect(await refused(event)).toBe('busy')
  })

  it.each([
    ['finished', (lease: Lease) => lease.finish(after(1, 1))],
    ['abandoned', (lease: Lease) => lease.abandon()],
  ])('is not renewed any more once it is %s', async (_how, end) => {
    await end(await taken())
    expect(vi.getTimerCount()).toBe(0)
  })

  it('is not renewed any more by one who could not give it back', async () => {
    const lease = await taken()
    vi.spyOn(memory, 'change').mockRejectedValue(new Error('Storage is away.'))
    await expect(lease.finish(undefined)).rejects.toThrow('Storage is away.')
    await expect(lease.abandon()).rejects.toThrow('Storage is away.')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a lost lease', () => {
  const anothers = (): WorkState => {
    const leaseUntil = Date.now() + 20 * second
    return { kind: 'held', series: seriesAt(Date.now()), holder: 'another review', leaseUntil }
  }

  it('is noticed at the next renewal', async () => {
    const { assertHeld } = await taken()
    memory.arrange(target, anothers())
    await vi.advanceTimersByTimeAsync(4_999)
    expect(assertHeld).not.toThrow()
    await vi.advanceTimersByTimeAsync(1)
    expect(assertHeld).toThrow(new Error('Another review took the target over.'))
    expect(warnings).toEqual([
      [
        'A lease could not be renewed.',
        { target: target.id, error: 'Error: Another review took the target over.' },
      ],
    ])
  })

  it('is one that cannot be renewed, because another may take it then', async () => {
    const { assertHeld } = await taken()
    const failure = new Error('Storage is away.')
    vi.spyOn(memory, 'change').mockRejectedValueOnce(failure)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(assertHeld).toThrow(failure)
    await vi.advanceTimersByTimeAsync(5_000)
    expect(assertHeld).toThrow(failure)
  })

  it('is one whose renewal hangs, once its time is over and another has taken it', async () => {
    const { assertHeld } = await taken()
    await vi.advanceTimersByTimeAsync(5_000)
    const hanging = vi.spyOn(memory, 'change').mockReturnValue(new Promise(() => undefined))
    await vi.advanceTimersByTimeAsync(19_999)
    expect(assertHeld).not.toThrow()
    await vi.advanceTimersByTimeAsync(1)
    expect(assertHeld).toThrow('The lease ended before it was renewed.')
    hanging.mockRestore()
    await taken()
  })

  it('is one of a process that was suspended: no timer ran, and its time is over', async () => {
    const { assertHeld } = await taken()
    passWithoutTimers(19_999)
    expect(assertHeld).not.toThrow()
    passWithoutTimers(1)
    expect(assertHeld).toThrow('The lease ended before it was renewed.')
  })

  it('counts a renewal from when it was begun, not from when storage replied', async () => {
    const { assertHeld } = await taken()
    const change = memory.change.bind(memory)
    vi.spyOn(memory, 'change').mockImplementationOnce(async (...asked) => {
      const changed = await change(...asked)
      passWithoutTimers(10_000)
      return changed
    })
    await vi.advanceTimersByTimeAsync(5_000)
    passWithoutTimers(9_999)
    expect(assertHeld).not.toThrow()
    passWithoutTimers(1)
    expect(assertHeld).toThrow('The lease ended before it was renewed.')
  })

  it('changes nothing of what another holds, when its review ends or fails', async () => {
    for (const end of [(lease: Lease) => lease.finish(after(1, 1)), (lease: Lease) => lease.abandon()]) {
      const lease = await taken()
      memory.arrange(target, anothers())
      await end(lease)
      expect(memory.stateOf(target)).toEqual(anothers())
      memory.arrange(target, undefined)
    }
  })
})

describe('the passes that follow an event', () => {
  it('come in one series: a newer event supersedes what followed the older one', async () => {
    await (await taken()).finish(after(1, 1))
    await (await taken(followUp(1))).finish(after(2, 2))
    await (await taken()).finish(after(1, 1))
    expect(await refused(followUp(2))).toBe('superseded')
    await (await taken(followUp(1))).finish(after(2, 2))
  })

  it('are superseded while a review runs, and asked for by nobody', async () => {
    const lease = await taken()
    expect(await refused(followUp(0))).toBe('superseded')
    expect(await lease.finish(undefined)).toEqual({ kind: 'ended' })
  })

  it('end with the last of them', async () => {
    await (await taken()).finish(undefined)
    expect(await refused(followUp(1))).toBe('superseded')
  })

  it('of fifty events at once are one series', async () => {
    for (let copies = 0; copies < 50; copies += 1) await (await taken()).finish(after(1, 1))
    const all = await Promise.all(Array.from({ length: 50 }, () => refused(followUp(1))))
    expect(all.filter((kind) => kind !== 'superseded')).toHaveLength(1)
  })
})

describe('a series that waits', () => {
  it('goes on although our own decision is announced meanwhile', async () => {
    await (await taken()).finish(after(1, 1))
    const own = await taken(search)
    expect(own.pass.attempt).toBe(0)
    await own.finish(after(1, 1))
    await taken(followUp(1))
  })

  it('is not cut short by word that is left during a pass', async () => {
    const lease = await taken()
    await refused(search)
    expect(await lease.finish(after(1, 1))).toEqual(isAgain({ attempt: 0 }))
  })

  it('asked for by an event during a pass that failed is not forgotten', async () => {
    const swept = await taken(search)
    await refused(event)
    expect(await swept.finish(undefined)).toEqual(isAgain({ attempt: 0 }))
    await swept.abandon()
    expect((await taken(search)).pass.attempt).toBe(0)
  })

  it('is taken over from a holder that died', async () => {
    await taken()
    passWithoutTimers(21 * second)
    expect((await taken(search)).pass.attempt).toBe(0)
  })

  it('goes on where it was after a pass that failed', async () => {
    await (await taken()).finish(after(1, 1))
    await (await taken(followUp(1))).abandon()
    expect((await taken(followUp(1))).pass.attempt).toBe(1)
  })
})

describe('a series that is begun anew again and again', () => {
  const minute = 60 * second

  it('has one pass that has waited long, each time four minutes after the first that notified nobody', async () => {
    const waits: boolean[] = []
    for (let minutes = 0; minutes < 14; minutes += 1) {
      const lease = await taken()
      waits.push(lease.pass.hasWaitedLong)
      await lease.finish(after(1, 1))
      passWithoutTimers(minute)
    }
    expect(waits.flatMap((hasWaitedLong, minutes) => (hasWaitedLong ? [minutes] : []))).toEqual([5, 11])
  })

  it('has waited long for the pass that follows one of more than four minutes, and for no other', async () => {
    const lease = await taken()
    await refused(event)
    passWithoutTimers(5 * minute)
    expect(await lease.finish(after(1, 1))).toEqual(isAgain({ hasWaitedLong: true }))
    await refused(event)
    expect(await lease.finish(after(1, 1))).toEqual(isAgain({ hasWaitedLong: false }))
    expect(await lease.finish(after(1, 1))).toEqual({ kind: 'ended' })
    expect((await taken()).pass.hasWaitedLong).toBe(false)
  })

  it('still has waited long after a pass that failed, and after one whose holder died', async () => {
    await (await taken()).finish(after(1, 1))
    passWithoutTimers(5 * minute)
    await (await taken()).abandon()
    expect((await taken()).pass.hasWaitedLong).toBe(true)
    passWithoutTimers(21 * second)
    expect(await overdue()).toHaveLength(1)
    expect((await taken()).pass.hasWaitedLong).toBe(true)
  })
})

describe('a series at a target that an endpoint names', () => {
  const fromEndpoint: AskedPass = { ...event, isFromEndpoint: true }

  it.each([
    ['before', [fromEndpoint, event]],
    ['after', [event, fromEndpoint]],
  ])(
    'is one at a target of ours, when an event of the target comes %s the endpoint’s',
    async (_when, asked) => {
      for (const one of asked) await (await taken(one)).finish(after(1, 1))
      expect((await taken({ ...followUp(1), isFromEndpoint: true })).pass.isFromEndpoint).toBe(false)
    },
  )

  it('is one at a target of ours, when word of the target is left during a pass', async () => {
    const lease = await taken(fromEndpoint)
    expect(lease.pass.isFromEndpoint).toBe(true)
    await refused(event)
    expect(await lease.finish(after(1, 1))).toEqual(isAgain({ isFromEndpoint: false }))
  })

  it('stays what it was after a holder that died', async () => {
    await taken(fromEndpoint)
    passWithoutTimers(21 * second)
    expect(await overdue()).toEqual([{ resourceId: target.id, isFromEndpoint: true }])
    expect((await taken(fromEndpoint)).pass.isFromEndpoint).toBe(true)
  })
})

describe('a wait that Azure asked for', () => {
  const wait: NextPass = { attempt: 3, afterSeconds: 20, notSooner: true }

  it('is kept although somebody asked for another pass meanwhile', async () => {
    const lease = await taken()
    await refused(event)
    expect(await lease.finish(wait)).toEqual({ kind: 'ended' })
  })

  it('keeps new events away until it is over, when the pass that was sent for it comes', async () => {
    await (await taken()).finish(wait)
    expect(await refused(event)).toBe('superseded')
    passWithoutTimers(20 * second)
    expect((await taken(followUp(3))).pass.attempt).toBe(0)
  })
})

describe('open work', () => {
  const handedOut = { resourceId: target.id, isFromEndpoint: false }

  it('is handed out when its holder died, once in a minute', async () => {
    await taken()
    expect(await overdue()).toEqual([])
    passWithoutTimers(21 * second)
    expect(await overdue()).toEqual([handedOut])
    expect(await overdue()).toEqual([])
    passWithoutTimers(61 * second)
    expect(await overdue()).toEqual([handedOut])
  })

  it('is handed out when its time has come', async () => {
    await (await taken()).finish(after(30, 1))
    passWithoutTimers(44 * second)
    expect(await overdue()).toEqual([])
    passWithoutTimers(2 * second)
    expect(await overdue()).toEqual([handedOut])
  })

  it('stays on the list after a failed review', async () => {
    await (await taken()).abandon()
    passWithoutTimers(76 * second)
    expect(await overdue()).toEqual([handedOut])
  })

  it('is handed out by one of two hosts that look at once', async () => {
    await taken()
    passWithoutTimers(21 * second)
    expect((await Promise.all([overdue(), overdue()])).flat()).toEqual([handedOut])
  })

  it('that a review took up meanwhile is left to it', async () => {
    await taken()
    passWithoutTimers(21 * second)
    const listed = await memory.list()
    await taken()
    const work: WorkPort = {
      change: (asked, decide) => memory.change(asked, decide),
      list: () => Promise.resolve(listed),
    }
    ports = { ...ports, work }
    expect(await overdue()).toEqual([])
  })
})
