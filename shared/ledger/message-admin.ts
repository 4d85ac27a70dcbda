import { closed } from '../domain/case-head.ts'
import { type CaseMessage, discarded, type MessageChange, retried } from '../domain/case-message.ts'
import type { Group } from '../domain/group.ts'
import { LedgerConflict } from '../ports/ledger.ts'
import type { Step } from '../storage/guarded-table.ts'
import {
  announceMessage,
  failedMessages,
  type ListedMessage,
  placeOfMessage,
  tidyMessage,
  waitingMessages,
} from './case-index.ts'
import { caseMessageOf, headOf, headRow, messageRow } from './case-rows.ts'
import { idsOf } from './cases.ts'
import { rowsBeginningWith } from './decision-row.ts'
import type { LedgerTable } from './indexes.ts'
import { headRowKey, placeOfMessageId, refOf } from './keys.ts'
import { placeOf } from './read-row.ts'
import { unlessChanged } from './unless-changed.ts'
import type { ReportUnreadable } from './unreadable-row.ts'

/** A message as a person sees it. */
export interface MessageForPerson {
  readonly id: string
  readonly case: string
  readonly group: Group | undefined
  readonly message: CaseMessage
}

/** What a person asked for cannot be done with this message. */
export class MessageSettled extends Error {
  override name = 'MessageSettled'
}

/** Messages about cases, as a person lists and changes them. */
export class MessageAdmin {
  readonly #requests: LedgerTable
  readonly #index: LedgerTable
  readonly #report: ReportUnreadable

  constructor(requests: LedgerTable, index: LedgerTable, report: ReportUnreadable) {
    this.#requests = requests
    this.#index = index
    this.#report = report
  }

  /** Messages that failed for good, or wait to be sent. */
  async *list(state: 'failed' | 'waiting'): AsyncGenerator<MessageForPerson> {
    const listed = state === 'failed' ? failedMessages : waitingMessages
    for await (const one of listed(this.#requests, this.#index, this.#report)) yield this.#forPerson(one)
  }

  /**
   * Sends a message again, or gives it up, in one transaction. Undefined when there is no such message.
   * @throws MessageSettled when it was sent, dropped or given up already.
   * @throws LedgerConflict when it was changed meanwhile.
   */
  async change(id: string, change: MessageChange): Promise<MessageForPerson | undefined> {
    const found = await this.#find(id)
    if (!found) return undefined
    const { ref, message, etag } = found
    if (message.state !== 'waiting' && message.state !== 'failed')
      throw new MessageSettled(`The message ${id} is ${message.state} already.`)
    const { partitionKey } = placeOfMessage(ref)
    const after = change.action === 'retry' ? retried(message, change) : discarded(message, change)
    const steps: Step[] = [{ kind: 'replace', row: messageRow(partitionKey, after), etag }]
    // Nothing may join a message that is not sent any more.
    const headStored = await this.#requests.read(partitionKey, headRowKey)
    const head = headStored && headOf(this.#requests.name, headStored)
    const headAfter = head && closed(head, message.series, message.number, new Date(change.at))
    if (headStored && headAfter !== undefined && headAfter !== head)
      steps.push({ kind: 'replace', row: headRow(partitionKey, headAfter), etag: headStored.etag })
    await announceMessage(this.#index, ref, message, after)
    if (!(await unlessChanged(() => this.#requests.transaction(steps))))
      throw new LedgerConflict(`The message ${id} was changed meanwhile; look at it again.`)
    await tidyMessage(this.#index, ref, message, after)
    return this.#forPerson({ ref, message: after, etag })
  }

  async #find(id: string): Promise<ListedMessage | undefined> {
    const place = placeOfMessageId(id)
    if (!place) return undefined
    for await (const row of rowsBeginningWith(this.#requests, place))
      return { ref: refOf(placeOf(row)), message: caseMessageOf(this.#requests.name, row), etag: row.etag }
    return undefined
  }

  async #forPerson({ ref, message }: ListedMessage): Promise<MessageForPerson> {
    const { partitionKey } = placeOfMessage(ref)
    const ids = idsOf(partitionKey, message)
    const headStored = await this.#requests.read(partitionKey, headRowKey)
    const group = headStored && headOf(this.#requests.name, headStored).group
    return { id: ids.message, case: ids.case, group, message }
  }
}
