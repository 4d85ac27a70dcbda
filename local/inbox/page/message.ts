import { html } from 'hono/html'
import type { Reply } from '../../azure/http/exchange.ts'
import type { CardContent, MailContent, Message, WebhookContent } from '../message.ts'
import type { Thread } from '../threads.ts'
import { badgeOf, type Html, kindOf, pageReply, timeOf } from './layout.ts'

const popups = 'allow-popups allow-popups-to-escape-sandbox'

/** One message as its recipient would see it, and what else is known of it. */
export function messagePage(message: Message, thread: Thread): Promise<Reply> {
  return pageReply(
    message.title,
    html`<header>
        <p><a href="/">Inbox</a></p>
        <h1>${message.title || '(no subject)'}</h1>
        <p>${kindOf(message)} ${badgeOf(message)}</p>
      </header>
      <main>
        ${problemBox(message)} ${factList(message)} ${contentOf(message)}
        ${thread.length > 1 ? threadList(message, thread) : ''}
      </main>`,
  )
}

/** The HTML part of a mail, for a frame: nothing but its own text and styles, and links that open a new tab. */
export function mailPartReply({ html: part = '' }: MailContent): Reply {
  const inNewTab = '<base target="_blank">'
  const isWhole = /<head[^>]*>/i.test(part)
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': `sandbox ${popups}; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'`,
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    },
    text: isWhole ? part.replace(/<head[^>]*>/i, (head) => head + inNewTab) : inNewTab + part,
  }
}

function problemBox({ problems, content, repeatOf }: Message): Html {
  const heading =
    content.kind === 'card' ? 'Teams accepted this message, but would not show it as it was sent' : 'Refused'
  return html`${
    repeatOf === undefined
      ? ''
      : html`<p class="note">
          The same message came before: <a href="/messages/${repeatOf}">the first one</a>.
        </p>`
  }
  ${
    problems.length === 0
      ? ''
      : html`<section class="problems">
          <h2>${heading}</h2>
          <ul>
            ${problems.map((problem) => html`<li>${problem}</li>`)}
          </ul>
        </section>`
  }`
}

function factList(message: Message): Html {
  const { receivedAt, from, to, key, content } = message
  const cc = content.kind === 'mail' ? content.cc.join(', ') : ''
  const facts: [string, Html | string][] = [
    ['From', from],
    ['To', to.join(', ')],
    ['Cc', cc],
    ['Received', timeOf(receivedAt)],
    ['By', wayOf(message)],
    ['Id', key ?? ''],
  ]
  return html`<dl>
    ${facts.map(([name, value]) =>
      value === ''
        ? ''
        : html`<dt>${name}</dt>
            <dd>${value}</dd>`,
    )}
  </dl>`
}

function wayOf({ content }: Message): string {
  if (content.kind === 'card') return `Workflows webhook, ${content.bytes} of 28,672 bytes`
  if (content.kind === 'webhook') return 'signed webhook'
  if (content.via === 'email-service')
    return `Azure Communication Services, sent by ${content.sender ?? 'nobody'}`
  const sender = content.sender === undefined ? 'without sign-in' : `signed in as ${content.sender}`
  return `SMTP ${content.isEncrypted ? 'with TLS' : 'without TLS'}, ${sender}`
}

function contentOf(message: Message): Html {
  const { content } = message
  if (content.kind === 'mail') return mail(message, content)
  return content.kind === 'card' ? card(message, content) : webhook(content)
}

function mail({ id }: Message, { html: part, text, headers, attachments }: MailContent): Html {
  return html`${
      part === undefined
        ? ''
        : html`<h2>HTML part</h2>
            <iframe
              class="mail"
              title="HTML part of the mail"
              sandbox="${popups}"
              src="/messages/${id}/html"
            ></iframe>`
    }
    ${
      text === undefined
        ? ''
        : html`<h2>Text part</h2>
            <pre class="text">${linked(text)}</pre>`
    }
    ${
      attachments.length === 0
        ? ''
        : html`<h2>Attachments</h2>
            <p>${attachments.join(', ')}</p>`
    }
    <details>
      <summary>Headers</summary>
      <table>
        ${Object.entries(headers).map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </table>
    </details>
    <p><a href="/messages/${id}/raw">As it came</a></p>`
}

function card({ id }: Message, { card: content, raw: text }: CardContent): Html {
  return html`<h2>Card</h2>
    ${
      content === undefined
        ? html`<p>There is no card in this message.</p>`
        : html`<div class="card" data-message="${id}">
              <noscript>${fallbackOf(content)}</noscript>
            </div>
            <script src="/adaptivecards.js" defer></script>
            <script src="/draw-cards.js" defer></script>`
    }
    <details>
      <summary>JSON</summary>
      <pre>${indented(text)}</pre>
    </details>`
}

function fallbackOf(content: unknown): string {
  const { fallbackText } = Object(content) as { fallbackText?: unknown }
  return typeof fallbackText === 'string'
    ? fallbackText
    : 'Only a script can draw the card; its JSON is below.'
}

function webhook({ headers, raw: text }: WebhookContent): Html {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return html`<h2>Body</h2>
    <pre>${indented(text)}</pre>
    <h2>Headers</h2>
    <pre>${lines.join('\n')}</pre>`
}

function threadList({ id: current }: Message, thread: Thread): Html {
  return html`<h2>The whole thread</h2>
    <ol class="siblings">
      ${thread.map(({ id, title, receivedAt }) =>
        id === current
          ? html`<li aria-current="true">${title} · ${timeOf(receivedAt)}</li>`
          : html`<li><a href="/messages/${id}">${title}</a> · ${timeOf(receivedAt)}</li>`,
      )}
    </ol>`
}

/** Text whose web addresses are links. */
function linked(text: string): Html {
  const pieces = text.split(/(https?:\/\/[^\s<>"']+)/)
  return html`${pieces.map((piece, index) =>
    index % 2 === 0 ? piece : html`<a href="${piece}" target="_blank" rel="noreferrer">${piece}</a>`,
  )}`
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}
