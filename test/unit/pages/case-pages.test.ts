import { beforeEach, describe, expect, it } from 'vitest'
import { decideCase } from '../../../shared/decide/decide-case.ts'
import type { SignedIn } from '../../../shared/domain/caller.ts'
import type { Outgoing } from '../../../shared/http/outgoing.ts'
import { respond } from '../../../shared/http/respond.ts'
import { type RouteRow, routes } from '../../../shared/http/routes.ts'
import { createCasePages } from '../../../shared/pages/case-pages.ts'
import { CaseWorld } from '../../support/case-world.ts'
import { pageCaller, pageSettings } from '../../support/sample-pages.ts'

const { publicOrigin } = pageSettings
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const ownForm = { origin: publicOrigin, 'sec-fetch-site': 'same-origin' }
const formToken = ['formToken', 'form-token'] as const

let world: CaseWorld
let caseId: string

type Field = readonly [name: string, value: string]

/** The form of the case is sent as a browser does, unless something else is given. */
function send(
  fields: readonly Field[],
  {
    id = caseId,
    who = pageCaller,
    headers = ownForm,
    token = [formToken],
  }: {
    id?: string
    who?: SignedIn
    headers?: Record<string, string>
    token?: readonly Field[]
  } = {},
): Promise<Outgoing> {
  const host = world.host()
  const pages = createCasePages({
    ...{ ...host, settings: pageSettings, now: () => world.delivery.now },
    decideCase: (decision, person) => decideCase(host, decision, person, 1),
  })
  const row: RouteRow = routes.caseDecision
  const form = new URLSearchParams(
    [...token, ...fields].map(([name, value]): [string, string] => [name, value]),
  )
  const incoming = {
    ...{ method: 'POST', url: `${publicOrigin}/cases/${id}/decision`, params: { id } },
    ...{ headers: new Headers(headers), query: new URLSearchParams() },
    text: () => Promise.resolve(form.toString()),
  }
  const ports = () => Promise.resolve({ publicOrigin, authenticate: () => Promise.resolve(who) })
  return respond(row, incoming, ports, silent, (({
    signedIn,
    form: sent,
  }: {
    signedIn: SignedIn
    form: URLSearchParams
  }) => pages.decideCase(incoming, signedIn, sent)) as never)
}

const codeOf = ({ status, headers }: Outgoing) => `${status} ${headers?.['x-refusal'] ?? ''}`.trim()
const nothing = ['', '']

/** Each request of a case as its page has it. */
async function shownFields(id = caseId): Promise<readonly Field[]> {
  const { waiting } = await world.content(id)
  return waiting.flatMap(({ request: { decisionId }, hash }): Field[] => [
    ['request', decisionId],
    [`version.${decisionId}`, hash],
  ])
}

beforeEach(async () => {
  world = new CaseWorld()
  caseId = world.burstOf('c0')
  for (const name of ['c0', 'c1']) await world.opened(name, { caseId })
})

describe('the form of a case', () => {
  it('leads to the page of the case, once what was chosen is decided', async () => {
    const page = await send([...(await shownFields()), ['do', 'reject'], ['reason', 'Nobody knows it.']])
    expect([page.status, page.headers?.['location']]).toEqual([303, `/cases/${caseId}`])
    expect(await world.choices('c0', 'c1')).toEqual(['reject Ann Approver', 'reject Ann Approver'])
  })

  it('asks once more before all are approved, and changes nothing until then', async () => {
    const fields = await shownFields()
    const calls: string[] = []
    world.memory.hook = (_when, call) => calls.push(call)
    const page = await send([...fields, ['do', 'approve-all'], ['reason', 'Known.']])
    expect(page.status).toBe(200)
    expect(page.body).toContain('Nothing is decided yet')
    expect(page.body).toContain('Known.</textarea>')
    expect(calls.filter((call) => !/\.(read|query)$/.test(call))).toEqual([])
  })

  it('shows again what was typed, when nothing was chosen', async () => {
    const page = await send([
      ['do', 'approve'],
      ['reason', 'Because <b>.'],
    ])
    expect(page.status).toBe(422)
    expect(page.body).toContain('Because &lt;b&gt;.</textarea>')
    expect(await world.choices('c0', 'c1')).toEqual(nothing)
  })
})

describe('decides nothing', () => {
  const forged: Readonly<Record<string, readonly [Parameters<typeof send>[1], string]>> = {
    'without the token of the session': [{ token: [] }, '403 form-token-missing'],
    'with the token of another session': [{ token: [['formToken', 'other']] }, '403 form-token-wrong'],
    'from the page of another site': [
      { headers: { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' } },
      '403 origin-foreign',
    ],
    'from a page that does not say which': [{ headers: {} }, '403 origin-unknown'],
    'by a reader': [
      { who: { ...pageCaller, caller: { ...pageCaller.caller, roles: ['Reader'] as never } } },
      '403 role-not-sufficient',
    ],
    'in a case that is not there': [{ id: `${'0'.repeat(20)}-1` }, '404 case-not-found'],
  }
  it.each(Object.entries(forged))('%s', async (_, [change, code]) => {
    expect(codeOf(await send([...(await shownFields()), ['do', 'approve']], change))).toBe(code)
    expect(await world.choices('c0', 'c1')).toEqual(nothing)
  })

  it('in one case with the requests of another', async () => {
    const other = world.burstOf('z')
    await world.opened('z', { caseId: other })
    const foreign = await shownFields(other)
    for (const fields of [foreign, [...(await shownFields()), ...foreign]]) {
      const page = await send([...fields, ['do', 'approve']])
      expect([page.status, page.body]).toEqual([
        409,
        expect.stringContaining('a request is not of this case'),
      ])
    }
    expect(await world.choices('c0', 'c1', 'z')).toEqual([...nothing, ''])
  })

  it('with 10,000 requests in a form, however long their ids are', async () => {
    const many = Array.from({ length: 10_000 }, (_, index): Field => ['request', `r.1.${index}`])
    expect(codeOf(await send([...many, ['do', 'approve']]))).toBe('413 form-too-large')
    const short = many.slice(0, 500).map(([name], index): Field => [name, `${index}`])
    expect(codeOf(await send([...short, ['do', 'approve']]))).toBe('400 form-incomplete')
    expect(await world.choices('c0', 'c1')).toEqual(nothing)
  })
})
