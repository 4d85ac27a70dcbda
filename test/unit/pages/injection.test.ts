import { describe, expect, it } from 'vitest'
import type { Outgoing } from '../../../shared/http/outgoing.ts'
import { casePage } from '../../../shared/pages/case-page.ts'
import { type CaseSources, caseView } from '../../../shared/pages/case-view.ts'
import { confirmPage, confirmView } from '../../../shared/pages/confirm-page.ts'
import { maxReasonLength } from '../../../shared/domain/choice.ts'
import { notTaken } from '../../../shared/pages/decide-request.ts'
import { visible, visibleLines } from '../../../shared/domain/printable.ts'
import { rememberPage, rememberView } from '../../../shared/pages/remember-page.ts'
import { problemOfTerms } from '../../../shared/pages/remember-request.ts'
import { requestPage } from '../../../shared/pages/request-page.ts'
import { type RequestSources, requestView } from '../../../shared/pages/request-view.ts'
import { waitingPage, waitingView } from '../../../shared/pages/waiting-page.ts'
import type { RequestRecord } from '../../../shared/ports/ledger.ts'
import { harmful, injections } from '../../support/injection-corpus.ts'
import { attribute, elementsOf, textOf } from '../../support/rendered.ts'
import { decisionPages, sampleRule, sampleTyped, withRoles } from '../../support/sample-decisions.ts'
import {
  confirmed,
  doubted,
  pageCaller,
  pageRecord,
  pageSettings,
  pageSources,
  pageStates,
} from '../../support/sample-pages.ts'
import { caseContent, caseId, caseRecord, caseStates, caseTime } from '../../support/sample-cases.ts'

const maxBytes = 60_000

/** Replaces every text that somebody else may have written, wherever it stands in a record, by another one. */
function spoiled(record: RequestRecord, text: string): RequestRecord {
  const { request, lastEntry } = record
  const subject =
    request.subject.kind === 'target'
      ? { ...request.subject, targetId: text }
      : { ...request.subject, connectionId: text, targetId: text, endpointId: text }
  const rule = lastEntry.nearest && {
    ...lastEntry.nearest,
    ruleId: text,
    conditions: lastEntry.nearest.conditions.map((one) => ({ ...one, expected: text, actual: text })),
  }
  const reason = { ...request.reason, sentence: text }
  const proof = {
    ...(lastEntry.proof ?? doubted),
    refusals: doubted.refusals.map((refusal) => ({ ...refusal, sentence: text })),
  }
  const id = { ...(confirmed.requester?.id ?? { key: '', strictKey: '', type: '' }), name: text, id: text }
  const requester = proof.requester && { ...proof.requester, id }
  return {
    ...record,
    request: { ...request, subject, reason, groupIds: [text, text], requesterSaid: text },
    lastEntry: {
      ...{ ...lastEntry, subject, reason, groupIds: [text], requesterSaid: text, nearest: rule },
      ...{ decidedBy: lastEntry.decidedBy && rule, proof: { ...proof, requester, endpointTenantId: text } },
    },
  }
}

function spoiledSources(sources: RequestSources, text: string): RequestSources {
  const record = spoiled(sources.found.record, text)
  const others = Array.from({ length: 6 }, () => spoiled(pageRecord(), text))
  const past = others.map(({ lastEntry }, index) => ({ ...lastEntry, decisionId: `other.1.${index}` }))
  // The message was about something else, so that what changed is shown, too.
  const entry = { ...record.lastEntry, groupIds: [`${text}!`], decisionId: 'earlier.1.1' }
  return {
    found: { record, entry },
    ...{ ofRequester: past, onTarget: past, unfinished: { records: [record, ...others], total: 99 } },
    remembered: undefined,
    caseId: sources.caseId,
  }
}

/** How many risk flags there are depends on the text; their words are our own. */
function spoiledPage(sources: RequestSources, text: string): Promise<Outgoing> {
  const view = requestView(spoiledSources(sources, text), pageSettings, pageCaller)
  return requestPage({ ...view, flags: view.flags.slice(0, 1) }, pageCaller)
}

function spoiledCase(sources: CaseSources, text: string) {
  const { content, jobs, notDecided } = sources
  const all = (records: readonly RequestRecord[]) => records.map((record) => spoiled(record, text))
  return caseView(
    {
      ...sources,
      content: {
        ...{ ...content, waiting: all(content.waiting), underWay: all(content.underWay) },
        ended: content.ended.map((lastEntry) => spoiled({ ...caseRecord(1), lastEntry }, text).lastEntry),
      },
      notDecided: new Map([...notDecided].map(([id, record]) => [id, spoiled(record, text)])),
      jobs: jobs.map(({ job, notRecorded }) => ({
        job: { ...job, person: { ...job.person, name: text }, reason: text },
        notRecorded: notRecorded.map((item) => ({
          ...item,
          result: item.result && { ...item.result, sentence: text },
        })),
      })),
    },
    pageSettings,
    pageCaller,
  )
}

/** Tags of a page, each with the names of its attributes; what stands in them may differ. */
function skeleton({ body = '' }: Outgoing): readonly string[] {
  return elementsOf(body)
    .filter(({ tagName }) => tagName !== 'wbr')
    .map(({ tagName, attrs }) => `${tagName} ${attrs.map(({ name }) => name).join(' ')}`)
}

