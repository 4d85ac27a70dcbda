import { readFileSync } from 'node:fs'
import path from 'node:path'
import { AzureError, param, queryValue } from '../../azure/http/exchange.ts'
import type { Call, Reply } from '../../azure/http/exchange.ts'
import type { Route } from '../../azure/http/router.ts'
import type { Message } from '../message.ts'
import type { Messages } from '../messages.ts'
import { findMessage } from '../reading.ts'
import { browserBundle } from '../teams/adaptive-cards.ts'
import { threadsOf } from '../threads.ts'
import { listPage } from './list.ts'
import { mailPartReply, messagePage } from './message.ts'

/** The pages for people. They need no script, but for drawing cards. */
export function pageRoutes(messages: Messages): Route[] {
  const found = (call: Call) => findMessage(messages, param(call, 'message'))
  return [
    { method: 'GET', template: '/', handle: (call) => listPage(messages.all(), queryValue(call, 'to')) },
    {
      method: 'GET',
      template: '/messages/{message}',
      handle: (call) => messagePage(found(call), threadOf(messages, found(call))),
    },
    {
      method: 'GET',
      template: '/messages/{message}/html',
      handle: (call) => {
        const { content } = found(call)
        if (content.kind !== 'mail') throw new AzureError(404, 'NotFound', 'This message is no mail.')
        return mailPartReply(content)
      },
    },
    { method: 'GET', template: '/messages/{message}/raw', handle: (call) => text(found(call).content.raw) },
    {
      method: 'POST',
      template: '/delete',
      handle: () => {
        messages.clear()
        return { status: 303, headers: { Location: '/' } }
      },
    },
    file('/style.css', path.join(import.meta.dirname, 'style.css'), 'text/css'),
    file('/draw-cards.js', path.join(import.meta.dirname, 'draw-cards.js'), 'text/javascript'),
    file('/adaptivecards.js', browserBundle, 'text/javascript'),
  ]
}

function threadOf(messages: Messages, message: Message): readonly [Message, ...Message[]] {
  return threadsOf(messages.all()).find((thread) => thread.includes(message)) ?? [message]
}

function file(template: string, name: string, type: string): Route {
  return { method: 'GET', template, handle: () => text(readFileSync(name, 'utf8'), type) }
}

function text(content: string, type = 'text/plain'): Reply {
  return {
    status: 200,
    headers: { 'Content-Type': `${type}; charset=utf-8`, 'X-Content-Type-Options': 'nosniff' },
    text: content,
  }
}
