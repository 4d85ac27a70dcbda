import { Webhook } from 'standardwebhooks'
import { param } from '../../azure/http/exchange.ts'
import type { Call, Reply } from '../../azure/http/exchange.ts'
import type { Route } from '../../azure/http/router.ts'
import type { Losses } from '../losses.ts'
import type { NewMessage } from '../message.ts'

const shownHeaders = ['content-type', 'user-agent', 'webhook-id', 'webhook-timestamp', 'webhook-signature']

/** A receiver of signed webhooks, which keeps also those that it refuses: the inbox shows why. */
export function webhookRoutes(secret: string, losses: Losses): Route[] {
  return [
    {
      method: 'POST',
      template: '/webhooks/{receiver}',
      handle: (call): Reply => {
        const problem = problemOf(secret, call)
        losses.deliver(messageOf(call, problem))
        if (problem === undefined) return { status: 204 }
        return { status: 401, body: { error: { code: 'SignatureInvalid', message: problem } } }
      },
    },
  ]
}

/** Why the signature is not valid; undefined if it is. */
function problemOf(secret: string, call: Call): string | undefined {
  try {
    new Webhook(secret).verify(call.rawBody, headersOf(call), { jsonParse: false })
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function messageOf(call: Call, problem: string | undefined): NewMessage {
  const { type, source, subject } = eventOf(call.rawBody)
  const id = call.headers['webhook-id']
  return {
    from: source ?? '',
    to: [param(call, 'receiver')],
    title: [type ?? 'Webhook', subject].filter((part) => part !== undefined).join(': '),
    problems: problem === undefined ? [] : [`The signature is not valid: ${problem}.`],
    key: typeof id === 'string' ? id : undefined,
    threadKeys: subject === undefined ? [] : [`${source ?? ''} ${subject}`],
    content: { kind: 'webhook', via: 'webhook', problem, headers: headersOf(call), raw: call.rawBody },
  }
}

function headersOf(call: Call): Record<string, string> {
  const named = shownHeaders.map((name): [string, unknown] => [name, call.headers[name]])
  return Object.fromEntries(named.filter((entry): entry is [string, string] => typeof entry[1] === 'string'))
}

/** The attributes of a CloudEvent that are texts. */
function eventOf(text: string): Partial<Record<'type' | 'source' | 'subject', string>> {
  try {
    const event = Object(JSON.parse(text)) as Record<string, unknown>
    const texts = ['type', 'source', 'subject'].filter((name) => typeof event[name] === 'string')
    return Object.fromEntries(texts.map((name) => [name, event[name] as string]))
  } catch {
    return {}
  }
}
