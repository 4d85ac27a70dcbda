import { describe, expect, it } from 'vitest'
import { casePage } from '../../../shared/pages/case-page.ts'
import { caseView } from '../../../shared/pages/case-view.ts'
import { confirmView } from '../../../shared/pages/confirm-page.ts'
import { jobView } from '../../../shared/pages/job-view.ts'
import { attribute, elementsOf } from '../../support/rendered.ts'
import {
  caseContent,
  caseId,
  caseRecord,
  caseStates,
  caseTime,
  sampleJob,
} from '../../support/sample-cases.ts'
import { doubted, pageCaller, pageSettings } from '../../support/sample-pages.ts'

const view = (change: Parameters<typeof caseContent>[0] = {}, who = pageCaller) =>
  caseView(
    { caseId, content: caseContent(change), jobs: [], notDecided: new Map(), at: caseTime },
    pageSettings,
    who,
  )
const state = (name: string) => {
  const sources = caseStates[name]
  if (!sources) throw new Error(`There is no state ${name}.`)
  return caseView(sources, pageSettings, pageCaller)
}

describe('the page of a case says', () => {
  it.each([
    ['burst case', 'Burst case: 800 requests', 'waiting', /800 requests are waiting\.$/],
    [
      'burst case, a decision under way',
      'Burst case: 613 requests',
      'waiting',
      /612 requests are waiting, 1 is being decided\.$/,
    ],
    ['group', 'Group: 3 requests', 'waiting', /3 requests are waiting\.$/],
    ['group, all decided', 'Group: all decided', 'decided', /^2 have ended\.$/],
    ['competing claims', 'Competing claims: 2 requests', 'waiting', /2 requests are waiting\.$/],
  ])('how far it is: %s', (name, title, kind, sentence) => {
    const { title: actual, standing } = state(name)
    expect(actual).toBe(title)
    expect(standing).toMatchObject({ kind, sentence: expect.stringMatching(sentence) as string })
  })

  it('what is decided already, and by whom', () => {
    expect(state('group, all decided').ended.map(({ detail }) => detail)).toEqual([
      expect.stringMatching(/^rejected, .* Rejected by Ben\.$/),
      expect.stringMatching(/^withdrawn, .* The connection is gone\.$/),
    ])
    expect(state('burst case, a decision under way').underWay[0]?.detail).toMatch(
      /^being rejected, .*Rejected by Ben Approver \(“Nobody knows it\.”\)\.$/,
    )
  })
})

describe('what a person can do about a case', () => {
  it('decide all, or some; all that is approved at once is what nothing contradicts', () => {
    expect(view({ beyond: 788 }).decision).toMatchObject({
      ...{ kind: 'form', asks: 'some', toReject: 800, toApprove: 10 },
      shownAt: caseTime.toISOString(),
    })
  })

  it('choose one of competing claims', () => {
    expect(state('competing claims').decision).toMatchObject({ asks: 'which' })
    expect(state('competing claims, one left').decision).toMatchObject({ asks: 'some', toApprove: 0 })
  })

  it('reject claims together where there are too many to find the one', () => {
    const waiting = Array.from({ length: 21 }, (_, index) => caseRecord(index))
    expect(view({ kind: 'competing-claims', waiting }).decision).toMatchObject({ asks: 'some', toReject: 21 })
    expect(view({ kind: 'competing-claims', beyond: 1 }).decision).toMatchObject({ asks: 'some' })
  })

  it('choose each that is theirs to decide, and read why the others are not', () => {
    const { waiting, decision } = state('group')
    expect(waiting.map(({ obstacle }) => obstacle)).toEqual([
      ...[undefined, 'The rule names other approvers.', undefined],
    ])
    expect(decision).toMatchObject({ toReject: 2 })
  })

  it('nothing as a reader, or where nothing waits', () => {
    const reader = { ...pageCaller, caller: { ...pageCaller.caller, roles: ['Reader'] as never } }
    expect(view({}, reader).decision.kind).toBe('not-allowed')
    expect(view({ waiting: [] }).decision.kind).toBe('none')
  })
})

describe('the form', () => {
  it.each(Object.keys(caseStates))(
    'has nothing chosen by itself, and a label for each box: %s',
    async (name) => {
      const { body = '' } = await casePage(state(name), pageCaller)
      const elements = elementsOf(body)
      const boxes = elements.filter((one) => /^(checkbox|radio)$/.test(attribute(one, 'type') ?? ''))
      const labels = new Set(
        elements.filter(({ tagName }) => tagName === 'label').map((one) => attribute(one, 'for')),
      )
      expect(boxes.filter(({ attrs }) => attrs.some(({ name: field }) => field === 'checked'))).toEqual([])
      for (const box of boxes) expect(labels).toContain(attribute(box, 'id'))
      const bound = elements.filter((one) => attribute(one, 'name')?.startsWith('version.'))
      expect(bound).toHaveLength(boxes.filter((box) => attribute(box, 'value') !== 'none').length)
    },
  )

  it('shows again what was typed and chosen', async () => {
    const shown = view()
    const [first] = shown.waiting
    const { body = '' } = await casePage(shown, pageCaller, {
      ...{ reason: 'Because.', chosen: [first?.decisionId ?? ''], problem: undefined },
    })
    expect(body).toContain('Because.</textarea>')
    expect(elementsOf(body).filter(({ attrs }) => attrs.some(({ name }) => name === 'checked'))).toHaveLength(
      1,
    )
  })
})

describe('what will be approved', () => {
  const versions = new Map(caseContent().waiting.map(({ request, hash }) => [request.decisionId, hash]))
  const confirmed = (change: Parameters<typeof caseContent>[0] = {}) =>
    confirmView(caseId, view(change), versions)

  it('is what was shown, and nothing that something contradicts', () => {
    expect(confirmed()?.rows).toHaveLength(10)
  })

  it('is not what has changed, or come, since', () => {
    const [first, ...others] = caseContent().waiting
    const changed = first && { ...first, hash: 'f'.repeat(64) }
    const waiting = [...(changed ? [changed] : []), ...others, caseRecord(99)]
    expect(confirmed({ waiting })?.rows).toHaveLength(9)
  })

  it('is nothing where each is doubtful', () => {
    const waiting = [caseRecord(0, { entry: { proof: doubted } })]
    expect(confirmed({ waiting })).toBeUndefined()
  })
})

describe('a decision on a case', () => {
  it.each([
    [
      { done: 120, recorded: 120 },
      'Ann Approver decided to reject 800 requests',
      /^120 of 800 are decided so far\./,
    ],
    [
      { total: 34, done: 34, recorded: 32, settledAt: caseTime.toISOString() },
      'Ann Approver decided to reject 34 requests',
      /^32 of 34 are decided; 2 are not, for the reasons below\./,
    ],
    [
      { total: 2, toApprove: 1, done: 2, recorded: 2, settledAt: caseTime.toISOString() },
      'Ann Approver decided to approve 1 request and to reject 1 request',
      /^2 of 2 are decided\./,
    ],
  ])('says how far it is', (change, title, sentence) => {
    const shown = jobView({ job: sampleJob(change), notRecorded: [] }, new Map(), pageSettings)
    expect(shown).toMatchObject({ title, sentence: expect.stringMatching(sentence) as string })
  })
})
