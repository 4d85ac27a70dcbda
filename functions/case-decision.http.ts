import { startedApp } from '../shared/app.ts'
import { serveRoute } from './serve-route.ts'

/** Takes what a person decides about requests of one case. */
serveRoute('caseDecision', async ({ incoming, signedIn, form }) =>
  (await startedApp()).pages.decideCase(incoming, signedIn, form),
)
