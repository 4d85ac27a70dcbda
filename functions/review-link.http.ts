import { startedApp } from '../shared/app.ts'
import { serveRoute } from './serve-route.ts'

/** Leads from the link of a message to the page that it finds. */
serveRoute('reviewLink', async ({ incoming }) => (await startedApp()).pages.followLink(incoming))
