import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { WorkState } from '../../shared/domain/target-work.ts'
import type { WorkChange } from '../../shared/ports/work.ts'
import { asFollowUp } from '../../shared/review/ask-for-review.ts'
import { AzureFailed } from '../../shared/ports/azure.ts'
import { nextPass, type PassEnd } from '../../shared/review/next-pass.ts'
import {
  abandon,
  type AskedPass,
  begin,
  claim,
  defaultTimings,
  finish,
  isFollowed,
  lastAttempt,
  type NextPass,
  postpone,
  renew,
  type SeriesPass,
} from '../../shared/review/schedule.ts'
import { troubleAfter } from '../../shared/review/trouble.ts'

/** What Azure failed at in a pass, and which of the others were settled. */
interface AzureEnd {
  readonly isWhole: boolean
  readonly parts: readonly string[]
  readonly tried: readonly string[]
  readonly afterSeconds: number
  readonly endsAfterSeconds: number | undefined
}

type Step =
  | { readonly kind: 'begin'; readonly asked: AskedPass }
  | { readonly kind: 'deliver'; readonly which: number }
  | { readonly kind: 'renew'; readonly who: number }
  | { readonly kind: 'abandon'; readonly who: number }
  | {
      readonly kind: 'finish'
      readonly who: number
      readonly end: PassEnd
      readonly azure: AzureEnd | undefined
      readonly isLate: boolean
    }
  | { readonly kind: 'claim' }
  | { readonly kind: 'postpone'; readonly isFromEndpoint: boolean; readonly afterSeconds: number }
  | { readonly kind: 'wait'; readonly milliseconds: number }

const attempt = fc.integer({ min: 0, max: lastAttempt })
const who = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat({ max: 3 }))
const seconds = (max: number) => fc.integer({ min: 1, max })
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 })
/** Ends of passes at which Azure failed: at the list, or at some of three connections. */
const anyTrouble = fc.record({
  isWhole: fc.boolean(),
  parts: fc.subarray(['a', 'b', 'c'], { minLength: 1 }),
  tried: fc.subarray(['a', 'b', 'c']),
  afterSeconds: fc.integer({ min: 0, max: 300 }),
  endsAfterSeconds: maybe(fc.constantFrom(1800, 86_400)),
})
const recheckSeconds = fc.oneof(seconds(90), seconds(86_400))
const anyEnd: fc.Arbitrary<PassEnd> = fc.oneof(
  fc.constant({}),
  fc.record({ recheckSeconds }),
  fc.record({
    ...{ backSeconds: maybe(seconds(3600)), recheckSeconds: maybe(recheckSeconds) },
    conflicts: maybe(seconds(20)),
  }),
)
const lastOfSeries = { attempt: lastAttempt, isFollowUp: false }
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('begin' as const),
      asked: fc.oneof(
        fc.record({ attempt, isFollowUp: fc.boolean(), isFromEndpoint: fc.boolean() }),
        fc.record({ isFromEndpoint: fc.boolean() }).map((one) => ({ ...lastOfSeries, ...one })),
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('finish' as const),
      who,
      end: anyEnd,
      azure: maybe(anyTrouble),
      isLate: fc.boolean(),
    }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('deliver' as const), which: fc.nat({ max: 9 }) }) },
  fc.record({ kind: fc.constant('renew' as const), who }),
  fc.record({ kind: fc.constant('abandon' as const), who }),
  fc.record({ kind: fc.constant('claim' as const) }),
  fc.record({
    kind: fc.constant('postpone' as const),
    isFromEndpoint: fc.boolean(),
    afterSeconds: fc.integer({ min: 1, max: 600 }),
  }),
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      milliseconds: fc.oneof(fc.integer({ min: 1, max: 25_000 }), fc.integer({ min: 1, max: 400_000 })),
    }),
  },
)

/** As a pass does it: a pass without trouble has settled everything. */
function troubleOf(pass: SeriesPass, azure: AzureEnd | undefined, at: number): PassEnd {
  const { isWhole, parts, tried, afterSeconds, endsAfterSeconds } = azure ?? noTrouble
  const ids = isWhole ? ['list'] : parts
  const error = new AzureFailed({ code: 'Busy', message: 'No.' }, afterSeconds)
  const failed = new Map(ids.map((id) => [id, { id, error }]))
  const succeeded = new Set(isWhole ? [] : ['list', ...tried])
  const end = troubleAfter(pass.trouble ?? [], { failed, succeeded }, at, isWhole)
  return isWhole ? { ...end, endsAfterSeconds } : end
}

