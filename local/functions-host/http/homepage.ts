import type { CallHandler } from './server.ts'
import { respond } from './incoming-call.ts'

const page = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Functions host</title></head>
<body><h1>Your functions app is up and running</h1></body></html>
`

/** The host's own page at `/`, which takes precedence over functions of the app (seen with host 4.1037). */
export const homepage: CallHandler = (call) => {
  if (call.path.decoded !== '/') return Promise.resolve(false)
  respond(call, 200, { text: page, type: 'text/html' })
  return Promise.resolve(true)
}

/** With the page off, `/` is empty unless a function takes it (read in the host's source). */
export const noHomepage: CallHandler = (call) => {
  if (call.path.decoded !== '/') return Promise.resolve(false)
  respond(call, 204)
  return Promise.resolve(true)
}
