import { setTimeout as wait } from 'node:timers/promises'
import { odata } from '@azure/data-tables'
import { type AskedIn, type CaseHead, closed } from '../domain/case-head.ts'
import type { CaseMember } from '../domain/case-member.ts'
import type { CaseMessage } from '../domain/case-message.ts'
import type { Group } from '../domain/group.ts'
import type { LogEntry } from '../domain/log-entry.ts'
import {
  type CasesPort,
  type ClaimedMessage,
  type JoinedCase,
  type Joining,
  type MemberNow,
  type MessageRef,
} from '../ports/cases.ts'
import { LedgerConflict } from '../ports/ledger.ts'
import type { Step, StoredRow } from '../storage/guarded-table.ts'
import { announceMessage, countNobody, placeOfMessage, tidyMessage } from './case-index.ts'
import { entryOfMember, membersOfMessage } from './case-members.ts'
import {
  caseMessageOf,
  headOf,
  headRow,
  type JoinedPlace,
  joinedPlaceOf,
  joinedRow,
  memberRow,
  messageRow,
} from './case-rows.ts'
import { dueRefs, type DueStatus, isDueAt } from './due-index.ts'
import type { LedgerTable } from './indexes.ts'
import {
  caseIdOf,
  groupPartition,
  headRowKey,
  joinedRowKey,
  keyStartOfCase,
  messageId,
  messageRowKey,
  refOf,
} from './keys.ts'
import { Turns } from './turns.ts'
import { unlessChanged } from './unless-changed.ts'
import type { ReportUnreadable } from './unreadable-row.ts'

/** How long a claim lasts; after that another host may send. Channels and a case of thousands take less. */
const claimMs = 120_000
const maxTries = 40

/**
 * Cases in partitions of their groups. Whoever joins, and whoever claims a message, changes the row `head` under its
 * ETag in the same transaction: nothing joins a message that is being sent.
 */
export class Cases implements CasesPort {
  readonly #requests: LedgerTable
  readonly #index: LedgerTable
  readonly #report: ReportUnreadable
  readonly #now: () => Date
  readonly #turns = new Turns()

  constructor(
    requests: LedgerTable,
    index: LedgerTable,
    report: ReportUnreadable,
    now: () => Date = () => new Date(),
  ) {
    this.#requests = requests
    this.#index = index
    this.#report = report
    this.#now = now
  }

