import type { Decided, Decision } from '../decide/decide.ts'
import { untilApplied } from '../decide/until-applied.ts'
import { hasRole, type Person, type SignedIn } from '../domain/caller.ts'
import { chosenOutcome } from '../domain/choice.ts'
import { historyOwner } from '../domain/history-owner.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import type { Rule } from '../domain/rule.ts'
import type { Incoming } from '../http/incoming.ts'
import { type Outgoing, seeOther } from '../http/outgoing.ts'
import { Refused } from '../http/refusals.ts'
import { forgetTyped, typedBefore } from '../http/typed-text.ts'
import type { CheckedLink } from '../links/token.ts'
import type { FoundRequest, RequestsPort } from '../ports/requests.ts'
import { rememberedRuleId } from '../remember/pinned-rule.ts'
import { type CasePagePorts, type CasePages, createCasePages } from './case-pages.ts'
import { decisionIn, isSentTwice, notTaken, personOf } from './decide-request.ts'
import { emptyForm, type FormState } from './decision-view.ts'
import { readable } from './readable.ts'
import { remember, type RememberUseCases } from './remember.ts'
import { requestPage } from './request-page.ts'
import { casePath, requestPath, type RequestSources, requestView } from './request-view.ts'
import { noRequestsPage, waitingPage, waitingView } from './waiting-page.ts'

/** What pages are made from. Everything is stored already: no page waits for Azure. */
export interface PagePorts extends CasePagePorts {
  readonly requests: RequestsPort
  readonly links: { find(token: string): Promise<CheckedLink> }
  readonly decide: (decision: Decision, person: Person) => Promise<Decided>
  readonly remember: RememberUseCases
  /** The rule of that id in the allow-list now. */
  readonly ruleOf: (ruleId: string) => Promise<Rule | undefined>
  /** A person waits so long for the end of what they decided; after that, the page says that it is under way. */
  readonly maxApplyingMs: number
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
  /** As `decide`, for the forms that lead to an approval with its rule. */
  readonly remember: Pages['decide']
  /**
   * Leads from the link of a message to the page that it finds.
   * @throws Refused for a link that is not one of the app, or has expired.
   */
  readonly followLink: (incoming: Pick<Incoming, 'params'>) => Promise<Outgoing>
}

const maxWaiting = 50
/** Of others on the target, and of what ended before; one more than is shown, as the request itself may be one. */
const maxOthers = 6

export function createPages(ports: PagePorts): Pages {
  const { requests, links, settings } = ports
  const find = async (decisionId: string) => {
    const found = await readable(() => requests.find(decisionId))
    if (!found) throw new Refused('request-not-found')
    return found
  }
  const show = async (found: FoundRequest, signedIn: SignedIn, form: FormState, status: number) => {
    const sources = await around(ports, found)
    return requestPage(requestView(sources, settings, signedIn), signedIn, form, status)
  }
  const leave = (decisionId: string) =>
    seeOther(requestPath(decisionId), [forgetTyped(settings.publicOrigin)])
  return {
    ...createCasePages(ports),
    async waiting(signedIn) {
      if (!hasRole(signedIn.caller, ['Reader', 'Approver'])) return noRequestsPage(signedIn)
      return waitingPage(waitingView(await requests.open(maxWaiting), settings), signedIn)
    },
    async request(incoming, signedIn) {
      const found = await find(incoming.params['id'] ?? '')
      const reason = typedBefore(settings.publicOrigin, incoming)
      return show(found, signedIn, { ...emptyForm, reason }, 200)
    },
    async decide({ params }, signedIn, form) {
      const decision = decisionIn(params['id'] ?? '', form)
      const person = personOf(signedIn)
      const result = await readable(() => ports.decide(decision, person))
      if (result.kind === 'not-found') throw new Refused('request-not-found')
      if (result.kind === 'chosen' || isSentTwice(result, decision, person.objectId)) {
        await settled(ports, decision.decisionId)
        return leave(decision.decisionId)
      }
      const { form: shown, status } = notTaken(result, decision.reason ?? '')
      return show(result.found, signedIn, shown, status)
    },
    remember({ params }, signedIn, form) {
      const toPages = {
        ...{ settings, find, leave },
        settled: (decisionId: string) => settled(ports, decisionId),
        show: (found: FoundRequest, shown: FormState, status: number) => show(found, signedIn, shown, status),
      }
      return readable(() => remember(ports.remember, toPages, params['id'] ?? '', signedIn, form))
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
async function around({ requests, cases, ruleOf }: PagePorts, found: FoundRequest): Promise<RequestSources> {
  const { request, lastEntry } = found.record
  const target = parseResourceId(request.subject.targetId)
  const owner = historyOwner(lastEntry)
  const ruleId = rememberedBy(found)
  const [ofRequester, onTarget, unfinished, remembered, caseId] = await Promise.all([
    owner ? requests.endedOf(owner, maxOthers) : [],
    target ? requests.endedOn(target, maxOthers) : [],
    target ? requests.unfinishedOn(target, maxOthers) : { records: [], total: 0 },
    ruleId === undefined ? undefined : ruleOf(ruleId),
    cases.caseOf(found.record),
  ])
  return { found, ofRequester, onTarget, unfinished, remembered, caseId }
}

/** The id of the rule that remembers what people approved; undefined: they have not. */
function rememberedBy({ record: { request } }: FoundRequest): string | undefined {
  const target = parseResourceId(request.subject.targetId)
  return target && chosenOutcome(request.choices) === 'approve'
    ? rememberedRuleId(target, request.decisionId)
    : undefined
}

/**
 * Waits for the end of what a person decided. It is recorded, so whatever fails here must not say that nothing was
 * decided.
 */
async function settled({ requests, maxApplyingMs }: PagePorts, decisionId: string): Promise<void> {
  try {
    await untilApplied(requests, decisionId, maxApplyingMs)
  } catch {
    // The page that this leads to says what is wrong, or what became of it meanwhile.
  }
}
