import { approveAndRemember, proposeRule } from '../../shared/decide/approve-and-remember.ts'
import { decide } from '../../shared/decide/decide.ts'
import { chosenOutcome } from '../../shared/domain/choice.ts'
import type { SignedIn } from '../../shared/domain/caller.ts'
import type { LogEntry } from '../../shared/domain/log-entry.ts'
import type { Request } from '../../shared/domain/request.ts'
import type { Rule } from '../../shared/domain/rule.ts'
import type { Outgoing } from '../../shared/http/outgoing.ts'
import { respond } from '../../shared/http/respond.ts'
import { type RouteRow, routes } from '../../shared/http/routes.ts'
import { Requests } from '../../shared/ledger/requests.ts'
import { createPages } from '../../shared/pages/pages.ts'
import type { RequestRecord } from '../../shared/ports/ledger.ts'
import type { Addition, RuleAdditionsPort } from '../../shared/ports/rule-additions.ts'
import { MemoryLedger } from './memory-ledger.ts'
import { withRoles } from './sample-decisions.ts'
import { confirmed, pageRecord, pageSettings } from './sample-pages.ts'
import { connectionNamed, sampleRequest } from './sample-request.ts'

const start = Date.parse('2026-12-01T08:00:00Z')
export const annAdmin: SignedIn = withRoles('Approver', 'RuleAdmin')

