import type { Fact } from './facts.ts'
import type { Notice } from './notice.ts'

/** A notice as plain text: the text part of a mail, and for tools that show nothing else. */
export function plainText(notice: Notice): string {
  const { headline, title, summary, nextStep, expiry, reviewLink, portalLink, common, requests, more } =
    notice
  return paragraphs([
    lines([notice.isUrgent ? `HIGH RISK. ${headline}` : headline, title, summary]),
    facts(common),
    ...requests.map(({ ask, facts: own }) => lines([ask, facts(own)])),
    more,
    lines([`Next: ${nextStep}`, expiry, reviewLink && `Review page: ${reviewLink}`]),
    detailsOf(notice),
    portalLink && `Azure portal: ${portalLink}`,
    `-- \n${notice.footer}`,
  ])
}

function detailsOf({ details, requests }: Notice): string {
  const own = requests.map(({ ask, details: list, portalLink }) => {
    const text = lines([facts(list), portalLink && `Azure portal: ${portalLink}`])
    return text === '' || requests.length === 1 ? text : lines([ask, text])
  })
  const text = paragraphs([facts(details), ...own])
  return text === '' ? '' : lines(['DETAILS', text])
}

function facts(list: readonly Fact[]): string {
  return lines(list.map(({ label, text }) => `${label}: ${text}`))
}

function lines(list: readonly (string | undefined)[]): string {
  return list.filter(Boolean).join('\n')
}

function paragraphs(list: readonly (string | undefined)[]): string {
  return list.filter(Boolean).join('\n\n')
}