const pages: Readonly<Record<string, (text: string) => Promise<Outgoing>>> = {
  ...Object.fromEntries(
    Object.entries(pageStates).map(([name, sources]) => [
      `a request, ${name}`,
      (text: string) => spoiledPage(sources, text),
    ]),
  ),
  'a request of a known requester': (text) => spoiledPage(pageSources({ entry: { proof: confirmed } }), text),
  'a request that was decided, and remembered': (text) => {
    const sources = pageStates['approved and remembered'] ?? pageSources()
    const remembered = sources.remembered && { ...sources.remembered, id: text }
    const view = requestView(sources, pageSettings, pageCaller)
    const spoiled = requestView({ ...sources, remembered }, pageSettings, pageCaller)
    return requestPage({ ...view, remembered: spoiled.remembered }, pageCaller)
  },
  // What a person types is not cut: it is theirs, and a form has a limit.
  'the form of a decision, refused': (text) => {
    const why = { path: undefined, why: text }
    const { decision, ...view } = requestView(pageSources(), pageSettings, pageCaller)
    const remember = decision.kind === 'form' ? { ...decision, remember: why } : decision
    const obstacle = { code: 'decided-already', sentence: text } as const
    const { form } = notTaken(
      { kind: 'refused', obstacle, found: pageSources().found },
      text.slice(0, maxReasonLength),
    )
    return requestPage({ ...view, decision: remember }, pageCaller, form)
  },
  'the preview of a rule': (whole) => {
    const text = whole.slice(0, maxReasonLength)
    const view = rememberView(pageSources().found, '0'.repeat(64), sampleTyped, sampleRule, pageSettings)
    const lines = view.rule?.lines.map(({ label }) => ({ label, value: visibleLines(text) })) ?? []
    const typed = { reason: visibleLines(text), ticket: visible(text), days: visible(text) }
    const problem = problemOfTerms(
      { found: pageSources().found, refusal: { code: 'reason-unusable', sentence: text } },
      false,
    )
    const shown = { ...view, typed, rule: view.rule && { ...view.rule, lines } }
    return rememberPage(shown, { signedIn: withRoles('Approver', 'RuleAdmin'), problem, status: 422 })
  },
  ...Object.fromEntries(
    Object.entries(caseStates).map(([name, sources]) => [
      `a case, ${name}`,
      (text: string) => casePage(spoiledCase(sources, text), pageCaller),
    ]),
  ),
  'what of a case will be approved': (text) => {
    const waiting = caseContent().waiting.slice(0, 3)
    const all = spoiledCase(
      { caseId, content: caseContent({ waiting }), jobs: [], notDecided: new Map(), at: caseTime },
      text,
    )
    const view = { ...all, waiting: all.waiting.map((row) => ({ ...row, isDoubtful: false })) }
    const versions = new Map(view.waiting.map(({ decisionId, version }) => [decisionId, version]))
    const confirmed = confirmView(caseId, view, versions)
    return confirmed
      ? confirmPage(confirmed, pageCaller, visible(text).slice(0, 300))
      : Promise.reject(new Error('Nothing can be approved.'))
  },
  'the first page': (text) =>
    waitingPage(waitingView({ records: [spoiled(pageRecord(), text)], total: 1 }, pageSettings), pageCaller),
}

describe.each(Object.entries(pages))('text of others on %s', (_page, make) => {
  it.each(Object.entries(injections))('is visible text and nothing else: %s', async (_what, text) => {
    const [plain, spoiled] = [await make('plain'), await make(text)]
    const body = spoiled.body ?? ''
    expect(skeleton(spoiled)).toEqual(skeleton(plain))
    const elements = elementsOf(body)
    const [root] = elements
    if (!root) throw new Error('There is no page.')
    expect(textOf(root)).not.toMatch(harmful)
    for (const link of elements.filter(({ tagName }) => tagName === 'a'))
      expect(attribute(link, 'href')).toMatch(/^(\/|#|https:\/\/portal\.azure\.com($|\/#resource))/)
    expect(Buffer.byteLength(body)).toBeLessThan(maxBytes * 2)
  })
})

describe('the weight of a page', () => {
  const usual: Readonly<Record<string, () => Promise<Outgoing>>> = {
    ...Object.fromEntries(
      Object.entries(pageStates).map(([name, sources]) => [
        `a request, ${name}`,
        () => requestPage(requestView(sources, pageSettings, pageCaller), pageCaller),
      ]),
    ),
    ...decisionPages,
    ...Object.fromEntries(
      (['burst', 'competing-claims'] as const).map((kind) => [
        `fifty of a ${kind}`,
        () => {
          const waiting = Array.from({ length: 50 }, (_, index) => caseRecord(index))
          const content = caseContent({ kind, waiting, beyond: kind === 'burst' ? 950 : 0 })
          const sources = { caseId, content, jobs: [], notDecided: new Map(), at: caseTime }
          return casePage(caseView(sources, pageSettings, pageCaller), pageCaller)
        },
      ]),
    ),
    'the first page with fifty of a thousand': () => {
      const records = Array.from({ length: 50 }, () => pageRecord())
      return waitingPage(waitingView({ records, total: 1_000 }, pageSettings), pageCaller)
    },
  }

  it.each(Object.entries(usual))('is under 60 KB: %s', async (_name, make) => {
    expect(Buffer.byteLength((await make()).body ?? '')).toBeLessThan(maxBytes)
  })
})
