import { beforeEach, describe, expect, it } from 'vitest'
import { LedgerConflict } from '../../../shared/ports/ledger.ts'

import { connection, endpoint, FakeReview, salesToLake } from '../../support/fake-review.ts'
import { PersistentWorld } from '../../support/persistent-world.ts'
import { respondingWith, noResponse, theRead, theWrite } from '../../support/places.ts'

const deny = { ...salesToLake, id: 'no', effect: 'deny', requester: undefined } as const
const rejecting = { complete: true, rules: [deny], hash: 'deny' } as const
const nothing = { complete: true, rules: [], hash: 'none' } as const

let world: FakeReview
const errors = () => world.logged.filter((line) => line.startsWith('error'))
const last = () => world.log.at(-1)
const saying = (status: string, decisionId: string) => ({
  status,
  description: `${status} by private-endpoint-approver, decision ${decisionId}`,
})

/** What somebody sees of the last step: log entry, error lines, and whether a question is open. */
const seen = () => ({
  entry: world.story().at(-1),
  reason: last()?.reason.code,
  errors: errors().length,
  open: world.unfinished().length,
})
const alarmOf = (reason: string) => ({ entry: 'escalated:open', reason, errors: 1, open: 1 })

beforeEach(() => {
  world = new FakeReview()
  world.live = [connection('mpe')]
})

/** The decision was sent and applied. */
async function decided(rules: FakeReview['rules'] = world.rules): Promise<string> {
  world.rules = rules
  await world.review()
  expect(world.story().at(-1)).toMatch(/^result:applied/)
  return last()?.decisionId ?? ''
}

async function oftenReviewed(): Promise<void> {
  for (let passes = 0; passes < 4; passes += 1) {
    await world.review()
    world.time += 3_600_000
  }
}

describe('what Azure shows is compared with the last result of a closed record:', () => {
  it("a late approval of ours after the log's last word is rejected is an entry, an error line and a question", async () => {
    world.outcomes = [{ kind: 'unanswered', afterSeconds: 0, code: 'ECONNRESET', message: 'socket hang up' }]
    await world.review()
    const given = last()?.decisionId ?? ''
    world.rules = rejecting
    world.time += 1_200_000
    await world.review()
    expect(last()).toMatchObject({ state: 'applied', outcome: 'reject' })
    world.set('mpe', saying('Approved', given))
    await oftenReviewed()
    expect(seen()).toEqual(alarmOf('shown-late'))
  })

  it('somebody who rejects what this app approved is an entry, an error line and a question, once', async () => {
    await decided()
    world.set('mpe', { status: 'Rejected', description: 'by hand' })
    await oftenReviewed()
    expect(seen()).toEqual(alarmOf('changed-outside'))
    expect(world.story()).toHaveLength(3)
  })

  it('somebody who approves what this app rejected is an entry, an error line and a question, once', async () => {
    await decided(rejecting)
    world.set('mpe', { status: 'Approved', description: '' })
    await oftenReviewed()
    expect(seen()).toEqual(alarmOf('changed-outside'))
    expect(world.story()).toHaveLength(3)
  })

  it('a question about a changed decision is closed when somebody changes it back, or disconnects it', async () => {
    await decided()
    const { description } = world.live[0] ?? { description: '' }
    world.set('mpe', { status: 'Rejected', description: 'by hand' })
    await world.review()
    world.set('mpe', { status: 'Approved', description })
    await world.review()
    expect(seen()).toMatchObject({ entry: 'result:applied approve', errors: 1, open: 0 })
    expect(last()?.reason.sentence).toBe('Azure shows the decision of this app again.')
    world.set('mpe', { status: 'Rejected', description: 'by hand' })
    await world.review()
    world.set('mpe', { status: 'Disconnected' })
    await world.review()
    expect(seen()).toMatchObject({ entry: 'observed:withdrawn', errors: 2, open: 0 })
  })

  it('a decision of ours that is shown on another endpoint is an entry, an error line and a question', async () => {
    const given = await decided()
    world.set('mpe', { ...saying('Approved', given), endpoint: endpoint('adf-sales.other') })
    await oftenReviewed()
    expect(seen()).toEqual(alarmOf('endpoint-changed'))
  })

  it('what is Disconnected afterwards is withdrawn, without a question', async () => {
    await decided()
    world.set('mpe', { status: 'Disconnected' })
    await oftenReviewed()
    expect(seen()).toEqual({ entry: 'observed:withdrawn', reason: 'final-state', errors: 0, open: 0 })
    expect(world.notifications).toEqual([])
  })

  it('what stands as it was decided is nothing new', async () => {
    await decided()
    await oftenReviewed()
    expect(world.story()).toHaveLength(2)
  })

  it('a new text beside the same status is nothing new', async () => {
    await decided()
    world.set('mpe', { description: 'Checked by the data team.' })
    await oftenReviewed()
    expect(world.story()).toHaveLength(2)
  })
})

