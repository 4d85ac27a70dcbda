import { startedApp } from '../shared/app.ts'
import { signedOutPage } from '../shared/sign-in/pages.ts'
import { serveRoute } from './serve-route.ts'

/** Ends the session. Its form carries the token of the session. */
serveRoute('signOut', async ({ incoming }) => (await startedApp()).signIn.signOut(incoming))
serveRoute('signedOut', () => signedOutPage())
