import { Buffer } from 'node:buffer'
import functions from '@azure/functions'

const { app } = functions
if (process.env.HTTP_STREAM === '1') app.setup({ enableHttpStream: true })

function get(name, handler, options = {}) {
  app.http(name, { methods: ['GET'], authLevel: 'anonymous', handler, ...options })
}

get('text', () => ({ body: 'some text' }))
get('json', () => ({ jsonBody: { a: 1 } }))
get('nothing', () => undefined)
get('null', () => null)
get('number', () => 7)
get('throws', () => {
  throw new Error('thrown on purpose')
})
get('teapot', () => ({ status: 418, headers: { 'content-type': 'application/problem+json' }, body: '{}' }))
get('bytes', () => ({
  body: Buffer.from([0, 255, 128]),
  headers: { 'content-type': 'application/octet-stream' },
}))
get('cookies', () => ({
  status: 302,
  headers: { location: '/text' },
  cookies: [
    { name: 'a', value: '1 2', httpOnly: true, sameSite: 'Lax', secure: true, path: '/x' },
    { name: 'b', value: '2', maxAge: 60, domain: 'example.org', expires: Date.UTC(2030, 0, 1) },
  ],
}))
get('settings', () => ({
  jsonBody: {
    local: process.env.FROM_LOCAL_SETTINGS,
    both: process.env.FROM_BOTH,
    runtime: process.env.FUNCTIONS_WORKER_RUNTIME,
    masterKey: process.env.HOST_MASTER_KEY,
    folder: process.cwd(),
    nodeArguments: process.execArgv,
  },
}))
get('crash', () => process.exit(3))
get('pid', () => ({ jsonBody: { pid: process.pid } }))
app.http('upload', {
  methods: ['POST'],
  handler: async (request) => ({ jsonBody: { bytes: (await request.arrayBuffer()).byteLength } }),
})
app.http('echo', { methods: ['POST'], handler: (request) => ({ body: request.body }) })
