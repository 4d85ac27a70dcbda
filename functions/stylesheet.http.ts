import { stylesheet } from '../shared/http/stylesheet.ts'
import { serveRoute } from './serve-route.ts'

const headers = {
  'content-type': 'text/css; charset=utf-8',
  'cache-control': 'public, max-age=31536000, immutable',
}

/** The stylesheet of all pages; its address changes with its text. */
serveRoute('stylesheet', () => ({ status: 200, headers, body: stylesheet }))
