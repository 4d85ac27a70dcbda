import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SignedIn } from '../../../shared/domain/caller.ts'
import type { Outgoing } from '../../../shared/http/outgoing.ts'
import { Refused, type RefusalCode } from '../../../shared/http/refusals.ts'
import { respond } from '../../../shared/http/respond.ts'
import { routes } from '../../../shared/http/routes.ts'
import { stylesheet } from '../../../shared/http/stylesheet.ts'
import { casePage } from '../../../shared/pages/case-page.ts'
import { type CaseSources, caseView } from '../../../shared/pages/case-view.ts'
import { confirmPage, confirmView } from '../../../shared/pages/confirm-page.ts'
import { requestPage } from '../../../shared/pages/request-page.ts'
import { requestView } from '../../../shared/pages/request-view.ts'
import { noRequestsPage, waitingPage, waitingView } from '../../../shared/pages/waiting-page.ts'
import { caseContent, caseId, caseStates, caseTime } from '../../support/sample-cases.ts'
import { decisionPages } from '../../support/sample-decisions.ts'
import { pageCaller, pageRecord, pageSettings, pageStates } from '../../support/sample-pages.ts'

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined }
const fifty = Array.from({ length: 50 }, () => pageRecord())
const ruleAdmin: SignedIn = { ...pageCaller, caller: { ...pageCaller.caller, roles: ['RuleAdmin'] } as never }

const reader: SignedIn = { ...pageCaller, caller: { ...pageCaller.caller, roles: ['Reader'] } as never }

function viewOf(sources: CaseSources | undefined, who = pageCaller) {
  if (!sources) throw new Error('There is no such case.')
  return caseView(sources, pageSettings, who)
}

function caseShown(sources: CaseSources | undefined, who = pageCaller): Promise<Outgoing> {
  return casePage(viewOf(sources, who), who)
}

function confirmShown(): Promise<Outgoing> {
  const content = caseContent()
  const versions = new Map(content.waiting.map(({ request, hash }) => [request.decisionId, hash]))
  const view = confirmView(
    caseId,
    viewOf({ caseId, content, jobs: [], notDecided: new Map(), at: caseTime }),
    versions,
  )
  if (!view) throw new Error('Nothing can be approved.')
  return confirmPage(view, pageCaller, 'Agreed with Kim.')
}

/** Codes that people meet on the way to a page: not allowed, not found, sign in, storage down, links. */
const refusalsOnTheWay = [
  ...['not-signed-in', 'role-not-sufficient', 'storage-unavailable', 'request-not-found', 'link-expired'],
  ...['form-token-wrong', 'form-incomplete', 'session-unknown', 'role-missing', 'record-unreadable'],
] as const satisfies RefusalCode[]

/** Every page of an approver, in every state, by its name. */
export const everyPage: Readonly<Record<string, () => Promise<Outgoing>>> = {
  ...Object.fromEntries(
    Object.entries(pageStates).map(([name, sources]) => [
      `request, ${name}`,
      () => requestPage(requestView(sources, pageSettings, pageCaller), pageCaller),
    ]),
  ),
  ...Object.fromEntries(Object.entries(decisionPages).map(([name, make]) => [`decide, ${name}`, make])),
  ...Object.fromEntries(
    Object.entries(caseStates).map(([name, sources]) => [name, () => caseShown(sources)]),
  ),
  'burst case, of a reader': () => caseShown(caseStates['burst case'], reader),
  'burst case, not taken': () =>
    casePage(viewOf(caseStates['burst case']), pageCaller, {
      ...{ reason: 'Agreed with Kim.', chosen: [] },
      problem: { title: 'Nothing was decided: nothing was chosen', sentence: 'Choose at least one.' },
    }),
  'burst case, all to be approved': () => confirmShown(),
  'first page': () => waitingPage(waitingView({ records: fifty, total: 1_000 }, pageSettings), pageCaller),
  'first page, empty': () => waitingPage(waitingView({ records: [], total: 0 }, pageSettings), pageCaller),
  'first page, without a role': () => noRequestsPage(ruleAdmin),
  ...Object.fromEntries(
    refusalsOnTheWay.map((code) => [`refused, ${code}`, () => Promise.reject(new Refused(code))]),
  ),
}

/** Serves the pages as the app does: behind a guard, with its headers. */
export async function servePages(): Promise<{ readonly origin: string; stop(): void }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    const work = everyPage[decodeURIComponent(pathname.slice(1))]
    const incoming = {
      ...{ method: 'GET', url: 'http://localhost/requests/x', query: new URLSearchParams(), params: {} },
      ...{ headers: new Headers(), text: () => Promise.resolve('') },
    }
    const ports = () =>
      Promise.resolve({ publicOrigin: 'http://localhost', authenticate: () => Promise.resolve(pageCaller) })
    const css = { status: 200, headers: { 'content-type': 'text/css; charset=utf-8' }, body: stylesheet }
    const responding = respond(routes.request, incoming, ports, silent, () =>
      pathname === '/page.css' ? css : (work?.() ?? { status: 404 }),
    )
    void responding.then(({ status, headers, body }) => response.writeHead(status, headers).end(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${port}`, stop: () => void server.close() }
}
