import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Cases } from '../../../shared/ledger/cases.ts'
import { Ledger } from '../../../shared/ledger/ledger.ts'
import { Outbox } from '../../../shared/ledger/outbox.ts'
import { SendCounters } from '../../../shared/ledger/sends.ts'
import { deliverDue } from '../../../shared/notify/deliver.ts'
import type { RequestRecord } from '../../../shared/ports/ledger.ts'
import { changeOf, episodeOf } from '../../../shared/request/entry.ts'
import { next } from '../../../shared/request/life.ts'
import type { LifeEvent } from '../../../shared/request/step.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { FakeDelivery } from '../../support/fake-delivery.ts'
import { newTable } from '../../support/ledger-tables.ts'
import { evaluated, lake, unlooked, waiting, within } from '../../unit/request/given.ts'

const hourMs = 3_600_000
let azurite: Azurite

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

describe('a request in storage that nobody decides', () => {
  it('is a question, a reminder, an expiry and an outcome in one thread, each said once by many hosts', async () => {
    const [requests, index, limits] = await Promise.all(
      ['requests', 'index', 'limits'].map((name) => newTable(azurite, name)),
    )
    if (!requests || !index || !limits) throw new Error('There are no tables.')
    const delivery = new FakeDelivery()
    const now = () => delivery.now
    const refuse = (problem: Error): void => {
      throw problem
    }
    const ledger = new Ledger(requests, index, refuse, now)
    const key = { kind: 'connection', id: lake().id } as const
    let record: RequestRecord | undefined

    const step = async (event: LifeEvent): Promise<void> => {
      const { draft } = next(record?.request, event, { at: now(), isFollowed: false })
      if (!draft) throw new Error('Nothing is written.')
      const entryId = ledger.nextEntryId(key, record, episodeOf(record?.request))
      const { id, target, endpoint } = lake()
      const subject = {
        ...({ kind: 'connection', connectionId: id.id, targetId: target.id } as const),
        endpointId: endpoint?.id,
      }
      const stamp = { subject, at: now(), correlationId: undefined, entryId, expiresAfter: 'P1D' }
      await ledger.write(key, record, changeOf(record, draft, stamp))
      record = await ledger.read(key)
    }
    const deliver = async (): Promise<void> => {
      for (let run = 0; run < 3; run += 1) {
        const hosts = [1, 2, 3].map(() => ({
          outbox: new Outbox(requests, index, refuse, now),
          cases: new Cases(requests, index, refuse, now),
          sends: new SendCounters(limits),
        }))
        await Promise.all(hosts.map((host) => deliverDue(delivery.ports({}, host as never))))
        delivery.time += 60_000
      }
    }

    for (const [afterHours, event] of [
      [0, within(evaluated('escalate'))],
      [5, waiting({}, unlooked)],
      [20, waiting({}, unlooked)],
      [100, { kind: 'gone' }],
    ] satisfies (readonly [number, LifeEvent])[]) {
      delivery.time += afterHours * hourMs
      await step(event)
      await deliver()
    }
    expect(delivery.sent.map(({ message: { kind, hasExpired } }) => [kind, hasExpired ?? false])).toEqual([
      ['question', false],
      ['reminder', false],
      ['outcome', true],
      ['outcome', false],
    ])
    const [first, ...others] = delivery.sent.map(({ message }) => message)
    expect(new Set(others.map(({ inReplyTo }) => inReplyTo))).toEqual(new Set([first?.id]))
    expect(first?.expiresAt).toBe(new Date(Date.parse('2026-11-22T08:00:00Z')).toISOString())
    expect(delivery.logged.map(({ kind }) => kind)).toEqual(['question', 'reminder', 'outcome', 'outcome'])
    expect(record?.request).toMatchObject({ state: { name: 'withdrawn' }, notified: [] })
  })
})