const noTrouble: AzureEnd = {
  ...{ isWhole: false, parts: [], tried: ['a', 'b', 'c'], afterSeconds: 0, endsAfterSeconds: undefined },
}

/** One target, and reviews that work on it: some slow, some dead, some unaware that they were taken over. */
class Target {
  at = 0
  state: WorkState | undefined
  /** Each review that has not ended, whether or not it still holds the lease, and its pass. */
  readonly reviews: { readonly holder: string; pass: SeriesPass }[] = []
  /** The last pass that began, by whom it was asked for and what the state was before. */
  onPass: (pass: SeriesPass, before: WorkState | undefined, asked: AskedPass | undefined) => void = () =>
    undefined
  onBusy: (asked: AskedPass) => void = () => undefined
  onNext: (next: NextPass | undefined, pass: SeriesPass, end: PassEnd) => void = () => undefined
  /** The messages for further passes, newest first: late, doubled and never forgotten. */
  readonly sent: AskedPass[] = []
  #count = 0

  get moment() {
    return { at: this.at, timings: defaultTimings }
  }

  holds(holder: string): boolean {
    return renew(this.state, holder, this.moment).result === 'renewed'
  }

  play(step: Step): void {
    switch (step.kind) {
      case 'wait':
        this.at += step.milliseconds
        return
      case 'begin':
        this.#begin(step.asked)
        return
      case 'deliver': {
        const message = this.sent[step.which]
        if (message) this.#begin(message)
        return
      }
      case 'claim':
        this.#write(claim(this.state, this.moment))
        return
      case 'postpone':
        this.#write(postpone(this.state, step, step.afterSeconds, this.moment))
        return
      default:
        this.#reviewed(step)
    }
  }

  #begin(asked: AskedPass): void {
    this.#count += 1
    const holder = `review ${this.#count}`
    const before = this.state
    const begun = this.#write(begin(before, asked, holder, this.moment))
    if (begun.kind === 'busy') this.onBusy(asked)
    if (begun.kind !== 'begun') return
    this.reviews.unshift({ holder, pass: begun.pass })
    this.onPass(begun.pass, before, asked)
  }

  #reviewed(step: Extract<Step, { readonly who: number }>): void {
    const review = this.reviews[step.who]
    if (!review) return
    const { holder, pass } = review
    if (step.kind === 'renew') {
      this.#write(renew(this.state, holder, this.moment))
      return
    }
    if (step.kind === 'abandon') {
      this.#write(abandon(this.state, holder, this.moment))
      this.reviews.splice(step.who, 1)
      return
    }
    const before = this.state
    const wasHolder = this.holds(holder)
    const end = { ...step.end, ...troubleOf(pass, step.azure, this.at) }
    const next = nextPass(pass, end, step.isLate, this.moment)
    const finished = this.#write(finish(before, holder, pass, next, this.moment))
    if (wasHolder) this.onNext(next, pass, end)
    if (finished.kind === 'ended') {
      this.reviews.splice(step.who, 1)
      const message = next && { ...asFollowUp(next), isFromEndpoint: pass.isFromEndpoint }
      if (message && wasHolder) this.sent.unshift(message)
    } else {
      review.pass = finished.pass
      this.onPass(finished.pass, before, undefined)
    }
  }

  #write<T>({ write, result }: WorkChange<T>): T {
    if (write !== 'keep') this.state = write === 'remove' ? undefined : write
    return result
  }
}

/** Plays random steps on a target that a property watches. */
function whatever(watch: (target: Target) => (step: Step) => void): void {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60, size: 'max' }), (steps) => {
      const target = new Target()
      const check = watch(target)
      for (const step of steps) {
        target.play(step)
        check(step)
      }
    }),
    { numRuns: 1_000 },
  )
}

const notChecked = () => undefined

