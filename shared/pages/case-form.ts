import type { CaseDecision, CaseProblem, ShownItem } from '../decide/plan-job.ts'
import { maxReasonLength } from '../domain/choice.ts'
import { visible } from '../domain/printable.ts'
import { Refused } from '../http/refusals.ts'
import type { FormState } from './decision-view.ts'

/** What was sent from the form of a case before, and why it was not taken. */
export interface CaseFormState extends FormState {
  /** Decision ids of the requests that were chosen. */
  readonly chosen: readonly string[]
}

export const emptyCaseForm: CaseFormState = { reason: '', problem: undefined, chosen: [] }

/** No page shows more. */
const maxItems = 50
const idForm = /^[A-Za-z0-9._-]{1,100}$/
const hashForm = /^[0-9a-f]{64}$/
/** The name of a hidden field begins so; the id of the decision follows. */
export const versionField = 'version.'
/** The value of `which` when none of competing claims is genuine. */
export const noneOfThem = 'none'

/** What the form of a case says. `confirm`: nothing is decided; a page lists what will be approved. */
export type CaseForm =
  | { readonly kind: 'decide'; readonly decision: CaseDecision }
  | { readonly kind: 'confirm'; readonly versions: ReadonlyMap<string, string> }
  /** The radio button that was to be chosen is missing. */
  | { readonly kind: 'nothing-chosen' }

/** What a form says, read strictly. @throws Refused for a form that no page of this app has. */
export function caseFormIn(caseId: string, form: URLSearchParams): CaseForm {
  const reason = reasonIn(form)
  const versions = versionsIn(form)
  const decide = (scope: CaseDecision['scope']): CaseForm => ({
    kind: 'decide',
    decision: { caseId, scope, reason: reason === '' ? undefined : reason },
  })
  switch (form.get('do')) {
    case 'approve':
      return decide({ kind: 'some', items: itemsOf(chosenIn(form), versions, () => 'approve') })
    case 'reject':
      return decide({ kind: 'some', items: itemsOf(chosenIn(form), versions, () => 'reject') })
    case 'reject-all':
      return decide({ kind: 'reject-all', shownAt: timeIn(form) })
    case 'approve-all':
      return { kind: 'confirm', versions }
    case 'which': {
      const which = form.get('which')
      if (which === null || which === '') return { kind: 'nothing-chosen' }
      if (which !== noneOfThem && !versions.has(which)) throw new Refused('form-incomplete')
      const outcomeOf = (id: string) => (id === which ? 'approve' : 'reject')
      return decide({ kind: 'which', items: itemsOf([...versions.keys()], versions, outcomeOf) })
    }
    default:
      throw new Refused('form-incomplete')
  }
}

/** What was typed and chosen, for the page that asks again. */
export function typedInCase(form: URLSearchParams): Omit<CaseFormState, 'problem'> {
  const which = form.get('which')
  const ids = [...form.getAll('request'), ...(which === null ? [] : [which])]
  return { reason: visible(reasonIn(form)), chosen: ids.slice(0, maxItems) }
}

function reasonIn(form: URLSearchParams): string {
  // Browsers send line ends as CR LF, and count them as one character.
  return (form.get('reason') ?? '').replaceAll('\r\n', '\n').trim()
}

function chosenIn(form: URLSearchParams): readonly string[] {
  return [...new Set(form.getAll('request'))]
}

/** Versions by decision id. */
function versionsIn(form: URLSearchParams): ReadonlyMap<string, string> {
  const versions = new Map<string, string>()
  for (const [name, version] of form) {
    if (!name.startsWith(versionField)) continue
    const id = name.slice(versionField.length)
    const isUsable = idForm.test(id) && hashForm.test(version) && !versions.has(id)
    if (!isUsable || versions.size === maxItems) throw new Refused('form-incomplete')
    versions.set(id, version)
  }
  return versions
}

function itemsOf(
  ids: readonly string[],
  versions: ReadonlyMap<string, string>,
  outcomeOf: (id: string) => ShownItem['outcome'],
): readonly ShownItem[] {
  return ids.map((decisionId) => {
    const version = versions.get(decisionId)
    if (version === undefined) throw new Refused('form-incomplete')
    return { decisionId, version, outcome: outcomeOf(decisionId) }
  })
}

function timeIn(form: URLSearchParams): string {
  const text = form.get('shownAt') ?? ''
  const time = new Date(text)
  if (Number.isNaN(time.getTime()) || time.toISOString() !== text) throw new Refused('form-incomplete')
  return text
}

type Problem = Exclude<CaseProblem, { kind: 'not-found' }>

/** Why nothing was decided, and the status of the response. */
export function caseNotTaken(problem: Problem): { problem: FormState['problem']; status: number } {
  const words = wordsOf(problem)
  return {
    problem: { title: `Nothing was decided: ${words.title}`, sentence: words.sentence },
    status: words.status,
  }
}

function wordsOf(problem: Problem): { title: string; sentence: string; status: number } {
  switch (problem.kind) {
    case 'nothing-chosen':
      return {
        title: 'nothing was chosen',
        sentence: 'Choose at least one request that waits, and decide again.',
        status: 422,
      }
    case 'reason-missing':
      return {
        title: 'the reason is missing',
        sentence: 'A rule of these requests requires one. Write it, and decide again.',
        status: 422,
      }
    case 'reason-too-long':
      return {
        title: 'the reason is too long',
        sentence: `At most ${maxReasonLength} characters fit. Shorten it, and decide again.`,
        status: 422,
      }
    case 'not-of-case':
      return {
        title: 'a request is not of this case',
        sentence:
          'The form named a request that this page does not show. Choose again from what it shows now.',
        status: 409,
      }
    case 'changed':
      return {
        title: 'the claims have changed',
        sentence:
          'One of them was changed, was decided, or joined since this page was shown to you. Read what it shows now, and choose again. What you wrote is still there.',
        status: 409,
      }
    case 'refused':
      return {
        title: 'one of them is not yours to decide',
        sentence: visible(problem.obstacle.sentence),
        status: problem.obstacle.code === 'not-an-approver' ? 403 : 409,
      }
  }
}
