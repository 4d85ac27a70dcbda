import { serveRoute } from './serve-route.ts'
import { accountPage } from '../shared/sign-in/pages.ts'

/** Who is signed in. */
serveRoute('account', ({ signedIn }) => accountPage(signedIn))
