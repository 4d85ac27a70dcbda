import type { Person } from '../../shared/domain/caller.ts'
import { isBeingApplied, type Request } from '../../shared/domain/request.ts'
import type { LogEntry } from '../../shared/domain/log-entry.ts'
import type { Notification } from '../../shared/domain/notification.ts'
import type { Rule } from '../../shared/domain/rule.ts'
import type { Decided, Decision } from '../../shared/decide/decide.ts'
import type { LedgerPort } from '../../shared/ports/ledger.ts'
import type { ReviewPorts } from '../../shared/review/ports.ts'
import { review } from '../../shared/review/review-target.ts'
import { randomOf } from '../unit/policy/corpus-random.ts'
import { ann, ben, Page } from './deciding.ts'
import { connection, endpoint, FakeReview, salesToLake, storyOf, target } from './fake-review.ts'
import { Interleaving } from './interleaving.ts'
import { brokenInLog } from './life/laws.ts'

const ask: Rule = { ...salesToLake, id: 'ask', effect: 'ask', requester: undefined }
const lists: Readonly<Record<string, readonly Rule[]>> = {
  nothing: [],
  'one approval': [ask],
  'two approvals': [{ ...ask, requiredApprovals: 2 }],
  allow: [salesToLake],
  deny: [{ ...salesToLake, id: 'no', effect: 'deny', requester: undefined }],
}

interface Click {
  readonly person: Person
  readonly outcome: Decision['outcome']
  readonly decided: Decided
}

/** What was written to the ledger. */
interface Written {
  readonly entries: LogEntry[]
  readonly notifications: Notification[]
}

/** The same ledger, which notes what is written. */
function noting(ledger: LedgerPort, { entries, notifications }: Written): LedgerPort {
  return new Proxy(ledger, {
    get: (held, name) => {
      const value: unknown = Reflect.get(held, name)
      if (name !== 'write') return typeof value === 'function' ? (value.bind(held) as unknown) : value
      const write: LedgerPort['write'] = async (subject, before, change) => {
        const record = await held.write(subject, before, change)
        entries.push(record.lastEntry)
        if (change.notification) notifications.push(change.notification)
        return record
      }
      return write
    },
  })
}

/** What happened, for the message of a failure and the count of what was played. */
export interface Played {
  readonly script: string
  readonly end: string
  readonly problems: readonly string[]
}

/**
 * One request that waits, and at the same instant two approvers, a withdrawal, a change of the rules and passes of two
 * hosts, in an order that the seed decides.
 * @param ledgerOf the ledger; left out: the one in memory.
 */
