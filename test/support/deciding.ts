import { decide, type Decided, type Decision } from '../../shared/decide/decide.ts'
import type { Person } from '../../shared/domain/caller.ts'
import type { SubjectKey } from '../../shared/ports/ledger.ts'
import type { FoundRequest } from '../../shared/ports/requests.ts'
import type { ReviewPorts } from '../../shared/review/ports.ts'
import type { FakeReview } from './fake-review.ts'
import { connection, endpoint, id } from './request-parts.ts'

export const ann: Person = {
  ...{ kind: 'person', tenantId: 'tenant', objectId: 'a11ce000-0001-4d2c-9b3a-c0de5e1f0001' },
  ...{ name: 'Ann Approver', roles: ['Approver'], groups: [] },
}
export const ben: Person = { ...ann, objectId: 'be400000-0002-4d2c-9b3a-c0de5e1f0002', name: 'Ben Approver' }

/** The page of a request for the lake, which waits as no rule matches it. */
export async function pageOfWaiting(world: FakeReview): Promise<Page> {
  world.rules = { complete: true, rules: [], hash: 'none' }
  world.live = [connection('mpe', { endpoint: endpoint('a'), groupIds: ['blob'] })]
  await world.review()
  const page = new Page(world.ports, connection('mpe').id.id)
  await page.open()
  return page
}

/** A person at the page of the one request on a connection. */
export class Page {
  readonly #ports: ReviewPorts
  readonly #key: SubjectKey
  #shown: FoundRequest | undefined

  constructor(ports: ReviewPorts, connectionId: string) {
    this.#ports = ports
    this.#key = { kind: 'connection', id: id(connectionId) }
  }

  /** The request as it is now. */
  async find(): Promise<FoundRequest | undefined> {
    const record = await this.#ports.ledger.read(this.#key)
    return record && { record, entry: record.lastEntry }
  }

  /** The page is opened, and shows what it shows until it is opened again. */
  async open(): Promise<FoundRequest> {
    this.#shown = await this.find()
    if (!this.#shown) throw new Error('There is no such request.')
    return this.#shown
  }

  /** A button is clicked on the page that is open. */
  click(outcome: Decision['outcome'], person: Person = ann, reason?: string): Promise<Decided> {
    const shown = this.#shown
    if (!shown) throw new Error('No page is open.')
    const none = { records: [], total: 0 }
    const requests = {
      find: () => this.find(),
      open: () => Promise.resolve(none),
      unfinishedOn: () => Promise.resolve(none),
      endedOn: () => Promise.resolve([]),
      endedOf: () => Promise.resolve([]),
    }
    const { decisionId } = shown.record.request
    const decision = { decisionId, version: shown.record.hash, outcome, reason }
    return decide({ ...this.#ports, requests }, decision, person)
  }
}
