import { AzureError, param, queryValue, without } from '../azure/http/exchange.ts'
import type { Call, Reply } from '../azure/http/exchange.ts'
import type { Route } from '../azure/http/router.ts'
import type { Messages } from './messages.ts'
import { findMessage, isTo } from './reading.ts'

/** Where senders send to, by receiver. */
export type Addresses = Readonly<Record<string, string>>

/** The inbox for programs. `addresses` names the receivers for one channel in Teams and one receiver of webhooks. */
export function apiRoutes(messages: Messages, addresses: (channel: string) => Addresses): Route[] {
  const one = '/api/messages/{message}'
  return [
    { method: 'GET', template: '/api/messages', handle: (call) => list(messages, call) },
    {
      method: 'DELETE',
      template: '/api/messages',
      handle: () => {
        messages.clear()
        return { status: 204 }
      },
    },
    {
      method: 'GET',
      template: one,
      handle: (call) => ({ status: 200, body: findMessage(messages, param(call, 'message')) }),
    },
    {
      method: 'GET',
      template: '/api/addresses/{channel}',
      handle: (call) => ({ status: 200, body: addresses(param(call, 'channel')) }),
    },
  ]
}

/** `?to=` an address, channel or receiver, `?since=` a time: the newest first, without what came over the wire. */
function list(messages: Messages, call: Call): Reply {
  const to = queryValue(call, 'to')
  const since = queryValue(call, 'since')
  const sinceMs = since === '' ? Number.NEGATIVE_INFINITY : Date.parse(since)
  if (Number.isNaN(sinceMs)) {
    throw new AzureError(
      400,
      'BadRequest',
      `since is "${since}"; expected: a time such as 2027-01-31T08:00:00Z.`,
    )
  }
  const found = messages
    .all()
    .filter((message) => Date.parse(message.receivedAt) >= sinceMs && (to === '' || isTo(message, to)))
  const value = found.map((message) => ({ ...message, content: without(message.content, ['raw']) }))
  return { status: 200, body: { value: value.reverse() } }
}
