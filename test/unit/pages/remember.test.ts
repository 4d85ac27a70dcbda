import { expect, it, describe } from 'vitest'
import type { Outgoing } from '../../../shared/http/outgoing.ts'
import { plainTerms } from '../../support/sample-rule.ts'
import { annAdmin, DecisionPages, hiddenIn } from '../../support/decision-pages.ts'
import { withRoles } from '../../support/sample-decisions.ts'
import { doubted } from '../../support/sample-pages.ts'
import { elementsOf, textOf } from '../../support/rendered.ts'

const reason = 'Nightly load,\nagreed with Kim.'
const preview = { step: 'preview', reason }

const codeOf = ({ headers }: Outgoing) => headers?.['x-refusal']
const wordsOf = ({ body = '' }: Outgoing) => {
  const [root] = elementsOf(body)
  return root ? textOf(root) : ''
}
const isOffered = (page: Outgoing) => wordsOf(page).includes('Approve and remember…')

async function shown(pages: DecisionPages, fields: Record<string, string> = {}) {
  const page = await pages.post('rule', { ...preview, ...fields })
  return { page, confirm: { ...preview, ...fields, step: 'confirm', rule: hiddenIn(page, 'rule') } }
}

describe('the page of a request', () => {
  it('offers to remember it to a person who may approve and write rules', async () => {
    const pages = await new DecisionPages().opened()
    expect(isOffered(await pages.get())).toBe(true)
    const [id] = [pages.decisionId]
    expect((await pages.get()).body).toContain(`formaction="/requests/${id}/rule"`)
  })

  it('does not mention it to a person who may write no rule', async () => {
    const pages = await new DecisionPages().opened()
    expect(wordsOf(await pages.get(withRoles('Approver')))).not.toContain('remember')
  })

  it.each([
    ['the requester is not proven', { proof: { ...doubted, refusals: [] } }, 'Nobody confirms the requester'],
    ['it is contradicted', { proof: doubted }, 'an endpoint of the same name'],
    ['several people must approve', { terms: { ...plainTerms, requiredApprovals: 2 } }, 'several people'],
  ])('says why it cannot be remembered: %s', async (_title, entry, why) => {
    const page = await (await new DecisionPages().opened({ entry })).get()
    expect(isOffered(page)).toBe(false)
    expect(wordsOf(page)).toMatch(new RegExp(`It cannot be remembered by a rule\\. .*${why}`))
  })
})

describe('the preview', () => {
  it('shows every field of the rule, its end and what it means, and decides nothing', async () => {
    const pages = await new DecisionPages().opened()
    const { page } = await shown(pages)
    expect(page.status).toBe(200)
    const words = wordsOf(page)
    for (const field of ['id', 'effect', 'target', 'targetTypes', 'groupIds', 'requester', 'proof', 'owner'])
      expect(words).toContain(field)
    expect(words).toContain('the app approves it by itself and asks nobody, until 2027-03-01 00:00 UTC')
    expect(words).toContain('Nothing is decided yet')
    expect(page.body).toContain('Nightly load,\nagreed with Kim.')
    expect((await pages.record()).request.choices).toEqual([])
    expect([pages.rules, pages.queued]).toEqual([[], 0])
  })

  it.each([
    ['1', '2026-12-02'],
    ['366', '2027-12-02'],
  ])('of %s days ends on %s, and another number shows it anew', async (days, end) => {
    const pages = await new DecisionPages().opened()
    expect(wordsOf((await shown(pages, { days })).page)).toContain(`until ${end} 00:00 UTC`)
  })

  it.each(['0', '367', '-1', '1.5', '1e2', '', '999999'])(
    'of %j days is none: it says what fits, and keeps what was typed',
    async (days) => {
      const pages = await new DecisionPages().opened()
      const { page } = await shown(pages, { days, ticket: 'CHG-7' })
      expect(page.status).toBe(422)
      expect(wordsOf(page)).toContain('from 1 to 366')
      expect(page.body).toContain(reason)
      expect(page.body).toContain('value="CHG-7"')
      expect(page.body).not.toContain('Approve and write this rule')
    },
  )

  it('asks for the reason where there is none yet', async () => {
    const pages = await new DecisionPages().opened()
    const { page } = await shown(pages, { reason: '' })
    expect([page.status, wordsOf(page)]).toEqual([200, expect.stringContaining('A reason first')])
  })

  it('leads back to the request with what was typed', async () => {
    const pages = await new DecisionPages().opened()
    const page = await pages.post('rule', { ...preview, step: 'back' })
    expect(wordsOf(page)).toContain('Waiting for manual review')
    expect(page.body).toContain(reason)
  })

  it('is refused on the page of the request where another rule decides such requests', async () => {
    const pages = await new DecisionPages().opened()
    const { confirm } = await shown(pages)
    await pages.post('rule', confirm)
    const [written] = pages.rules
    const other = await new DecisionPages().opened()
    if (written) other.rules.push({ ...written, id: 'by-hand' })
    const { page } = await shown(other)
    expect(page.status).toBe(409)
    expect(wordsOf(page)).toContain('Rule by-hand v1 allows such requests already')
    expect(page.body).toContain(reason)
  })
})

