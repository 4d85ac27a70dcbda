import { startedApp } from '../shared/app.ts'
import { serveRoute } from './serve-route.ts'

/** Leads to the tenant. */
serveRoute('signIn', async ({ incoming }) => (await startedApp()).signIn.begin(incoming))