describe('whatever reviews do in whatever order', () => {
  it('at most one holds the lease, and nobody takes it from one who is alive', () => {
    let passes = 0
    whatever((target) => {
      target.onPass = (_pass, before, asked) => {
        passes += 1
        if (asked && before?.kind === 'held') expect(before.leaseUntil).toBeLessThanOrEqual(target.at)
      }
      return () => {
        const holders = target.reviews.filter(({ holder }) => target.holds(holder))
        expect(holders.length).toBeLessThanOrEqual(1)
        if (target.state?.kind === 'held' && target.state.leaseUntil > target.at) {
          expect(holders.length).toBe(1)
        }
      }
    })
    expect(passes).toBeGreaterThan(1_000)
  })

  it('a series never goes forward when it is begun anew', () => {
    whatever((target) => {
      target.onPass = (pass, before, asked) => {
        if (before) expect(pass.attempt).toBeLessThanOrEqual(before.series.attempt)
        if (asked) expect(pass.attempt).toBeLessThanOrEqual(asked.attempt)
      }
      return notChecked
    })
  })

  it('a pass in between does not use up the pass that waits', () => {
    whatever((target) => {
      target.onPass = (pass, before, asked) => {
        if (!asked || asked.isFollowUp || !before || before.kind === 'held') return
        if (before.kind !== 'due') return
        const next = nextPass(pass, {}, false, target.moment)
        if (before.series.attempt > 0) expect(next?.attempt).toBeLessThanOrEqual(before.series.attempt)
      }
      return notChecked
    })
  })

  it('word left during a pass is answered by a pass, of as many to come as were asked for', () => {
    let written = 0
    whatever((target) => {
      let owed: number | undefined
      target.onBusy = (asked) => (owed = Math.min(owed ?? asked.attempt, asked.attempt))
      target.onPass = ({ attempt }) => {
        if (owed === undefined) return
        expect(attempt).toBeLessThanOrEqual(owed)
        owed = undefined
        written += 1
      }
      return () => {
        if (owed !== undefined) expect(target.state).toBeDefined()
      }
    })
    expect(written).toBeGreaterThan(100)
  })

  it('a target is forgotten only when a pass ends with nothing after it', () => {
    whatever((target) => {
      let before: WorkState | undefined
      let next: NextPass | undefined
      target.onNext = (after) => (next = after)
      return (step) => {
        if (before && !target.state) {
          expect(step.kind).toBe('finish')
          expect(next).toBeUndefined()
          expect(before.series.word).toBeUndefined()
        }
        before = target.state
      }
    })
  })

  it('every target with something to be done is handed out within two hours when all reviews die', () => {
    let rests = 0
    whatever((target) => {
      return () => {
        if (!target.state) return
        const isAtRest = target.state.kind === 'resting'
        if (isAtRest) rests += 1
        const moment = { at: target.at + (isAtRest ? 86_500_000 : 7_200_000), timings: defaultTimings }
        const { result } = claim(target.state, moment)
        expect(result.kind).toBe('claimed')
        if (isAtRest) expect(result).toMatchObject({ attempt: lastAttempt })
      }
    })
    expect(rests).toBeGreaterThan(100)
  })

  it('what is under way is come back to in time, and open requests are rechecked at in time, unless the whole target fails', () => {
    whatever((target) => {
      target.onNext = (next, _pass, { backSeconds, recheckSeconds, failures }) => {
        if (failures?.some(({ isWhole }) => isWhole)) return
        if (backSeconds !== undefined) expect(next?.afterSeconds).toBeLessThanOrEqual(backSeconds)
        if (recheckSeconds !== undefined)
          expect(next?.afterSeconds).toBeLessThanOrEqual(Math.max(recheckSeconds, 60))
      }
      return notChecked
    })
  })

  it('a pass evaluates open requests again when the last one to end has said so, and not before', () => {
    let rechecks = 0
    whatever((target) => {
      let recheckAt: number | undefined
      target.onNext = (next) =>
        (recheckAt = next?.recheckSeconds === undefined ? undefined : target.at + next.recheckSeconds * 1000)
      target.onPass = ({ isRecheck }) => {
        expect(isRecheck).toBe(
          recheckAt === undefined || recheckAt <= target.at + defaultTimings.clockSlackSeconds * 1000,
        )
        if (recheckAt !== undefined && isRecheck) rechecks += 1
      }
      return () => {
        if (!target.state) recheckAt = undefined
      }
    })
    expect(rechecks).toBeGreaterThan(100)
  })

  it('an event at a target at rest begins a series of its own', () => {
    let begun = 0
    whatever((target) => {
      target.onPass = ({ attempt, hasWaitedLong }, before, asked) => {
        if (before?.kind !== 'resting' || !asked || asked.isFollowUp) return
        expect({ attempt, hasWaitedLong }).toEqual({ attempt: asked.attempt, hasWaitedLong: false })
        begun += 1
      }
      return notChecked
    })
    expect(begun).toBeGreaterThan(10)
  })

  it('since when Azure fails at a part is known from the first failure to the pass that settles it', () => {
    let failing = 0
    whatever((target) => {
      let known = new Map<string, number>()
      target.onNext = (next, _pass, { failures = [], trouble = [], endsAfterSeconds = Infinity }) => {
        for (const { id, at } of trouble) expect(at).toBe(known.get(id) ?? target.at)
        known = new Map(trouble.map(({ id, at }) => [id, at]))
        const [first] = failures
        if (!first) return
        if (!next) {
          expect(first.isWhole).toBe(true)
          expect(target.at - first.since).toBeGreaterThanOrEqual(endsAfterSeconds * 1000)
          return
        }
        expect(next.isResting).not.toBe(true)
        expect(next.afterSeconds).toBeGreaterThanOrEqual(first.isWhole ? Math.max(first.afterSeconds, 1) : 1)
        expect(next.afterSeconds).toBeLessThanOrEqual(endsAfterSeconds === Infinity ? 1801 : 3601)
      }
      target.onPass = ({ trouble = [] }) => {
        expect(new Map(trouble.map(({ id, at }) => [id, at]))).toEqual(known)
        failing += trouble.length
      }
      return () => {
        if (!target.state) known = new Map()
      }
    })
    expect(failing).toBeGreaterThan(100)
  })

  it('trouble of one part brings no pass of the others later', () => {
    whatever((target) => {
      target.onNext = (next, pass, end) => {
        const { failures = [], ...others } = end
        if (failures.length === 0 || failures.some(({ isWhole }) => isWhole)) return
        const without = nextPass(
          pass,
          { ...others, backSeconds: others.backSeconds ?? 1801 },
          false,
          target.moment,
        )
        expect(next?.afterSeconds).toBeLessThanOrEqual((without?.afterSeconds ?? Infinity) + 30)
      }
      return notChecked
    })
  })

  it('no pass comes before the time that Azure asked to wait for', () => {
    let waits = 0
    whatever((target) => {
      let notBefore = 0
      target.onNext = (next) => {
        if (!next?.notSooner) return
        waits += 1
        notBefore =
          target.at + (next.waitSeconds ?? next.afterSeconds) * 1000 - defaultTimings.clockSlackSeconds * 1000
      }
      target.onPass = () => expect(target.at).toBeGreaterThanOrEqual(notBefore)
      return notChecked
    })
    expect(waits).toBeGreaterThan(100)
  })

  it('a pass notifies people who have waited for more than four minutes, and no other pass does so early', () => {
    let waitedLong = 0
    whatever((target) => {
      let since: number | undefined
      target.onPass = ({ hasWaitedLong }) => {
        since ??= target.at
        expect(hasWaitedLong).toBe(target.at - since > 240_000)
        if (hasWaitedLong) waitedLong += 1
      }
      // Told before the pass that may follow at once.
      target.onNext = (next, pass) => {
        if (!isFollowed(pass) && !next?.notSooner) since = undefined
      }
      const play = target.play.bind(target)
      target.play = (step) => {
        const isAtRest = !target.state || target.state.kind === 'resting'
        if (step.kind === 'postpone' && isAtRest) since = target.at
        if (step.kind === 'begin' && isAtRest && !step.asked.isFollowUp) since = target.at
        play(step)
      }
      return () => {
        if (!target.state) since = undefined
      }
    })
    expect(waitedLong).toBeGreaterThan(100)
  })

  it('of the messages for further passes that were ever sent, only the last one leads to a pass', () => {
    let begun = 0
    whatever((target) => {
      target.onPass = (_pass, _before, asked) => {
        if (!asked?.isFollowUp) return
        expect(asked.passNumber ?? 0).toBe(target.sent[0]?.passNumber ?? 0)
        begun += 1
      }
      return () => {
        if (!target.state) target.sent.length = 0
      }
    })
    expect(begun).toBeGreaterThan(30)
  })

  it('each pass has a message of its own, and makes those of all passes before it void', () => {
    whatever((target) => {
      let count = 0
      return () => {
        const [last, ...others] = target.sent
        if (target.sent.length === count || !last) return
        count = target.sent.length
        const late = { at: target.at + 86_400_000, timings: defaultTimings }
        const leads = (message: AskedPass) =>
          begin(target.state, message, 'late', late).result.kind === 'begun'
        expect(leads(last)).toBe(true)
        expect(others.filter(({ passNumber }) => passNumber !== last.passNumber).some(leads)).toBe(false)
      }
    })
  })

  it('a series is one of endpoints only while nobody else has asked', () => {
    whatever((target) => {
      let isFromEndpoint = true
      const asked = (by: AskedPass) => (isFromEndpoint &&= by.isFromEndpoint)
      target.onBusy = asked
      target.onPass = (pass, before, by) => {
        if (by) asked(by)
        if (before && !before.series.isFromEndpoint) isFromEndpoint = false
        expect(pass.isFromEndpoint).toBe(isFromEndpoint)
      }
      return () => {
        if (!target.state) isFromEndpoint = true
      }
    })
  })
})