describe('approve and remember', () => {
  it('approves, writes the rule that was shown, and the page of the request says so', async () => {
    const pages = await new DecisionPages().opened()
    const { confirm } = await shown(pages, { days: '30', ticket: 'CHG-7' })
    const response = await pages.post('rule', confirm)
    expect([response.status, response.headers?.['location']]).toEqual([303, `/requests/${pages.decisionId}`])
    expect((await pages.record()).request.choices).toMatchObject([{ outcome: 'approve', reason }])
    const objectId = annAdmin.caller.objectId
    expect(pages.rules).toMatchObject([
      { justification: reason, ticket: 'CHG-7', validUntil: '2026-12-31T00:00:00.000Z', changedBy: objectId },
    ])
    const words = wordsOf(await pages.get())
    expect(words).toContain(`Rule ${pages.rules[0]?.id ?? ''} v1 was written`)
    expect(words).toContain('until 2026-12-31 00:00 UTC')
    expect(pages.lines).toContain('A rule was remembered.')
  })

  it('sent twice, by a double click or a reload, writes once and leads to the same page', async () => {
    const pages = await new DecisionPages().opened()
    const { confirm } = await shown(pages)
    const { hash: version } = await pages.record()
    const both = await Promise.all([1, 2].map(() => pages.post('rule', { ...confirm, version })))
    const again = await pages.post('rule', { ...confirm, version })
    expect([...both, again].map(({ status }) => status)).toEqual([303, 303, 303])
    expect(pages.rules).toHaveLength(1)
    expect((await pages.record()).request.choices).toHaveLength(1)
  })

  it.each([
    ['another number of days', { days: '91' }],
    ['another reason', { reason: 'Another one' }],
    ['another ticket', { ticket: 'CHG-8' }],
    ['another hash', { rule: 'f'.repeat(64) }],
  ])('with %s than shown does nothing, and shows the rule anew', async (_title, other) => {
    const pages = await new DecisionPages().opened()
    const { confirm } = await shown(pages)
    const page = await pages.post('rule', { ...confirm, ...other })
    expect([page.status, wordsOf(page)]).toEqual([
      409,
      expect.stringContaining('Nothing was decided: the rule is another one'),
    ])
    expect((await pages.record()).request.choices).toEqual([])
    expect(pages.rules).toEqual([])
    const { step } = confirm
    const shownAnew = { ...confirm, ...other, step, rule: hiddenIn(page, 'rule') }
    expect((await pages.post('rule', shownAnew)).status).toBe(303)
  })

  it('over midnight is shown anew, as the rule would end on another day', async () => {
    const pages = await new DecisionPages().opened()
    const { confirm } = await shown(pages)
    pages.clock.at += 24 * 3_600_000
    expect((await pages.post('rule', confirm)).status).toBe(409)
    expect(pages.rules).toEqual([])
  })

  it('of a request that changed since does nothing, and shows what it is now', async () => {
    const pages = await new DecisionPages().opened()
    const { confirm } = await shown(pages)
    const { hash: version } = await pages.record()
    await pages.changed({ requesterSaid: 'Other words' })
    const page = await pages.post('rule', { ...confirm, version })
    expect([page.status, wordsOf(page)]).toEqual([
      409,
      expect.stringContaining('Nothing was decided: the request has changed'),
    ])
    expect(page.body).toContain(reason)
    expect(pages.rules).toEqual([])
  })

  it.each([
    ['is refused', { kind: 'failed', why: 'Somebody changes it.' } as const, 'Somebody changes it'],
    ['is changed by others all the time', { kind: 'changed-meanwhile' } as const, 'changed by others'],
  ])(
    'says that it is approved and the rule is not written, and why: the list %s',
    async (_t, addition, why) => {
      const pages = await new DecisionPages().opened()
      const { confirm } = await shown(pages)
      pages.addition = addition
      const page = await pages.post('rule', confirm)
      expect(page.status).toBe(200)
      expect(wordsOf(page)).toMatch(new RegExp(`Approved, and the rule was not written .*${why}.*Next:`))
      expect((await pages.record()).request.choices).toHaveLength(1)
      expect(pages.lines).toContain('A person has approved a request, and its rule was not written.')
    },
  )

  it('of a request of their own, which a review pass does not approve, writes no rule in its place', async () => {
    const pages = await new DecisionPages().opened()
    const { confirm } = await shown(pages)
    const sentence = 'Ann approved it, and made the endpoint as well.'
    pages.reviewed = { choices: [], reason: { code: 'requested-by-approver', sentence } }
    const page = await pages.post('rule', confirm)
    expect(wordsOf(page)).toContain(`Your approval did not hold, and no rule was written ${sentence}`)
    expect(pages.rules).toEqual([])
  })

  it('that no review pass has verified yet writes no rule, and says so', async () => {
    const pages = await new DecisionPages().opened()
    const { confirm } = await shown(pages)
    pages.reviewed = {}
    expect(wordsOf(await pages.post('rule', confirm))).toMatch(
      /Approved, and the rule was not written .*takes longer than usual/,
    )
    expect(pages.rules).toEqual([])
  })

  it('that dies between the two has approved, and the page says that no rule remembers it', async () => {
    const pages = await new DecisionPages().opened()
    const { confirm } = await shown(pages)
    pages.beforeRead = () => {
      if (pages.queued > 0) throw new Error('The process died.')
    }
    expect(wordsOf(await pages.post('rule', confirm))).toContain('Approved, and the rule was not written')
    const words = wordsOf(await pages.get())
    expect(words).toContain('Being approved By Ann Approver')
    expect(words).toContain('No rule in the allow-list remembers this request.')
    expect(wordsOf(await pages.get(withRoles('Approver')))).not.toContain('allow-list remembers')
    expect(pages.rules).toEqual([])
  })

  it.each([
    ['a person without the role RuleAdmin', {}, withRoles('Approver'), 'role-not-sufficient'],
    ['a form without a version', { version: '' }, annAdmin, 'form-incomplete'],
    ['a form with a version of another form', { version: '1' }, annAdmin, 'form-incomplete'],
    ['a form without the hash of a rule', { rule: '' }, annAdmin, 'form-incomplete'],
    ['a form without a step', { step: '' }, annAdmin, 'form-incomplete'],
    ['a form with the token of another session', { formToken: 'x' }, annAdmin, 'form-token-wrong'],
    ['a form without a token', { formToken: '' }, annAdmin, 'form-token-missing'],
  ])('is refused to %s', async (_title, fields, who, code) => {
    const pages = await new DecisionPages().opened()
    const { confirm } = await shown(pages)
    expect(codeOf(await pages.post('rule', { ...confirm, ...fields }, who))).toBe(code)
    expect((await pages.record()).request.choices).toEqual([])
    expect(pages.rules).toEqual([])
  })
})

describe('a decision', () => {
  it('that was refused keeps the lines of what was typed', async () => {
    const pages = await new DecisionPages().opened()
    const version = (await pages.record()).hash
    await pages.changed({ requesterSaid: 'Other words' })
    const page = await pages.post('decision', { outcome: 'approve', reason: 'One\r\ntwo', version })
    expect(page.body).toContain('\nOne\ntwo</textarea')
  })

  it('that is sent twice leads to the page of the request both times', async () => {
    const pages = await new DecisionPages().opened()
    const version = (await pages.record()).hash
    const sent = { outcome: 'reject', reason: 'No', version }
    const statuses = [await pages.post('decision', sent), await pages.post('decision', sent)]
    expect(statuses.map(({ status }) => status)).toEqual([303, 303])
    const other = await pages.post('decision', { ...sent, outcome: 'approve' })
    expect(wordsOf(other)).toContain('Your decision was not taken')
  })

  it('that is recorded is never said not to be, whatever fails after it', async () => {
    const pages = await new DecisionPages().opened()
    pages.queueFailure = new Error('The queue is gone.')
    const response = await pages.post('decision', { outcome: 'approve' })
    expect(response.status).toBe(303)
    expect(pages.lines).toContain('A decision is applied some seconds later.')
  })
})
