import { startedApp } from '../shared/app.ts'
import { serveRoute } from './serve-route.ts'

/** The page of a case. */
serveRoute('case', async ({ incoming, signedIn }) => (await startedApp()).pages.case(incoming, signedIn))
