import { html, raw } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'
import type { Fact } from '../text/facts.ts'
import type { Notice, NoticeRequest } from '../text/notice.ts'
import { darkStyles, outlookWidth, styles } from './styles.ts'

type Html = ReturnType<typeof html>

/**
 * A notice as the HTML part of a mail: tables and inline styles, which is what Outlook draws; no script, no image and
 * nothing else that is fetched. Every text is escaped by `html`.
 */
export function htmlOf(notice: Notice): string {
  const { headline, title, summary, nextStep, expiry, common, requests, more, footer } = notice
  const tone = notice.isUrgent ? 'urgent' : notice.isOpen ? 'open' : 'closed'
  const document = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="supported-color-schemes" content="light dark" />
        <meta name="format-detection" content="telephone=no, date=no, address=no, email=no, url=no" />
        <title>${title}</title>
        <style>
          ${raw(darkStyles)}
        </style>
      </head>
      <body class="page" style="${styles.page}">
        <div style="${styles.preheader}">${summary} ${nextStep}</div>
        ${raw(outlookWidth.begin)}
        <table
          role="presentation"
          class="sheet"
          cellpadding="0"
          cellspacing="0"
          border="0"
          width="100%"
          style="${styles.sheet}"
        >
          <tr>
            <td class="${tone}" style="${styles.banner}${styles[tone]}">
              ${notice.isUrgent ? 'High risk. ' : ''}${headline}
            </td>
          </tr>
          <tr>
            <td style="${styles.content}">
              <h1 class="text" style="${styles.h1}">${title}</h1>
              <p class="text" style="${styles.p}">${summary}</p>
              ${factTable(common)} ${requests.map(section)}
              ${more === undefined ? '' : html`<p class="text" style="${styles.p}">${more}</p>`}
              <h2 class="text" style="${styles.h2}">What to do next</h2>
              <p class="text" style="${styles.p}">${nextStep}</p>
              ${expiry === undefined ? '' : html`<p class="text" style="${styles.p}">${expiry}</p>`}
              ${buttons(notice)} ${detailsOf(notice)}
              <p class="faint" style="${styles.footer}">${footer}. Replies to this mail are not read.</p>
            </td>
          </tr>
        </table>
        ${raw(outlookWidth.end)}
      </body>
    </html>`
  // Programs for mail cut long lines of source, not of text: indentation is only weight.
  return (document as HtmlEscapedString).replaceAll(/\n\s+/g, '\n')
}

function section({ ask, facts }: NoticeRequest): Html {
  if (facts.length === 0) return html`<p class="text" style="${styles.ask}">${ask}</p>`
  return html`<h2 class="text" style="${styles.h2}">${ask}</h2>
    ${factTable(facts)}`
}

function factTable(facts: readonly Fact[]): Html | '' {
  if (facts.length === 0) return ''
  return html`<table cellpadding="0" cellspacing="0" border="0" width="100%" style="${styles.facts}">
    ${facts.map(
      ({ label, text, form }) =>
        html`<tr>
          <th
            scope="row"
            class="cell ${form === 'risk' ? 'risk' : 'faint'}"
            style="${styles.th}${form === 'risk' ? styles.risk : ''}"
          >
            ${label}
          </th>
          <td
            class="cell ${form === 'risk' ? 'risk' : 'text'}"
            style="${styles.td}${form === 'risk' ? styles.risk : ''}"
          >
            ${text}
          </td>
        </tr>`,
    )}
  </table>`
}

function buttons({ reviewLink, portalLink, isOpen }: Notice): Html | '' {
  const review = isOpen ? 'Open the review page' : 'Show the case'
  if (reviewLink === undefined && portalLink === undefined) return ''
  return html`${reviewLink === undefined ? '' : button(reviewLink, review)}
  ${portalLink === undefined ? '' : portal(portalLink)}`
}

function button(link: string, words: string): Html {
  return html`<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="${styles.buttons}">
    <tr>
      <td class="button" style="${styles.button}">
        <a href="${link}" class="button" style="${styles.buttonLink}">${words}</a>
      </td>
    </tr>
  </table>`
}

function portal(link: string): Html {
  return html`<p class="text" style="${styles.p}">
    <a href="${link}" class="link" style="${styles.link}">The target in the Azure portal</a>
  </p>`
}

function detailsOf({ details, requests }: Notice): Html | '' {
  const own = requests.filter(({ details: list, portalLink }) => list.length > 0 || portalLink !== undefined)
  if (own.length === 0 && details.length === 0) return ''
  return html`<h2 class="faint" style="${styles.h2}${styles.rule}">Details</h2>
    ${detailTable(details)}
    ${own.map(
      ({ ask, details: list, portalLink }) =>
        html`${requests.length === 1 ? '' : html`<h3 class="faint" style="${styles.h3}">${ask}</h3>`}
        ${detailTable(list)} ${portalLink === undefined ? '' : portal(portalLink)}`,
    )}`
}

function detailTable(details: readonly Fact[]): Html | '' {
  if (details.length === 0) return ''
  return html`<table cellpadding="0" cellspacing="0" border="0" width="100%" style="${styles.facts}">
    ${details.map(
      ({ label, text, form }) =>
        html`<tr>
          <th scope="row" class="cell faint" style="${styles.smallTh}">${label}</th>
          <td class="cell faint" style="${styles.smallTd}${form === 'code' ? styles.code : ''}">${text}</td>
        </tr>`,
    )}
  </table>`
}
