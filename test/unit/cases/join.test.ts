import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CaseHead, closed } from '../../../shared/domain/case-head.ts'
import { digestGroup } from '../../../shared/cases/group.ts'
import { joined, joinedAfter } from '../../../shared/cases/join.ts'
import type { Risk } from '../../../shared/domain/message.ts'
import { at, group, timing } from './given.ts'

const minutesOf = (time: string | undefined) => (Date.parse(time ?? '') - at(0).getTime()) / 60_000

/** Lets requests join one after the other; a message that is due is claimed first. */
class Story {
  head: CaseHead | undefined
  readonly said: string[] = []
  readonly group

  constructor(of = group) {
    this.group = of
  }

  join(minute: number, risk: Risk = 'normal'): this {
    this.claim(minute)
    const { head, message, isFirst } = joined(this.head, { group: this.group, risk }, at(minute), timing)
    this.head = head
    const number = message ? `${message.kind} ${message.number} at ${minutesOf(message.sendAt)}` : 'none'
    this.said.push(`${isFirst ? `case ${head.caseNumber}: ` : ''}${number}`)
    return this
  }

  claim(minute: number): this {
    for (const name of ['questions', 'outcomes', 'reminders'] as const) {
      const open = this.head?.[name].open
      if (this.head && open && minutesOf(open.sendAt) <= minute)
        this.head = closed(this.head, name, open.number, new Date(open.sendAt))
    }
    return this
  }
}

describe('requests of one group', () => {
  it('within the window are one message', () => {
    const { said } = new Story().join(0).join(0.5).join(0.9)
    expect(said).toEqual(['case 1: question 1 at 1', 'question 1 at 1', 'question 1 at 1'])
  })

  it('join a message until it is claimed, however late that is', () => {
    const story = new Story()
    story.join(0)
    const { message } = joined(story.head, { group, risk: 'normal' }, at(30), timing)
    expect(message).toMatchObject({ number: 1, isNew: false })
  })

  it('that come later are a follow-up, and after that a digest an hour after the message before', () => {
    const { said } = new Story().join(0).join(5).join(10).join(20).join(65).join(67)
    expect(said).toEqual([
      'case 1: question 1 at 1',
      'follow-up 2 at 6',
      'digest 3 at 66',
      'digest 3 at 66',
      'digest 3 at 66',
      'digest 4 at 126',
    ])
  })

  it('begin a new case after an hour in which nothing happened, and not a minute before', () => {
    expect(new Story().join(0).join(60.9).said).toEqual(['case 1: question 1 at 1', 'follow-up 2 at 61.9'])
    expect(new Story().join(0).join(61).said).toEqual(['case 1: question 1 at 1', 'case 2: question 2 at 62'])
  })

  it('of high risk do not wait, and take along what waits', () => {
    expect(new Story().join(0, 'high').said).toEqual(['case 1: question 1 at 0'])
    expect(new Story().join(0).join(0.5, 'high').said).toEqual([
      'case 1: question 1 at 1',
      'question 1 at 0.5',
    ])
    expect(new Story().join(0).join(5).join(10).join(20, 'high').said.at(-1)).toBe('digest 3 at 20')
  })
})

describe('competing claims', () => {
  const claims = { ...group, kind: 'competing-claims' } as const

  it('are one question: a review pass finds them within seconds', () => {
    expect(new Story(claims).join(0, 'high').join(0.04, 'high').said).toEqual([
      ...['case 1: question 1 at 0.05', 'question 1 at 0.05'],
    ])
  })

  it('do not wait longer for that, whatever waits already', () => {
    expect(new Story(claims).join(0).join(0.5, 'high').said.at(-1)).toBe('question 1 at 0.55')
  })
})

describe('a burst case', () => {
  const burst = { ...group, kind: 'burst' } as const

  it('is one message, whatever its size, its risk and its age', () => {
    const { said } = new Story(burst).join(0, 'high').join(0.9, 'high').join(2, 'high').join(500, 'high')
    expect(said).toEqual(['case 1: question 1 at 1', 'question 1 at 1', 'none', 'none'])
  })
})

describe('messages over the limit of a recipient', () => {
  it('are one digest an hour, from case to case', () => {
    const story = new Story(digestGroup('mail', 'ops@contoso.com'))
    const { said } = story.join(0).join(2, 'high').join(50).join(61).join(70).join(190)
    expect(said).toEqual([
      'case 1: digest 1 at 1',
      'digest 2 at 61',
      'digest 2 at 61',
      'digest 3 at 121',
      'digest 3 at 121',
      'case 2: digest 4 at 191',
    ])
  })
})