describe("a description with the connection's own decision prefix is ours", () => {
  it('although the attempt is forgotten: it is an alarm, not a decision of somebody outside this app', async () => {
    world.rules = nothing
    await world.review()
    world.set('mpe', saying('Approved', 'mpe.7.41'))
    await oftenReviewed()
    expect(seen()).toEqual(alarmOf('shown-late'))
  })

  it('although the attempt is forgotten, on a swapped endpoint, too', async () => {
    world.rules = nothing
    await world.review()
    world.set('mpe', { ...saying('Approved', 'mpe.7.41'), endpoint: endpoint('adf-sales.other') })
    await oftenReviewed()
    expect(seen()).toEqual(alarmOf('endpoint-changed'))
  })

  it('although the attempt is forgotten and the record is closed', async () => {
    await decided()
    world.set('mpe', saying('Rejected', 'mpe.7.41'))
    await oftenReviewed()
    expect(seen()).toEqual(alarmOf('shown-late'))
  })

  it('and so it is although a decision is being applied that says the same', async () => {
    world.outcomes = [{ kind: 'retry-after', afterSeconds: 5, code: '409', message: 'Busy.' }]
    await world.review()
    world.set('mpe', saying('Approved', 'mpe.7.41'))
    await oftenReviewed()
    expect(seen()).toMatchObject({ reason: 'shown-late', errors: 1, open: 1 })
  })

  it.each(['other.1.1', 'xmpe.1.1', 'lmpe.7.41', '1.1'])(
    'but %s is of another connection, and not ours',
    async (id) => {
      world.rules = nothing
      await world.review()
      world.set('mpe', saying('Approved', id))
      await world.review()
      expect(seen()).toMatchObject({ entry: 'observed:decided-elsewhere', errors: 0, open: 0 })
    },
  )

  it('but not with another status than its own: that was written by somebody else', async () => {
    world.rules = nothing
    await world.review()
    world.set('mpe', { ...saying('Approved', 'mpe.7.41'), status: 'Rejected' })
    await world.review()
    expect(seen()).toMatchObject({ entry: 'observed:decided-elsewhere', errors: 0 })
  })
})

it.each(['2', '29', '10'])('decision ….1.1 is not decision ….1.1%s', async (more) => {
  world.outcomes = [{ kind: 'retry-after', afterSeconds: 5, code: '409', message: 'Busy.' }]
  await world.review()
  expect(world.log[0]?.decisionId).toBe('mpe.1.1')
  world.set('mpe', saying('Approved', `mpe.1.1${more}`))
  await world.review()
  expect(world.story()).not.toContain('result:applied approve')
  expect(seen()).toMatchObject({ reason: 'shown-late', errors: 1, open: 1 })
})

it('a record that another writer changed after our write to Azure is an error line', async () => {
  world.onLedgerWrite = ({ kind }) => {
    if (kind === 'result') throw new LedgerConflict('Somebody else wrote first.')
  }
  await world.review()
  expect(world.writes).toHaveLength(1)
  expect(errors()).toEqual(['error A decision was sent, and another writer changed its record meanwhile.'])
})

it('a record that another writer changed before our write to Azure is none', async () => {
  world.onLedgerWrite = ({ kind }) => {
    if (kind === 'intent') throw new LedgerConflict('Somebody else wrote first.')
  }
  await world.review()
  expect(world.writes).toEqual([])
  expect(errors()).toEqual([])
})

describe('while a write without a response may still land', () => {
  const turned = async (isLanding: boolean) => {
    const azure = new PersistentWorld({ rules: [salesToLake], end: 'Rejected' })
    azure.fail(theWrite, noResponse, 1)
    await azure.run(10)
    expect(azure.sentAt).toHaveLength(1)
    azure.arena.rules = [deny]
    await azure.pass(isLanding ? 240 : 580)
    return azure
  }

  it('the opposite is not sent', async () => {
    const azure = await turned(false)
    expect(azure.sentAt).toHaveLength(1)
    expect(azure.status()).toBe('Pending')
  })

  it('the opposite is not sent, and afterwards it is, without anybody having to be notified', async () => {
    const azure = await turned(false)
    await azure.pass(900)
    expect(azure.arena.written.map(({ status }) => status)).toEqual(['Rejected'])
    expect(azure.status()).toBe('Rejected')
    expect(azure.entryLines().at(-1)).toBe('result:applied reject')
    expect(azure.notices).toEqual([])
  })

  it('and does land, that is known for ours, and the opposite is not sent', async () => {
    const azure = await turned(true)
    const given = azure.entries()[0]?.decisionId ?? ''
    azure.show('Approved', saying('Approved', given).description)
    await azure.pass(3600)
    expect(azure.sentAt).toHaveLength(1)
    expect(azure.entryLines()).not.toContain('observed:decided-elsewhere')
  })

  it('the same decision is sent again', async () => {
    const azure = new PersistentWorld({ rules: [salesToLake], end: 'Approved' })
    azure.fail(theWrite, noResponse, 1)
    await azure.run(120)
    expect(azure.sentAt).toHaveLength(2)
    expect(azure.entryLines().at(-1)).toBe('result:applied approve')
  })
})

describe('a written decision', () => {
  it.each([1, 2, 3])(
    'that reads back 404 for %i times ends as applied, and nobody is notified',
    async (times) => {
      const azure = new PersistentWorld({ rules: [salesToLake], end: 'Approved' })
      const isWritten = () => azure.arena.written.length > 0
      azure.fail(
        (method, path) => theRead(method, path) && isWritten(),
        respondingWith({ status: 404, body: { error: { code: 'NotFound', message: 'Not yet.' } } }),
        times,
      )
      await azure.run(3600)
      expect(azure.played).toBe(times)
      expect(azure.entryLines().at(-1)).toBe('result:applied approve')
      expect(azure.entryLines()).not.toContain('observed:withdrawn')
      expect([azure.sentAt.length, azure.notices]).toEqual([1, []])
    },
  )

  it('that is sent twice, and shown by the name of the first, is applied once', async () => {
    const azure = new PersistentWorld({ rules: [salesToLake], end: 'Approved' })
    azure.fail(
      theWrite,
      (respond) => {
        respond()
        return new Error('socket hang up')
      },
      1,
    )
    await azure.run(3600)
    expect(azure.entryLines().filter((line) => line === 'result:applied approve')).toHaveLength(1)
    expect([azure.sentAt.length, azure.notices]).toEqual([1, []])
  })
})
