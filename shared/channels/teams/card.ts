import type { Fact } from '../text/facts.ts'
import type { Notice } from '../text/notice.ts'

/** An element of an Adaptive Card. */
export type Element = Readonly<Record<string, unknown>>

const schema = 'http://adaptivecards.io/schemas/adaptive-card.json'

/**
 * A notice as an Adaptive Card. `TextBlock` and `FactSet` are Markdown, so that text from outside could draw links in
 * them: they hold our own words only, everything else is a `TextRun`.
 */
export function cardOf(notice: Notice): Element {
  const { headline, reviewLink } = notice
  return {
    type: 'AdaptiveCard',
    $schema: schema,
    version: '1.4',
    lang: 'en',
    msteams: { width: 'Full' },
    fallbackText: reviewLink === undefined ? `${headline}.` : `${headline}: ${reviewLink}`,
    body: [banner(notice), ...body(notice)],
  }
}

/** What is sent: a message with one card. */
export function payloadOf(card: Element): Element {
  return {
    type: 'message',
    attachments: [
      { contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card },
    ],
  }
}

function banner({ headline, isUrgent, isOpen }: Notice): Element {
  const style = isUrgent ? 'attention' : isOpen ? 'accent' : 'good'
  const text = isUrgent ? `High risk. ${headline}` : headline
  const heading = { type: 'TextBlock', text, weight: 'Bolder', wrap: true }
  return { type: 'Container', style, bleed: true, items: [heading] }
}

function body(notice: Notice): readonly Element[] {
  const { title, summary, nextStep, expiry, common, requests, more, footer } = notice
  return [
    paragraph([run(title, { size: 'Large', weight: 'Bolder' })]),
    paragraph([run(summary)], { spacing: 'Small' }),
    ...facts(common),
    ...requests.flatMap(({ ask, facts: own }) => [
      paragraph(
        [run(ask, { weight: 'Bolder' })],
        own.length === 0 ? { spacing: 'Small' } : { separator: true, spacing: 'Medium' },
      ),
      ...facts(own),
    ]),
    ...(more === undefined ? [] : [paragraph([run(more)], { spacing: 'Small' })]),
    paragraph([run('Next: ', { weight: 'Bolder' }), run(nextStep)], { separator: true, spacing: 'Medium' }),
    ...(expiry === undefined ? [] : [paragraph([run(expiry)], { spacing: 'Small' })]),
    ...buttons(notice),
    ...detailElements(notice),
    paragraph([run(footer, small)], { spacing: 'Medium' }),
  ]
}

function facts(list: readonly Fact[]): readonly Element[] {
  return list.map(({ label, text, form }) => {
    const strong = { weight: 'Bolder', ...(form === 'risk' && { color: 'Attention' }) }
    const style = form === 'risk' ? strong : form === 'quote' ? { italic: true } : {}
    return paragraph([run(`${label}: `, strong), run(text, style)], { spacing: 'Small' })
  })
}

/** Before the details: nobody should have to scroll past ids. */
function buttons({ reviewLink, portalLink, isOpen }: Notice): readonly Element[] {
  const review = { title: isOpen ? 'Review' : 'Show the case', style: 'positive' }
  const actions = [
    ...(reviewLink === undefined ? [] : [{ ...openUrl(reviewLink), ...review }]),
    ...(portalLink === undefined ? [] : [{ ...openUrl(portalLink), title: 'Azure portal' }]),
  ]
  return actions.length === 0 ? [] : [{ type: 'ActionSet', actions }]
}

function detailElements({ details, requests }: Notice): readonly Element[] {
  const own = requests.flatMap(({ ask, details: list, portalLink }) => {
    const elements = [...smallFacts(list), ...(portalLink === undefined ? [] : [portal(portalLink)])]
    return elements.length === 0 || requests.length === 1
      ? elements
      : [paragraph([run(ask, { ...small, weight: 'Bolder' })], { spacing: 'Small' }), ...elements]
  })
  const all = [...smallFacts(details), ...own]
  if (all.length === 0) return []
  const heading = paragraph([run('Details', { ...small, weight: 'Bolder' })], { spacing: 'None' })
  return [{ type: 'Container', separator: true, spacing: 'Medium', items: [heading, ...all] }]
}

function smallFacts(list: readonly Fact[]): readonly Element[] {
  return list.map(({ label, text, form }) => {
    const style = form === 'code' ? { ...small, fontType: 'Monospace' } : small
    return paragraph([run(`${label}: `, small), run(text, style)], { spacing: 'None' })
  })
}

function portal(link: string): Element {
  return paragraph([run('Azure portal', { ...small, underline: true, selectAction: openUrl(link) })], {
    spacing: 'None',
  })
}

const small = { size: 'Small', isSubtle: true }

function paragraph(inlines: readonly Element[], style: Element = {}): Element {
  return { type: 'RichTextBlock', inlines, ...style }
}

function run(text: string, style: Element = {}): Element {
  return { type: 'TextRun', text, ...style }
}

function openUrl(url: string): Element {
  return { type: 'Action.OpenUrl', url }
}