describe.each(['outcome', 'reminder'] as const)('an %s', (kind) => {
  const following = { kind, isAlarm: false }
  const first = { message: 1, caseNumber: 1, firstMessage: 1 }
  const series = `${kind}s` as const
  const asked = new Story().join(0).claim(1)

  it('is part of no question that was not sent, nor of a group that was never notified', () => {
    expect(joinedAfter(undefined, first, following, at(2), timing)).toBeUndefined()
    expect(joinedAfter(asked.head, undefined, following, at(2), timing)).toBeUndefined()
    expect(joinedAfter(new Story().join(0).head, first, following, at(0), timing)).toBeUndefined()
  })

  it('of an alarm that is being sent is said: the alarm is, too', () => {
    const { head } = new Story().join(0)
    const place = joinedAfter(head, first, { kind, isAlarm: true }, at(0), timing)
    expect(place?.message).toMatchObject({ number: 2, kind })
  })

  it('is a message of the same case, and begins no question', () => {
    const place = joinedAfter(asked.head, first, following, at(2), timing)
    expect(place?.message).toMatchObject({ number: 2, series, kind, isNew: true, firstMessage: 1 })
    expect(place?.head).toMatchObject({ caseNumber: 1, firstMessage: 1, questions: { open: undefined } })
  })

  it('that comes later is said once an hour', () => {
    const place = joinedAfter(asked.head, first, following, at(2), timing)
    const sent = place && closed(place.head, series, 2, at(3))
    expect(minutesOf(joinedAfter(sent, first, following, at(10), timing)?.message?.sendAt)).toBe(63)
  })

  it('belongs to the case of its question, also after a newer case has begun', () => {
    const { head } = new Story().join(0).join(200).claim(202)
    expect(head).toMatchObject({ caseNumber: 2, firstMessage: 2 })
    const place = joinedAfter(head, first, following, at(300), timing)
    expect(place?.message).toMatchObject({ number: 3, caseNumber: 1, firstMessage: 1, kind, isNew: true })
    expect(place?.head).toMatchObject({ caseNumber: 2, firstMessage: 2, joinedAt: head?.joinedAt })
    const newer = { message: 2, caseNumber: 2, firstMessage: 2 }
    const other = joinedAfter(place?.head, newer, following, at(300), timing)
    expect(other?.message).toMatchObject({ number: 4, caseNumber: 2, firstMessage: 2, isNew: true })
    const again = joinedAfter(other?.head, first, following, at(300.5), timing)
    expect(again?.message).toMatchObject({ number: 3, isNew: false })
  })

  it('of an earlier case is said once an hour, too, and the case is forgotten after that hour', () => {
    const { head } = new Story().join(0).join(200).claim(202)
    const place = joinedAfter(head, first, following, at(300), timing)
    const sent = place && closed(place.head, series, 3, at(301))
    expect(sent?.earlierCases).toMatchObject([{ name: series, caseNumber: 1, open: undefined, count: 1 }])
    const second = joinedAfter(sent, first, following, at(310), timing)
    expect(minutesOf(second?.message?.sendAt)).toBe(361)
    expect(joined(sent, { group, risk: 'normal' }, at(400), timing).head.earlierCases).toEqual([])
  })

  it('that waits when a newer case begins is sent with the case it belongs to', () => {
    const waits = joinedAfter(asked.head, first, { kind: 'reminder', isAlarm: false }, at(70), timing)
    const { head } = joined(waits?.head, { group, risk: 'normal' }, at(70.5), timing)
    expect(head).toMatchObject({ caseNumber: 2, earlierCases: [{ name: 'reminders', open: { number: 2 } }] })
  })
})

it('whenever requests come, no message but the urgent comes less than an hour after the third', () => {
  const step = fc.record({
    wait: fc.integer({ min: 0, max: 200 }),
    risk: fc.constantFrom<Risk>('normal', 'high'),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const story = new Story()
      const numbers = new Set<number>()
      let minute = 0
      for (const { wait, risk } of steps) {
        minute += wait / 4
        const before = story.claim(minute).head
        const { head, message, isFirst } = joined(before, { group, risk }, at(minute), timing)
        // Each arrival is part of a message that is still open, and that is sent within an hour.
        if (!message) throw new Error('Nobody is notified.')
        expect(head.questions.open?.number).toBe(message.number)
        expect(minutesOf(message.sendAt) - minute).toBeLessThanOrEqual(61)
        expect(numbers.has(message.number)).toBe(!message.isNew)
        if (message.kind === 'digest' && message.isNew && risk === 'normal')
          expect(minutesOf(message.sendAt) - minutesOf(before?.questions.closedAt)).toBeGreaterThanOrEqual(60)
        if (risk === 'high') expect(minutesOf(message.sendAt)).toBe(minute)
        if (isFirst) expect(head.firstMessage).toBe(message.number)
        numbers.add(message.number)
        story.head = head
      }
    }),
  )
})
