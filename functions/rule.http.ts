import { startedApp } from '../shared/app.ts'
import { serveRoute } from './serve-route.ts'

/** Shows the rule that would remember a request, and takes the approval with it. */
serveRoute('rule', async ({ incoming, signedIn, form }) =>
  (await startedApp()).pages.remember(incoming, signedIn, form),
)