export async function decidedAtOnce(
  seed: number,
  ledgerOf: (world: FakeReview) => Promise<LedgerPort> = (world) => Promise.resolve(world.ports.ledger),
): Promise<Played> {
  const random = randomOf(seed, 0)
  const world = new FakeReview()
  const firstList = random.pick(['nothing', 'one approval', 'two approvals'])
  world.rules = { complete: true, rules: lists[firstList] ?? [], hash: firstList }
  world.live = [connection('mpe', { endpoint: endpoint('a'), groupIds: ['blob'] })]
  world.work.arrange(target, undefined)
  const written: Written = { entries: [], notifications: [] }
  const ports: ReviewPorts = {
    ...world.ports,
    ledger: noting(await ledgerOf(world), written),
    timings: { ...world.ports.timings, renewSeconds: 3600 },
    connections: {
      ...world.ports.connections,
      // As Azure does it: what is gone cannot be written.
      apply: async (one, write) => {
        const isGone = world.live.length === 0
        const outcome = await world.ports.connections.apply(one, write)
        return isGone ? { kind: 'gone' } : outcome
      },
    },
  }
  await review(ports, world.message())

  const interleaving = new Interleaving(random)
  const apart: ReviewPorts = {
    ...ports,
    ledger: interleaving.around(ports.ledger),
    connections: interleaving.around(ports.connections),
    work: interleaving.around(ports.work),
    queue: interleaving.around(ports.queue),
    rules: interleaving.around(ports.rules),
    claims: interleaving.around(ports.claims),
    askers: interleaving.around(ports.askers),
    hints: interleaving.around(ports.hints),
  }
  const clicks: Click[] = []
  const clickOf = (person: Person, outcome: Decision['outcome']) => async () => {
    const page = new Page(apart, connection('mpe').id.id)
    await page.open()
    clicks.push({ person, outcome, decided: await page.click(outcome, person) })
  }
  const passOf = () => review(apart, world.message())
  const outcomes = [
    random.pick(['approve', 'reject'] as const),
    random.pick(['approve', 'approve', 'reject'] as const),
  ]
  const change = random.pick(['nothing', 'allow', 'deny', 'two approvals', 'one approval'])
  const isWithdrawn = random.chance(0.3)
  const acts: Readonly<Record<string, () => Promise<unknown>>> = {
    ann: clickOf(ann, outcomes[0] ?? 'approve'),
    ben: clickOf(ben, outcomes[1] ?? 'approve'),
    'a withdrawal': () => {
      if (isWithdrawn) world.live = []
      return Promise.resolve()
    },
    'a change of the rules': () => {
      if (random.chance(0.5))
        world.rules = { complete: true, rules: lists[change] ?? [], hash: `${change} since` }
      return Promise.resolve()
    },
    // The expiry of the question joins here, once it is a part of the life of a request.
    'first host': passOf,
    'second host': passOf,
    'first host again': passOf,
  }
  await interleaving.run(Object.values(acts))
  for (let passes = 0; passes < 5; passes += 1) {
    world.time += 61_000
    await review(ports, world.message())
  }
  const late = new Page(ports, connection('mpe').id.id)
  const { record } = await late.open()
  const tooLate = await late.click('approve', { ...ben, objectId: 'somebody-else', name: 'Somebody Else' })
  const script = `${firstList}, then ${String(world.rules.complete && world.rules.hash)}; ${clicks.map(({ person, outcome, decided }) => `${person.name} ${outcome}: ${decided.kind}`).join(', ')}${isWithdrawn ? '; withdrawn' : ''}; ${written.entries.map(storyOf).join(' ')}`
  return {
    script,
    end: record.request.state.name,
    problems: problemsOf(world, written, record.request, clicks, tooLate, isWithdrawn),
  }
}

/** What is not as it should be. */
function problemsOf(
  world: FakeReview,
  { entries, notifications }: Written,
  request: Request,
  clicks: readonly Click[],
  tooLate: Decided,
  isWithdrawn: boolean,
): readonly string[] {
  const { state, choices } = request
  const sent = world.writes.map(({ write }) => write.status)
  const taken = clicks.filter(({ decided }) => decided.kind === 'chosen')
  const complete = taken.filter(({ decided }) => decided.kind === 'chosen' && decided.isComplete)
  const isApplied = state.name === 'applied'
  const shown = world.live[0]?.status
  const sentence = tooLate.kind === 'refused' ? tooLate.obstacle.sentence : ''
  const isByPeople = isApplied && choices.length > 0
  const problems = {
    [`sends ${sent.length} decisions`]: sent.length > 1,
    'shows in Azure what is not in the ledger':
      isApplied && !isWithdrawn && shown !== (state.outcome === 'approve' ? 'Approved' : 'Rejected'),
    'is decided in Azure, and not in the ledger':
      !isApplied && (shown === 'Approved' || shown === 'Rejected'),
    'is left being applied': isBeingApplied(request),
    'is applied for people of whom one did not choose so': choices.some(
      ({ person, outcome }) =>
        !taken.some((one) => one.person?.objectId === person?.objectId && one.outcome === outcome),
    ),
    'is approved although somebody’s rejection was taken before':
      isApplied && state.outcome === 'approve' && complete.some(({ outcome }) => outcome === 'reject'),
    'tells the loser nothing': state.name !== 'open' && tooLate.kind !== 'refused',
    'does not tell the loser who won':
      isByPeople && !choices.every(({ person }) => sentence.includes(person?.name ?? '')),
    'tells the loser of somebody who has not won': !isByPeople && /Ann|Ben/.test(sentence),
    'drops a choice in silence':
      complete.length > 0 &&
      state.name === 'open' &&
      !notifications.some(({ code }) => code === 'choice-outdated'),
    'says that it waits, and nobody was notified': state.name === 'open' && notifications.length === 0,
    'is withdrawn, and not gone': state.name === 'withdrawn' && !isWithdrawn,
    'breaks a law of the log': brokenInLog(entries).length > 0,
  }
  return Object.entries(problems).flatMap(([problem, isSo]) => (isSo ? [problem] : []))
}
