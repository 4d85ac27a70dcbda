import type { Message, RequestInMessage } from '../../domain/message.ts'
import { askOf, commonFacts, detailsOf, factsOf, type Fact } from './facts.ts'
import { idShown, sentenceShown } from './foreign.ts'
import { webLink } from './links.ts'
import { timeShown } from './times.ts'
import {
  type DecisionPlace,
  expirySentence,
  headlineOf,
  isOpen,
  isUrgent,
  labelOf,
  nextStepOf,
} from './wording.ts'

/** How much of a message is shown. */
export interface Extent {
  readonly requests: number
  /** Characters of each text; ids may be twice as long. */
  readonly text: number
  /** Ids, times and commands. */
  readonly hasDetails: boolean
}

/** The first rendering that fits; the last one if none does. */
export function fitting<T>(
  extents: readonly [Extent, ...Extent[]],
  render: (extent: Extent) => T,
  fits: (rendering: T) => boolean,
): T {
  const [first, ...smaller] = extents
  let rendering = render(first)
  for (const extent of smaller) {
    if (fits(rendering)) break
    rendering = render(extent)
  }
  return rendering
}

/** A message in words, as every channel shows it. All texts are plain text, and harmless only as plain text. */
export interface Notice {
  readonly label: string
  /** Our own words only, as are `nextStep`, `expiry`, `more` and all labels. */
  readonly headline: string
  readonly isUrgent: boolean
  readonly isOpen: boolean
  readonly title: string
  readonly summary: string
  readonly nextStep: string
  readonly expiry: string | undefined
  readonly reviewLink: string | undefined
  /** The one page of the portal that covers all requests shown; undefined where there are several. */
  readonly portalLink: string | undefined
  /** What holds for each of the requests. */
  readonly common: readonly Fact[]
  readonly requests: readonly NoticeRequest[]
  readonly more: string | undefined
  /** Details that all requests have in common. */
  readonly details: readonly Fact[]
  readonly footer: string
}

export interface NoticeRequest {
  /** Who asks for what; numbered where there are several. */
  readonly ask: string
  readonly facts: readonly Fact[]
  readonly details: readonly Fact[]
  /** Undefined where all requests have the same. */
  readonly portalLink: string | undefined
}

const maxTitle = 120
const maxAsk = 80
/** The requests of a burst are much alike: a few are enough to see what they are. */
const maxOfBurst = 3

/** Puts a message into words, to an extent. */
export function noticeOf(message: Message, { requests: max, text, hasDetails }: Extent): Notice {
  const shown = message.requests.slice(0, message.case.kind === 'burst' ? Math.min(max, maxOfBurst) : max)
  const facts = commonFacts(shown.map((request) => factsOf(request, text)))
  const details = commonFacts(shown.map((request) => (hasDetails ? detailsOf(request, message, text) : [])))
  const reviewLink = webLink(message.reviewLink)
  const portalLinks = shown.map((request) => webLink(request.portalLink))
  const isOnePortal = new Set(portalLinks).size === 1
  return {
    label: labelOf(message),
    headline: headlineOf(message),
    isUrgent: isUrgent(message),
    isOpen: isOpen(message),
    title: sentenceShown(message.title, Math.min(maxTitle, text)),
    summary: sentenceShown(message.summary, text),
    nextStep: nextStepOf(message, placeOf(shown, reviewLink, hasDetails)),
    expiry: expirySentence(message),
    reviewLink,
    portalLink: isOnePortal ? portalLinks[0] : undefined,
    common: facts.common,
    requests: shown.map((request, index) => ({
      ask: headingOf(message, request, shown.length > 1 ? index + 1 : undefined, Math.min(text, maxAsk)),
      facts: facts.others[index] ?? [],
      details: details.others[index] ?? [],
      portalLink: isOnePortal || !hasDetails ? undefined : portalLinks[index],
    })),
    more: moreSentence(message, shown.length, reviewLink !== undefined),
    details: details.common,
    footer: `Private Endpoint Approver, ${timeShown(message.at, message.timeZone)}, case ${idShown(message.case.id, text)}`,
  }
}

/** Who asks for what, unless the title has said it. @param number where there are several. */
function headingOf(
  message: Message,
  request: RequestInMessage,
  number: number | undefined,
  max: number,
): string {
  const ask = askOf(request, message, max)
  if (number !== undefined) return `${number}. ${ask}`
  return ask === sentenceShown(message.title, maxTitle) ? 'The request' : ask
}

/** Commands are among the details. */
function placeOf(
  shown: readonly RequestInMessage[],
  reviewLink: string | undefined,
  hasDetails: boolean,
): DecisionPlace {
  if (reviewLink !== undefined) return 'page'
  return hasDetails && shown.some(({ commands }) => commands !== undefined) ? 'commands' : 'portal'
}

function moreSentence({ total }: Message, shown: number, hasPage: boolean): string | undefined {
  const more = total - shown
  if (more <= 0) return undefined
  const where = hasPage ? 'on the review page' : 'in the decision log'
  return shown === 0 ? `All ${total} are ${where}.` : `And ${more} more, ${where}.`
}
