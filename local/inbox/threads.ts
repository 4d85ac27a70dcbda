import type { Message } from './message.ts'

/** Messages that belong together, the oldest first. Never empty. */
export type Thread = readonly [Message, ...Message[]]

interface Group {
  readonly messages: [Message, ...Message[]]
  readonly keys: ReadonlySet<string>
}

/** Puts messages, the oldest first, together by their common keys; the thread with the newest message comes first. */
export function threadsOf(messages: readonly Message[]): readonly Thread[] {
  const groups = new Set<Group>()
  const byKey = new Map<string, Group>()
  for (const message of messages) {
    const related = new Set(
      message.threadKeys.map((key) => byKey.get(key)).filter((group) => group !== undefined),
    )
    const made = joined([...related], message)
    for (const group of related) groups.delete(group)
    groups.add(made)
    for (const key of made.keys) byKey.set(key, made)
  }
  return [...groups].map((group) => group.messages).reverse()
}

function joined([first, ...others]: readonly Group[], message: Message): Group {
  if (first === undefined) return { messages: [message], keys: new Set(message.threadKeys) }
  first.messages.push(...others.flatMap((group) => group.messages), message)
  if (others.length > 0) first.messages.sort((one, other) => one.receivedAt.localeCompare(other.receivedAt))
  const keys = [first, ...others].flatMap((group) => [...group.keys])
  return { messages: first.messages, keys: new Set([...keys, ...message.threadKeys]) }
}
