import type { ApprovedAndRemembered, Proposed, Wish } from '../decide/approve-and-remember.ts'
import type { Person, SignedIn } from '../domain/caller.ts'
import type { Outgoing } from '../http/outgoing.ts'
import { Refused } from '../http/refusals.ts'
import type { FoundRequest } from '../ports/requests.ts'
import { isSentTwice, notTaken, personOf } from './decide-request.ts'
import type { FormState } from './decision-view.ts'
import { rememberPage, rememberView } from './remember-page.ts'
import {
  approvedOnly,
  checkRuleAdmin,
  otherRule,
  problemOfTerms,
  type RememberForm,
  rememberFormIn,
  withoutRule,
} from './remember-request.ts'
import type { PageSettings } from './settings.ts'

/** The use cases behind the forms of approve-and-remember. */
export interface RememberUseCases {
  readonly propose: (wish: Wish, person: Person) => Promise<Proposed>
  readonly approve: (wish: Wish, shownHash: string, person: Person) => Promise<ApprovedAndRemembered>
}

/** The pages to which a form of approve-and-remember leads. */
export interface AroundRemember {
  readonly settings: PageSettings
  /** @throws Refused for a request that is not there. */
  readonly find: (decisionId: string) => Promise<FoundRequest>
  /** The page of the request, with its form as given. */
  readonly show: (found: FoundRequest, form: FormState, status: number) => Promise<Outgoing>
  /** Waits for the end of a decision that is recorded. */
  readonly settled: (decisionId: string) => Promise<void>
  /** Leads to the page of a request whose decision is recorded. */
  readonly leave: (decisionId: string) => Outgoing
}

/**
 * Shows the rule that would remember a request, or approves the request and writes the rule that was shown.
 * @throws Refused for a person who may not, a request that is not there, or a form that is none of the app's.
 */
export async function remember(
  useCases: RememberUseCases,
  around: AroundRemember,
  decisionId: string,
  signedIn: SignedIn,
  form: URLSearchParams,
): Promise<Outgoing> {
  const person = personOf(signedIn)
  checkRuleAdmin(person)
  const sent = rememberFormIn(decisionId, form)
  const { step, wish, shownHash, typed } = sent
  const { reason } = typed
  if (step === 'back') return around.show(await around.find(decisionId), { reason, problem: undefined }, 200)
  const result =
    shownHash === undefined
      ? await useCases.propose(wish, person)
      : await useCases.approve(wish, shownHash, person)
  switch (result.kind) {
    case 'not-found':
      throw new Refused('request-not-found')
    case 'not-taken': {
      if (isSentTwice(result.problem, wish.decision, person.objectId)) {
        await around.settled(decisionId)
        return around.leave(decisionId)
      }
      const { form: shown, status } = notTaken(result.problem, reason)
      return around.show(result.problem.found, shown, status)
    }
    case 'no-rule':
      return around.show(result.found, withoutRule(result.refusal, reason), 409)
    case 'approved':
      if (result.remembered.kind === 'written') return around.leave(decisionId)
      return around.show(await around.find(decisionId), approvedOnly(result.remembered.refusal), 200)
    case 'terms':
    case 'proposed':
    case 'other-rule':
      return ruleShown(result, sent, around.settings, signedIn)
  }
}

type Shown = Extract<ApprovedAndRemembered | Proposed, { kind: 'terms' | 'proposed' | 'other-rule' }>

function ruleShown(
  result: Shown,
  { wish, typed, step }: RememberForm,
  settings: PageSettings,
  signedIn: SignedIn,
): Promise<Outgoing> {
  const rule = result.kind === 'terms' ? undefined : result.toRemember
  const view = rememberView(result.found, wish.decision.version, typed, rule, settings)
  if (result.kind === 'proposed') return rememberPage(view, { signedIn, problem: undefined, status: 200 })
  if (result.kind === 'other-rule') return rememberPage(view, { signedIn, problem: otherRule, status: 409 })
  // From the page of the request, a reason that is not there yet is no mistake.
  const isAsked = step === 'preview' && typed.reason === ''
  return rememberPage(view, {
    signedIn,
    problem: problemOfTerms(result, isAsked),
    status: isAsked ? 200 : 422,
  })
}
