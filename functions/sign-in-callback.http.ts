import { startedApp } from '../shared/app.ts'
import { serveRoute } from './serve-route.ts'

/** Where the tenant leads back to. */
serveRoute('signInCallback', async ({ incoming }) => (await startedApp()).signIn.end(incoming))
