import { startedApp } from '../shared/app.ts'
import { serveRoute } from './serve-route.ts'

/** The first page: what waits for manual review. */
serveRoute('waiting', async ({ signedIn }) => (await startedApp()).pages.waiting(signedIn))
