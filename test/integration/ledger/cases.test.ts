import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { joined, joinedAfter } from '../../../shared/cases/join.ts'
import { takenFor } from '../../../shared/cases/sends.ts'
import type { CaseMember } from '../../../shared/domain/case-member.ts'
import { Cases } from '../../../shared/ledger/cases.ts'
import { SendCounters } from '../../../shared/ledger/sends.ts'
import type { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { newTable } from '../../support/ledger-tables.ts'
import { sampleNotification } from '../../support/sample-request.ts'
import { group } from '../../unit/cases/given.ts'

let azurite: Azurite
let requests: GuardedTable
let index: GuardedTable
let time: number

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

beforeEach(async () => {
  requests = await newTable(azurite, 'requests')
  index = await newTable(azurite, 'index')
  time = Date.now()
})

const now = () => new Date(time)

function host(): Cases {
  const refuse = (problem: Error): void => {
    throw problem
  }
  return new Cases(requests, index, refuse, now)
}

function join(cases: Cases, id: string, risk: 'normal' | 'high' = 'normal') {
  const member: CaseMember = {
    kind: 'request',
    id,
    risk,
    recordKey: 'r',
    notification: sampleNotification({ id }),
  }
  return cases.join(group, member, (head) => joined(head, { group, risk }, now(), { windowMs: 60_000 }))
}

describe('cases in storage', () => {
  it('give each of many requests to one message, while hosts claim it', async () => {
    const hosts = [host(), host(), host()]
    const names = Array.from({ length: 24 }, (_, number) => `n${String(number)}`)
    const claimed = new Set<string>()
    const sending = async (cases: Cases) => {
      for (let run = 0; run < 4; run += 1)
        for (const ref of await cases.due(10)) if (await cases.claim(ref)) claimed.add(ref)
    }
    await Promise.all([
      ...names.flatMap((id, number) =>
        hosts.slice(0, 2).map((one) => join(one, id, number % 5 === 0 ? 'high' : 'normal')),
      ),
      ...hosts.map(sending),
    ])
    time += 7_000_000
    await sending(host())
    const members: string[] = []
    for (const ref of claimed) for await (const { member } of host().members(ref)) members.push(member.id)
    expect(members.toSorted()).toEqual(names.toSorted())
  })

  it('let nothing join a message that is claimed, and one host claim it', async () => {
    const place = await join(host(), 'a')
    time += 60_000
    const claims = await Promise.all([host(), host(), host()].map((cases) => cases.claim(place?.ref ?? '')))
    expect(claims.filter(Boolean)).toHaveLength(1)
    expect(await join(host(), 'b')).toMatchObject({ isNew: true, isFirst: false })
    expect(await join(host(), 'a')).toMatchObject({ ref: undefined, isFirst: true })
  })

  it.each(['outcome', 'reminder'] as const)(
    'let an %s join the case of its question once, after a newer case began, from many hosts at once',
    async (kind) => {
      const first = await join(host(), 'a')
      time += 60_000
      const claimed = await host().claim(first?.ref ?? '')
      const sent = {
        channel: 'mail',
        state: { name: 'sent', at: now().toISOString(), reference: '1' },
      } as const
      if (claimed) await host().record(claimed, { ...claimed.message, state: 'sent', deliveries: [sent] })
      time += 7_000_000
      const second = await join(host(), 'b')
      const about = { recordKey: 'r', notification: sampleNotification({ id: 'a' }) }
      const follow = (id: string) => {
        const member: CaseMember =
          kind === 'outcome'
            ? { kind, id, ...about, outcome: 'Withdrawn.', at: now().toISOString() }
            : { kind, id, ...about, risk: 'normal' }
        const following = { kind, isAlarm: false }
        return host().join(group, member, (head, asked) =>
          joinedAfter(head, asked, following, now(), { windowMs: 60_000 }),
        )
      }
      const places = await Promise.all(['x', 'y', 'x', 'y', 'z'].map(follow))
      expect(new Set(places.map((place) => place?.caseId))).toEqual(new Set([first?.caseId]))
      expect(second?.caseId).not.toBe(first?.caseId)
      expect(places.filter((place) => place?.isNew)).toHaveLength(1)
      time += 60_000
      const message = await host().claim(places.find((place) => place?.isNew)?.ref ?? '')
      expect(message).toMatchObject({ ids: { case: first?.caseId, first: claimed?.ids.message } })
      const members = await Array.fromAsync(host().members(message?.ref ?? ''))
      expect(members.map(({ member }) => member.id).toSorted()).toEqual(['x', 'y', 'z'])
      expect(message && (await host().notifiedThrough(message))).toEqual(new Set(['mail']))
      if (kind === 'outcome') expect(members.some(({ isOver }) => isOver)).toBe(false)
    },
  )

  it('find the group of a case by its id', async () => {
    const place = await join(host(), 'a')
    expect(await host().groupOfCase(place?.caseId ?? '')).toEqual(group)
    expect(await host().groupOfCase(`${'0'.repeat(20)}-1`)).toBeUndefined()
    expect(await host().groupOfCase('x')).toBeUndefined()
  })
})

it('a recipient gets no more than the limit, however many hosts send at once', async () => {
  const table = await newTable(azurite, 'limits')
  const hosts = [new SendCounters(table), new SendCounters(table), new SendCounters(table)]
  const sends = await Promise.all(
    hosts.flatMap((counters, number) =>
      Array.from({ length: 8 }, (_, count) => {
        const send = {
          at: time,
          key: counters.short(`${number} ${count}`),
          source: counters.short(`${number}`),
          isDigest: false,
        }
        return counters.change('recipient ops@contoso.com', (before) => takenFor(before, 10, send))
      }),
    ),
  )
  expect(sends.filter(({ allowed }) => allowed === 'now')).toHaveLength(9)
})