/** The pages of one request that waits, with the use cases behind them, on tables in memory. */
export class DecisionPages {
  readonly clock = { at: start }
  readonly #now = () => new Date(this.clock.at)
  readonly memory = new MemoryLedger(this.#now)
  readonly #requests = new Requests(this.memory.requests, this.memory.index, ({ message }) => {
    throw new Error(message)
  })
  /** The allow-list. */
  readonly rules: Rule[] = []
  /** What an addition comes to; undefined: it is added. */
  addition: Addition | undefined
  /** Runs before each read of the allow-list. */
  beforeRead: () => void | Promise<void> = () => undefined
  queueFailure: Error | undefined
  /** What a review pass makes of a decision as soon as it is asked for. */
  reviewed: Partial<Request> = { state: sampleRequest('applying').state }
  queued = 0
  readonly lines: string[] = []
  readonly #log = {
    info: (message: string) => void this.lines.push(message),
    warn: (message: string) => void this.lines.push(message),
    error: (message: string) => void this.lines.push(message),
  }
  readonly #additions: Pick<RuleAdditionsPort, 'read'> = {
    read: async () => {
      await this.beforeRead()
      return {
        rules: this.rules,
        lastChange: undefined,
        add: (content, { who, at }) => {
          if (this.addition) return Promise.resolve(this.addition)
          this.rules.push({ ...content, version: 1, changedBy: who, changedAt: at.toISOString() })
          return Promise.resolve({ kind: 'added', version: 1 })
        },
      }
    },
  }
  readonly #ports = {
    requests: this.#requests,
    ledger: this.memory.ledger,
    queue: {
      enqueue: async () => {
        this.queued += 1
        const before = await this.record()
        // A review is asked for before a decision is recorded, too.
        if (chosenOutcome(before.request.choices) === undefined || before.request.state.name !== 'open')
          return
        if (this.queueFailure) throw this.queueFailure
        await this.#review(before)
      },
      recoveryMessage: () => ({ postpone: () => Promise.resolve(), cancel: () => Promise.resolve() }),
    },
    hints: { hint: () => Promise.resolve() },
    additions: this.#additions,
    maxApplyingMs: 0,
    log: this.#log,
    now: this.#now,
  }
  readonly #pages = createPages({
    requests: this.#requests,
    cases: { find: () => Promise.resolve(undefined), caseOf: () => Promise.resolve(undefined) },
    jobs: { ofCase: () => Promise.resolve([]) },
    decideCase: () => Promise.resolve({ kind: 'not-found' }),
    now: this.#now,
    links: { find: () => Promise.resolve('link-malformed') },
    settings: pageSettings,
    decide: (decision, person) => decide(this.#ports, decision, person),
    remember: {
      propose: (wish, person) => proposeRule(this.#ports, wish, person),
      approve: (wish, shownHash, person) => approveAndRemember(this.#ports, wish, shownHash, person),
    },
    maxApplyingMs: 0,
    ruleOf: (ruleId) => Promise.resolve(this.rules.find(({ id }) => id === ruleId)),
  })
  #key = connectionNamed('stlake.4f3c9a52')
  decisionId = ''

  /** A request that waits. */
  async opened(change: { request?: Partial<Request>; entry?: Partial<LogEntry> } = {}): Promise<this> {
    this.decisionId = this.memory.ledger.nextEntryId(this.#key, undefined, 1)
    const { request, lastEntry } = pageRecord({
      request: { decisionId: this.decisionId, ...change.request },
      entry: { proof: confirmed, decisionId: this.decisionId, ...change.entry },
    })
    await this.memory.ledger.write(this.#key, undefined, {
      ...{ request, entry: lastEntry, notification: undefined },
    })
    return this
  }

  /** Something is recorded about the request. */
  async changed(entry: Partial<LogEntry>): Promise<void> {
    const before = await this.memory.ledger.read(this.#key)
    if (!before) throw new Error('There is no request.')
    const change = { request: before.request, entry: { ...before.lastEntry, ...entry } }
    await this.memory.ledger.write(this.#key, before, { ...change, notification: undefined })
  }

  async #review(before: RequestRecord): Promise<void> {
    const request = { ...before.request, ...this.reviewed }
    const person = before.request.choices[0]?.person
    const actor = { kind: 'person', objectId: person?.objectId ?? '', name: person?.name ?? '' } as const
    const entry = { ...before.lastEntry, kind: 'intent', state: request.state.name, actor } as const
    await this.memory.ledger.write(this.#key, before, { request, entry, notification: undefined })
  }

  async record() {
    const record = await this.memory.ledger.read(this.#key)
    if (!record) throw new Error('There is no request.')
    return record
  }

  /** The page of the request. */
  get(signedIn = annAdmin): Promise<Outgoing> {
    return this.#call('request', signedIn)
  }

  /** Sends a form, with what its page had in hidden fields. */
  async post(
    name: 'decision' | 'rule',
    fields: Readonly<Record<string, string>>,
    signedIn = annAdmin,
  ): Promise<Outgoing> {
    const hidden = { formToken: 'form-token', version: (await this.record()).hash }
    return this.#call(name, signedIn, { ...hidden, ...fields })
  }

  #call(name: 'request' | 'decision' | 'rule', signedIn: SignedIn, fields: Record<string, string> = {}) {
    const row: RouteRow = routes[name]
    const { publicOrigin } = pageSettings
    const incoming = {
      method: name === 'request' ? 'GET' : 'POST',
      url: `${publicOrigin}/${row.route.replace('{id}', this.decisionId)}`,
      headers: new Headers({ origin: publicOrigin, 'sec-fetch-site': 'same-origin' }),
      ...{ params: { id: this.decisionId }, query: new URLSearchParams() },
      text: () => Promise.resolve(new URLSearchParams(fields).toString()),
    }
    const ports = () => Promise.resolve({ publicOrigin, authenticate: () => Promise.resolve(signedIn) })
    return respond({ ...row, guard: ['Reader', 'Approver'] }, incoming, ports, this.#log, ({ form }) => {
      if (name === 'request') return this.#pages.request(incoming, signedIn)
      return name === 'rule'
        ? this.#pages.remember(incoming, signedIn, form)
        : this.#pages.decide(incoming, signedIn, form)
    })
  }
}

/** The value of a hidden field on a page. */
export function hiddenIn({ body = '' }: Outgoing, name: string): string {
  return new RegExp(`name="${name}" value="([^"]*)"`).exec(body)?.[1] ?? ''
}
