import { html } from 'hono/html'
import type { Match } from '../domain/verdict.ts'
import type { Html } from '../http/page.ts'
import type { Line } from './request-view.ts'

const signs: Readonly<Record<Match, readonly [sign: string, word: string]>> = {
  yes: ['✓', 'match'],
  no: ['✗', 'no match'],
  unknown: ['?', 'unknown'],
}

/** A sign and a word: never the colour alone. */
export function sign(match: Match, word: string = signs[match][1]): Html {
  return html`<span class="sign ${match}"><span aria-hidden="true">${signs[match][0]}</span> ${word}</span>`
}

/** Text from outside: its direction does not reach beyond it. */
export function foreign(text: string): Html {
  return html`<bdi>${text}</bdi>`
}

/** The same of an id, which is broken after its slashes where it does not fit. */
export function idText(text: string): Html {
  const parts = text.split('/')
  return html`<bdi>${parts.map((part, index) => (index === 0 ? part : html`/<wbr />${part}`))}</bdi>`
}

/** Requests, each with a link to its page. */
export function lineList(lines: readonly Line[]): Html {
  return html`<ul class="lines">
    ${lines.map(
      ({ path, text, detail }) =>
        html`<li>
          <a href="${path}"><bdi>${text}</bdi></a
          ><br /><span class="quiet">${detail}</span>
        </li>`,
    )}
  </ul>`
}
