import { startedApp } from '../shared/app.ts'
import { serveRoute } from './serve-route.ts'

/** Takes the decision of a person about a request. */
serveRoute('decision', async ({ incoming, signedIn, form }) =>
  (await startedApp()).pages.decide(incoming, signedIn, form),
)
