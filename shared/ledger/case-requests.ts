import { odata } from '@azure/data-tables'
import type { CaseKind } from '../domain/case.ts'
import { foldCase } from '../domain/fold-case.ts'
import type { GroupKind } from '../domain/group.ts'
import { historyOwner } from '../domain/history-owner.ts'
import { endpointIdOf, isUnfinished } from '../domain/request.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import type { CaseContent, CaseLimits, CaseReader, CaseRequestsPort } from '../ports/case-requests.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import { type Candidate, contentOf } from './case-content.ts'
import { caseMessageOf, headOf, memberOf } from './case-rows.ts'
import { rowsBeginningWith } from './decision-row.ts'
import type { LedgerTable } from './indexes.ts'
import {
  caseNumberOf,
  headRowKey,
  joinedRowKey,
  keyStartOfCase,
  memberRowKey,
  messageRowKey,
  outboxRowKey,
  placeOfDecision,
  recordKey,
  sequenceOf,
} from './keys.ts'
import { storedNotificationOf } from './outbox-row.ts'
import { placeOf } from './read-row.ts'
import type { Requests } from './requests.ts'
import { orReported, type ReportUnreadable } from './unreadable-row.ts'

/** Of those of a burst case that have ended; its index holds only the others. */
const maxEnded = 50
/** Messages of one group, from the first on. */
const afterMessages = 'message;'

const kinds: Readonly<Record<Exclude<GroupKind, 'burst' | 'recipient'>, CaseKind>> = {
  'competing-claims': 'competing-claims',
  target: 'target',
  requester: 'group',
  subscription: 'group',
}

/**
 * The requests of cases. A burst case is named by the decision that opened it, and every other one as its messages name
 * it. What is beyond the limit of a recipient is no case: its requests are in cases of their own.
 */
export class CaseRequests implements CaseRequestsPort {
  readonly #table: LedgerTable
  readonly #requests: Requests
  readonly #report: ReportUnreadable

  constructor(table: LedgerTable, requests: Requests, report: ReportUnreadable) {
    this.#table = table
    this.#requests = requests
    this.#report = report
  }

