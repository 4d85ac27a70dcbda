import { asObject, param } from '../../azure/http/exchange.ts'
import type { Call, Reply } from '../../azure/http/exchange.ts'
import type { Route } from '../../azure/http/router.ts'
import type { Losses } from '../losses.ts'
import type { NewMessage } from '../message.ts'
import { type Secrets, signatureOf } from '../secrets.ts'
import { firstCard, messageProblems } from './card-problems.ts'
import { passTrigger } from './trigger.ts'

/** The URL under which a flow takes messages for a channel, as Power Automate would show it to its owner. */
export function channelUrl(origin: string, secrets: Secrets, channel: string): string {
  const path = `/teams/${encodeURIComponent(channel)}/workflows/5f2c1e0d9b8a47c6b3a2918f7e6d5c4b/triggers/manual/paths/invoke`
  const query = new URLSearchParams({
    'api-version': '1',
    sp: '/triggers/manual/run',
    sv: '1.0',
    sig: signatureOf(secrets, channel),
  })
  return `${origin}${path}?${query.toString()}`
}

/** A flow for each channel: 202 says that it took the message, not that Teams shows it. */
export function teamsRoutes(secrets: Secrets, losses: Losses): Route[] {
  return [
    {
      method: 'POST',
      template: '/teams/{channel}/workflows/{workflow}/triggers/{trigger}/paths/invoke',
      handle: (call): Reply => {
        const channel = param(call, 'channel')
        const message = passTrigger(call, signatureOf(secrets, channel))
        losses.deliver(messageOf(call, channel, message))
        return { status: 202 }
      },
    },
  ]
}

function messageOf(call: Call, channel: string, message: Record<string, unknown>): NewMessage {
  const card = firstCard(message)
  return {
    from: '',
    to: [channel],
    title: titleOf(card),
    problems: messageProblems(message),
    key: undefined,
    threadKeys: [],
    content: { kind: 'card', via: 'teams', bytes: Buffer.byteLength(call.rawBody), card, raw: call.rawBody },
  }
}

/** The first text of the card, which is its heading. */
function titleOf(card: unknown): string {
  return firstText(asObject(card)['body']) ?? 'Card without text'
}

function firstText(value: unknown): string | undefined {
  for (const one of [value].flat()) {
    const { text, items, columns, inlines } = asObject(one)
    if (typeof text === 'string' && text !== '') return text
    const inside = [items, columns, inlines].filter((part) => part !== undefined).map(firstText)
    const found = inside.find((each) => each !== undefined)
    if (found !== undefined) return found
  }
  return undefined
}