  join(
    group: Group,
    member: CaseMember,
    decide: (head: CaseHead | undefined, asked: AskedIn | undefined) => Joining | undefined,
  ): Promise<JoinedCase | undefined> {
    const key = groupPartition(group)
    return this.#inTurn(key, async () => {
      const earlier = await this.#joinedPlace(key, member.id)
      if (earlier) return { result: joinedBefore(key, earlier) }
      const headStored = await this.#requests.read(key, headRowKey)
      const head = headStored && headOf(this.#requests.name, headStored)
      const joining = decide(head, head && (await this.#askedIn(key, member, head)))
      if (!joining) return { result: undefined }
      const result = await unlessChanged(() => this.#write(key, member, joining, headStored))
      return result && { result }
    })
  }

  due(max: number): Promise<readonly MessageRef[]> {
    return dueRefs(
      {
        ...{ index: this.#index, partition: 'due-messages', now: this.#now(), report: this.#report },
        statusOf: async (ref) => {
          const row = await this.#messageRow(ref)
          return row && this.#statusOf(caseMessageOf(this.#requests.name, row))
        },
      },
      max,
    )
  }

  claim(ref: MessageRef): Promise<ClaimedMessage | undefined> {
    const { partitionKey } = placeOfMessage(ref)
    return this.#inTurn(partitionKey, async () => {
      const row = await this.#messageRow(ref)
      const before = row && caseMessageOf(this.#requests.name, row)
      if (!before || this.#statusOf(before) !== 'due') return { result: undefined }
      const headStored = await this.#requests.read(partitionKey, headRowKey)
      if (!headStored) throw new LedgerConflict(`The case of message "${ref}" has no head.`)
      const head = headOf(this.#requests.name, headStored)
      const after = { ...before, dueAt: this.#after(claimMs), attempts: before.attempts + 1 }
      const headAfter = closed(head, before.series, before.number, this.#now())
      await announceMessage(this.#index, ref, before, after)
      const steps: Step[] = [{ kind: 'replace', row: messageRow(partitionKey, after), etag: row.etag }]
      if (headAfter !== head)
        steps.push({ kind: 'replace', row: headRow(partitionKey, headAfter), etag: headStored.etag })
      const etags = await unlessChanged(() => this.#requests.transaction(steps))
      if (!etags) return undefined
      await tidyMessage(this.#index, ref, before, after)
      const ids = idsOf(partitionKey, before)
      return { result: { ref, ids, group: head.group, message: after, version: etags[0] ?? '' } }
    })
  }

  members(ref: MessageRef): AsyncGenerator<MemberNow> {
    return membersOfMessage(this.#requests, ref, this.#report)
  }

  entryOf(member: CaseMember): Promise<LogEntry | undefined> {
    return entryOfMember(this.#requests, member, this.#report)
  }

  async record(claimed: ClaimedMessage, after: CaseMessage): Promise<ClaimedMessage | undefined> {
    const { partitionKey } = placeOfMessage(claimed.ref)
    await announceMessage(this.#index, claimed.ref, claimed.message, after)
    const version = await unlessChanged(() =>
      this.#requests.replace(messageRow(partitionKey, after), claimed.version),
    )
    if (version === undefined) return undefined
    await tidyMessage(this.#index, claimed.ref, claimed.message, after)
    return { ...claimed, message: after, version }
  }

  async notifiedThrough({ ref, message }: ClaimedMessage): Promise<ReadonlySet<string>> {
    const { partitionKey, rowKey } = placeOfMessage(ref)
    const from = messageRowKey(message.firstMessage)
    const filter = odata`PartitionKey eq ${partitionKey} and RowKey ge ${from} and RowKey lt ${rowKey}`
    const channels = new Set<string>()
    for await (const row of this.#requests.query(filter)) {
      const { caseNumber, deliveries } = caseMessageOf(this.#requests.name, row)
      for (const { channel, state } of deliveries)
        if (state.name === 'sent' && caseNumber === message.caseNumber) channels.add(channel)
    }
    return channels
  }

  async groupOfCase(caseId: string): Promise<Group | undefined> {
    const start = keyStartOfCase(caseId)
    if (start === undefined) return undefined
    const filter = odata`PartitionKey ge ${start} and PartitionKey lt ${`${start}g`} and RowKey eq ${headRowKey}`
    for await (const row of this.#requests.query(filter)) return headOf(this.#requests.name, row).group
    return undefined
  }

  nobodyNotified(): Promise<number> {
    return countNobody(this.#requests, this.#index, this.#report)
  }

  /**
   * Those of one group queue up within an instance; only instances meet at the head. Repeats what met another one.
   * @throws LedgerConflict after repeated conflicts.
   */
  #inTurn<T>(key: string, attempt: () => Promise<{ readonly result: T } | undefined>): Promise<T> {
    return this.#turns.take(key, async () => {
      for (let tries = 1; tries <= maxTries; tries += 1) {
        const done = await attempt()
        if (done) return done.result
        await wait(Math.random() * 10 * tries)
      }
      throw new LedgerConflict('Others change the same case.')
    })
  }

  async #write(
    key: string,
    member: CaseMember,
    { head, message, isFirst }: Joining,
    headStored: StoredRow | undefined,
  ): Promise<JoinedCase> {
    const { number = 0, caseNumber = head.caseNumber } = message ?? {}
    const place: JoinedPlace = { message: number, caseNumber, isFirst }
    const steps: Step[] = [
      headStored
        ? { kind: 'replace', row: headRow(key, head), etag: headStored.etag }
        : { kind: 'insert', row: headRow(key, head) },
      { kind: 'insert', row: memberRow(key, place.message, member) },
      { kind: 'insert', row: joinedRow(key, member.id, place) },
    ]
    const caseId = caseIdOf(key, caseNumber)
    if (!message) {
      await this.#requests.transaction(steps)
      return { caseId, ref: undefined, sendAt: undefined, isFirst, isNew: false }
    }
    const ref = refOf({ partitionKey: key, rowKey: messageRowKey(message.number) })
    const stored = message.isNew ? undefined : await this.#messageRow(ref)
    const before = stored && caseMessageOf(this.#requests.name, stored)
    const after = before ? { ...before, dueAt: message.sendAt } : newMessage(message, this.#after(0))
    if (before?.dueAt !== after.dueAt) {
      await announceMessage(this.#index, ref, before, after)
      const row = messageRow(key, after)
      steps.push(stored ? { kind: 'replace', row, etag: stored.etag } : { kind: 'insert', row })
    }
    await this.#requests.transaction(steps)
    if (before) await tidyMessage(this.#index, ref, before, after)
    return { caseId, ref, sendAt: message.sendAt, isFirst, isNew: message.isNew }
  }

  async #joinedPlace(key: string, memberId: string): Promise<JoinedPlace | undefined> {
    const row = await this.#requests.read(key, joinedRowKey(memberId))
    return row && joinedPlaceOf(this.#requests.name, row)
  }

  /** Where the question is that a member is about; undefined: it has not joined, or the member is a question itself. */
  async #askedIn(key: string, member: CaseMember, head: CaseHead): Promise<AskedIn | undefined> {
    if (member.kind !== 'outcome' && member.kind !== 'reminder') return undefined
    const place = await this.#joinedPlace(key, member.notification.id)
    if (!place) return undefined
    const { message, caseNumber } = place
    if (caseNumber === head.caseNumber) return { message, caseNumber, firstMessage: head.firstMessage }
    const row = await this.#requests.read(key, messageRowKey(message))
    return row && { message, caseNumber, firstMessage: caseMessageOf(this.#requests.name, row).firstMessage }
  }

  #statusOf({ settledAt, dueAt }: CaseMessage): DueStatus {
    if (settledAt !== undefined) return 'over'
    return isDueAt(dueAt, this.#now()) ? 'due' : 'later'
  }

  async #messageRow(ref: MessageRef): Promise<StoredRow | undefined> {
    const { partitionKey, rowKey } = placeOfMessage(ref)
    return this.#requests.read(partitionKey, rowKey)
  }

  #after(ms: number): string {
    return new Date(this.#now().getTime() + ms).toISOString()
  }
}

/** Ids of a message, of its case, and of the first message of the case. */
export function idsOf(
  partitionKey: string,
  { number, caseNumber, firstMessage }: Pick<CaseMessage, 'number' | 'caseNumber' | 'firstMessage'>,
): ClaimedMessage['ids'] {
  return {
    message: messageId(partitionKey, number),
    case: caseIdOf(partitionKey, caseNumber),
    first: messageId(partitionKey, firstMessage),
  }
}

function joinedBefore(key: string, { caseNumber, isFirst }: JoinedPlace): JoinedCase {
  return { caseId: caseIdOf(key, caseNumber), ref: undefined, sendAt: undefined, isFirst, isNew: false }
}

function newMessage(
  { number, caseNumber, firstMessage, series, kind, sendAt }: NonNullable<Joining['message']>,
  openedAt: string,
): CaseMessage {
  return {
    ...{ number, caseNumber, firstMessage, series, kind, openedAt, dueAt: sendAt },
    state: 'waiting',
    settledAt: undefined,
    attempts: 0,
    deliveries: [],
    nobodyAt: undefined,
    problem: undefined,
    changes: [],
  }
}
