import { startedApp } from '../shared/app.ts'
import { serveRoute } from './serve-route.ts'

/** The page of a request. */
serveRoute('request', async ({ incoming, signedIn }) =>
  (await startedApp()).pages.request(incoming, signedIn),
)