  async find(caseId: string): Promise<CaseReader | undefined> {
    if (placeOfDecision(caseId)) return this.#burst(caseId)
    const keyStart = keyStartOfCase(caseId)
    const caseNumber = caseNumberOf(caseId) ?? 0
    if (keyStart === undefined || caseNumber < 1) return undefined
    for await (const row of rowsBeginningWith(this.#table, { keyStart, rowKey: headRowKey })) {
      const { group, caseNumber: newest } = headOf(this.#table.name, row)
      if (caseNumber > newest || group.kind === 'recipient') return undefined
      if (group.kind === 'burst') return this.#burst(group.name)
      const members = new Members(this.#table, this.#report, placeOf(row).partitionKey, caseNumber)
      return group.kind === 'competing-claims'
        ? this.#claims(members, group.name)
        : this.#group(kinds[group.kind], members)
    }
    return undefined
  }

  async caseOf({ request: { subject, state, caseId } }: RequestRecord): Promise<string | undefined> {
    if (caseId !== undefined) return caseId
    const sequence = state.name === 'open' ? sequenceOf(state.notificationId) : undefined
    const id = parseResourceId(subject.kind === 'connection' ? subject.connectionId : subject.targetId)
    if (sequence === undefined || !id) return undefined
    const row = await this.#table.read(recordKey({ kind: subject.kind, id }), outboxRowKey(sequence))
    const joined = row && storedNotificationOf(this.#table.name, row).joinedCase
    const keyStart = joined === undefined ? undefined : keyStartOfCase(joined)
    if (joined === undefined || keyStart === undefined) return undefined
    const start = joinedRowKey('')
    const filter = odata`PartitionKey ge ${keyStart} and PartitionKey lt ${`${keyStart}g`} and RowKey ge ${start} and RowKey lt ${`${start.slice(0, -1)};`}`
    const members = this.#table.query(filter, { pageSize: 2 })
    const [first, second] = [await members.next(), await members.next()]
    return first.done === true || second.done === true ? undefined : joined
  }

  async #burst(caseId: string): Promise<CaseReader | undefined> {
    const requests = this.#requests
    const opener = await requests.find(caseId)
    // The host that opened the case may have died before it wrote the decision.
    if (!opener && (await requests.keysInBurstCase(caseId).next()).done === true) return undefined
    const isOf = ({ request }: RequestRecord) => request.caseId === caseId
    async function* candidates(): AsyncGenerator<Candidate> {
      const isOpen = (record: RequestRecord) => isOf(record) && isUnfinished(record.request)
      for await (const key of requests.keysInBurstCase(caseId)) yield { key, isOf: isOpen }
    }
    const content = async (limits: CaseLimits): Promise<CaseContent> => {
      const found = await contentOf('burst', candidates(), (key) => requests.recordAt(key), limits)
      const target = parseResourceId(opener?.entry.subject.targetId)
      const owner = opener && historyOwner(opener.entry)
      const [ofOwner, onTarget] = await Promise.all([
        owner ? requests.endedOf(owner, maxEnded) : [],
        target ? requests.endedOn(target, maxEnded) : [],
      ])
      const ended = [...ofOwner, ...onTarget].filter((entry) => entry.caseId === caseId)
      const byDecision = new Map(ended.map((entry) => [entry.decisionId, entry]))
      return { ...found, ended: [...byDecision.values()].toSorted((a, b) => (a.at > b.at ? -1 : 1)) }
    }
    return { kind: 'burst', content, has: (record) => Promise.resolve(isOf(record)) }
  }

  #group(kind: CaseKind, members: Members): CaseReader {
    return {
      kind,
      content: (limits) => contentOf(kind, members.all(), (key) => this.#requests.recordAt(key), limits),
      has: ({ request }) => members.has(request.decisionId),
    }
  }

  /** Those that were asked about as competing, and those with the same name that were asked about before. */
  #claims(members: Members, groupName: string): CaseReader {
    const end = groupName.lastIndexOf(' ')
    const [targetId, name] = [groupName.slice(0, end), groupName.slice(end + 1)]
    const target = parseResourceId(targetId)
    const isOf = ({ request: { subject } }: RequestRecord) =>
      name !== '' &&
      parseResourceId(subject.targetId)?.key === target?.key &&
      foldCase(parseResourceId(endpointIdOf(subject))?.name ?? '') === name
    const requests = this.#requests
    async function* candidates(): AsyncGenerator<Candidate> {
      yield* members.all()
      if (!target) return
      for await (const key of requests.keysOnTarget(target))
        yield { key, isOf: (record) => isOf(record) && isUnfinished(record.request) }
    }
    return {
      kind: 'competing-claims',
      content: (limits) =>
        contentOf('competing-claims', candidates(), (key) => requests.recordAt(key), limits),
      has: async (record) => isOf(record) || members.has(record.request.decisionId),
    }
  }
}

/** Which requests joined one case of a group. */
class Members {
  readonly #table: LedgerTable
  readonly #report: ReportUnreadable
  readonly #partition: string
  readonly #caseNumber: number

  constructor(table: LedgerTable, report: ReportUnreadable, partition: string, caseNumber: number) {
    this.#table = table
    this.#report = report
    this.#partition = partition
    this.#caseNumber = caseNumber
  }

  async *all(): AsyncGenerator<Candidate> {
    const numbers = await this.#messages()
    const [first, last] = [numbers.at(0), numbers.at(-1)]
    if (first === undefined || last === undefined) return
    const [from, to] = [memberRowKey(first, ''), memberRowKey(last + 1, '')]
    const filter = odata`PartitionKey eq ${this.#partition} and RowKey ge ${from} and RowKey lt ${to}`
    for await (const row of this.#table.query(filter)) {
      const member = orReported(this.#report, () => memberOf(this.#table.name, row))
      if (member?.kind !== 'request') continue
      const episode = episodeIn(member.notification.decisionId)
      yield { key: member.recordKey, isOf: ({ request }) => episodeIn(request.decisionId) === episode }
    }
  }

  /** Whether the request of a decision joined the case, by this decision or another one of its episode. */
  async has(decisionId: string): Promise<boolean> {
    const episode = episodeIn(decisionId)
    const start = joinedRowKey(`${episode}.`)
    const filter = odata`PartitionKey eq ${this.#partition} and RowKey ge ${start} and RowKey lt ${`${start.slice(0, -1)}/`}`
    for await (const row of this.#table.query(filter))
      if (row.columns['caseNumber'] === this.#caseNumber) return true
    return false
  }

  async #messages(): Promise<readonly number[]> {
    const filter = odata`PartitionKey eq ${this.#partition} and RowKey ge ${messageRowKey(0)} and RowKey lt ${afterMessages}`
    const numbers: number[] = []
    for await (const row of this.#table.query(filter)) {
      const message = orReported(this.#report, () => caseMessageOf(this.#table.name, row))
      if (message?.caseNumber === this.#caseNumber) numbers.push(message.number)
    }
    return numbers
  }
}

/** The part of a decision's id that names connection and episode. */
function episodeIn(decisionId: string): string {
  return decisionId.split('.').slice(0, 2).join('.')
}
