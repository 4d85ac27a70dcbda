import { html } from 'hono/html'
import type { Reply } from '../../azure/http/exchange.ts'
import type { Message } from '../message.ts'
import { isTo } from '../reading.ts'
import { threadsOf } from '../threads.ts'
import type { Thread } from '../threads.ts'
import { badgeOf, type Html, kindOf, pageReply, timeOf } from './layout.ts'

const shownThreads = 200

/** Everything that came, or what came to one recipient: threads, the newest first. */
export function listPage(all: readonly Message[], recipient: string): Promise<Reply> {
  const shown = recipient === '' ? all : all.filter((message) => isTo(message, recipient))
  const threads = threadsOf(shown)
  return pageReply(
    'Inbox',
    html`<header>
        <h1>Inbox</h1>
        <p>Mails, Teams cards and webhooks that were sent on this machine. None of them has left it.</p>
        <div class="actions">
          <a class="button" href="${hrefOf(recipient)}">Refresh</a>
          <form method="post" action="/delete"><button>Delete all</button></form>
        </div>
      </header>
      <div class="columns">
        ${recipients(all, recipient)}
        <main>
          <h2>${recipient === '' ? 'All messages' : recipient}</h2>
          ${threads.length === 0 ? html`<p class="empty">Nothing has come yet.</p>` : ''}
          ${threads.slice(0, shownThreads).map(threadItem)}
          ${threads.length > shownThreads ? html`<p>Older ones: <a href="/api/messages">as JSON</a>.</p>` : ''}
        </main>
      </div>`,
  )
}

function recipients(all: readonly Message[], current: string): Html {
  const counts = new Map<string, number>()
  for (const { to } of all) for (const one of to) counts.set(one, (counts.get(one) ?? 0) + 1)
  const names = [...counts].toSorted(([one], [other]) => one.localeCompare(other))
  return html`<nav aria-label="Recipients and channels">
    <ul>
      ${[['', all.length] as const, ...names].map(
        ([name, count]) =>
          html`<li>
            <a href="${hrefOf(name)}" ${name === current ? html`aria-current="page"` : ''}
              >${name === '' ? 'All' : name} <span class="count">${count}</span></a
            >
          </li>`,
      )}
    </ul>
  </nav>`
}

function hrefOf(recipient: string): string {
  return recipient === '' ? '/' : `/?to=${encodeURIComponent(recipient)}`
}

function threadItem(thread: Thread): Html {
  const [first] = thread
  const newestFirst = thread.toReversed()
  if (thread.length === 1) return html`<article class="thread">${messageItem(first)}</article>`
  return html`<article class="thread">
    <h3>${first.title} <span class="count">${thread.length} messages</span></h3>
    ${newestFirst.map(messageItem)}
  </article>`
}

function messageItem(message: Message): Html {
  return html`<div class="message">
    <a class="title" href="/messages/${message.id}">${message.title || '(no subject)'}</a>
    <span class="kind">${kindOf(message)}</span> ${badgeOf(message)}
    ${message.repeatOf === undefined ? '' : html`<span class="badge">Sent again</span>`}
    <div class="meta">${timeOf(message.receivedAt)} · to ${message.to.join(', ')}</div>
  </div>`
}
