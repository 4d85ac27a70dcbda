import type { Connection } from '../../shared/domain/connection.ts'
import { confirmed, connection, factory, FakeReview, id, salesToLake } from './fake-review.ts'

export const otherFactory = id(factory.id.replace('adf-sales', 'adf-other'))
export const otherToLake = {
  ...salesToLake,
  id: 'other-to-lake',
  requester: { kind: 'resource', id: otherFactory.id },
} as const

/** A review at which many requests arrive: those that are called `other…` are of the other factory. */
export class BurstReview extends FakeReview {
  constructor() {
    super()
    this.allow(salesToLake, otherToLake)
    this.proofOf = ({ id: { name } }) =>
      name.startsWith('other')
        ? { ...confirmed, requester: { kind: 'data-factory', id: otherFactory } }
        : undefined
  }

  /** These rules are the allow-list. */
  allow(...all: (typeof salesToLake)[]): void {
    this.rules = { complete: true, rules: all, hash: JSON.stringify(all) }
  }

  /** Requests `{name}1`, `{name}2`… come in beside what is there. */
  come(name: string, count: number, change: Partial<Connection> = {}): void {
    const more = Array.from({ length: count }, (_, index) => connection(`${name}${index + 1}`, change))
    this.live = [...this.live, ...more]
  }

  /** How many decisions on requests of that name were written. */
  written(name: string): number {
    return this.writes.filter(({ connection: { id: written } }) => written.name.startsWith(name)).length
  }
}
