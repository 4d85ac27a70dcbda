import { expect, test } from 'vitest'
import type { Message } from '../../../local/inbox/message.ts'
import { threadsOf } from '../../../local/inbox/threads.ts'

function message(id: string, threadKeys: readonly string[], second: number): Message {
  return {
    ...{ id, threadKeys, from: '', to: [], title: id, problems: [], key: undefined, repeatOf: undefined },
    receivedAt: `2027-01-31T08:00:0${second}.000Z`,
    content: { kind: 'card', via: 'teams', bytes: 0, card: undefined, raw: '' },
  }
}

const idsOf = (...messages: Message[]) => threadsOf(messages).map((thread) => thread.map(({ id }) => id))

test('messages without keys are threads of their own, the newest first', () => {
  expect(idsOf(message('a', [], 0), message('b', [], 1))).toEqual([['b'], ['a']])
})

test('messages with a common key are one thread, even if nobody has seen the message that it names', () => {
  expect(idsOf(message('a', ['root'], 0), message('b', ['b'], 1), message('c', ['c', 'root'], 2))).toEqual([
    ['a', 'c'],
    ['b'],
  ])
})

test('a message that names two threads makes them one, in the order of time', () => {
  expect(
    idsOf(
      message('a', ['a'], 0),
      message('b', ['b'], 1),
      message('c', ['a', 'c'], 2),
      message('d', ['b', 'c'], 3),
      message('e', ['a'], 4),
    ),
  ).toEqual([['a', 'b', 'c', 'd', 'e']])
})
