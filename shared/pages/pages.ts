import type { Decided, Decision } from '../decide/decide.ts'
import { untilApplied } from '../decide/until-applied.ts'
import { hasRole, type Person, type SignedIn } from '../domain/caller.ts'
import { historyOwner } from '../domain/history-owner.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import type { Incoming } from '../http/incoming.ts'
import { type Outgoing, seeOther } from '../http/outgoing.ts'
import { Refused } from '../http/refusals.ts'
import { forgetTyped, typedBefore } from '../http/typed-text.ts'
import type { CheckedLink } from '../links/token.ts'
import type { FoundRequest, RequestsPort } from '../ports/requests.ts'
import { type CasePagePorts, type CasePages, createCasePages } from './case-pages.ts'
import { decisionIn, notTaken, personOf } from './decide-request.ts'
import { readable } from './readable.ts'
import { requestPage } from './request-page.ts'
import { casePath, requestPath, requestView } from './request-view.ts'
import { noRequestsPage, waitingPage, waitingView } from './waiting-page.ts'

/** What pages are made from. Everything is stored already: no page waits for Azure. */
export interface PagePorts extends CasePagePorts {
  readonly requests: RequestsPort
  readonly links: { find(token: string): Promise<CheckedLink> }
  readonly decide: (decision: Decision, person: Person) => Promise<Decided>
}

/** The pages of an approver. Reading them changes nothing. */
export interface Pages extends CasePages {
  /** The first page. */
  readonly waiting: (signedIn: SignedIn) => Promise<Outgoing>
  /** @throws Refused for a request that is not there. */
  readonly request: (incoming: Incoming, signedIn: SignedIn) => Promise<Outgoing>
  /**
   * Takes what a person decides, and leads to the page of the request, which says what became of it.
   * @throws Refused for a request that is not there, or a form that is none of the app's.
   */
  readonly decide: (
    incoming: Pick<Incoming, 'params'>,
    signedIn: SignedIn,
    form: URLSearchParams,
  ) => Promise<Outgoing>
  /**
   * Leads from the link of a message to the page that it finds.
   * @throws Refused for a link that is not one of the app, or has expired.
   */
  readonly followLink: (incoming: Pick<Incoming, 'params'>) => Promise<Outgoing>
}

const maxWaiting = 50
/** A person waits so long for the end of what they decided; after that, the page says that it is under way. */
const maxApplyingMs = 8_000
/** Of others on the target, and of what ended before; one more than is shown, as the request itself may be one. */
const maxOthers = 6

export function createPages(ports: PagePorts): Pages {
  const { requests, links, settings } = ports
  return {
    ...createCasePages(ports),
    async waiting(signedIn) {
      if (!hasRole(signedIn.caller, ['Reader', 'Approver'])) return noRequestsPage(signedIn)
      return waitingPage(waitingView(await requests.open(maxWaiting), settings), signedIn)
    },
    async request(incoming, signedIn) {
      const found = await readable(() => requests.find(incoming.params['id'] ?? ''))
      if (!found) throw new Refused('request-not-found')
      const typed = { reason: typedBefore(settings.publicOrigin, incoming), problem: undefined }
      return requestPage(requestView(await around(ports, found), settings, signedIn), signedIn, typed)
    },
    async decide({ params }, signedIn, form) {
      const decision = decisionIn(params['id'] ?? '', form)
      const decided = await readable(() => ports.decide(decision, personOf(signedIn)))
      if (decided.kind === 'not-found') throw new Refused('request-not-found')
      if (decided.kind === 'chosen') {
        if (decided.isComplete) await untilApplied(requests, decision.decisionId, maxApplyingMs)
        const page = seeOther(requestPath(decision.decisionId))
        return { ...page, cookies: [forgetTyped(settings.publicOrigin)] }
      }
      const { form: shown, status } = notTaken(decided, decision.reason ?? '')
      const sources = await around(ports, decided.found)
      return requestPage(requestView(sources, settings, signedIn), signedIn, shown, status)
    },
    async followLink({ params }) {
      const link = await links.find(params['token'] ?? '')
      if (typeof link === 'string') throw new Refused(link)
      const { kind, id } = link.place
      return seeOther(kind === 'request' ? requestPath(id) : casePath(id))
    },
  }
}

/** The request with what else is known of its requester and its target. */
async function around({ requests, cases }: PagePorts, found: FoundRequest) {
  const { request, lastEntry } = found.record
  const target = parseResourceId(request.subject.targetId)
  const owner = historyOwner(lastEntry)
  const [ofRequester, onTarget, unfinished, caseId] = await Promise.all([
    owner ? requests.endedOf(owner, maxOthers) : [],
    target ? requests.endedOn(target, maxOthers) : [],
    target ? requests.unfinishedOn(target, maxOthers) : { records: [], total: 0 },
    cases.caseOf(found.record),
  ])
  return { found, ofRequester, onTarget, unfinished, caseId }
}
