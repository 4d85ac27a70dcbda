import functions from '@azure/functions'

const { app } = functions

/** Answers with what the handler was given. */
async function shown(request, context) {
  return {
    jsonBody: {
      function: context.functionName,
      method: request.method,
      path: new globalThis.URL(request.url).pathname,
      params: { ...request.params },
      query: [...request.query],
      headers: Object.fromEntries(request.headers),
      body: await request.text(),
    },
  }
}

function route(name, template, methods = ['GET'], authLevel = 'anonymous') {
  app.http(name, { route: template, methods, authLevel, handler: shown })
}

route('home', '/', ['GET', 'HEAD'])
route('any', 'any/{*rest}', ['GET', 'POST'])
route('zcatch', 'a/{*rest}')
route('item', 'a/requests/{id}')
route('literal', 'a/requests/mine')
route('acatch', 'b/{*rest}')
route('bitem', 'b/requests/{id}')
route('read', 'c/thing')
route('write', 'c/thing', ['POST'])
route('number-only', 'd/{id:int}')
route('optional', 'e/{name?}')
route('keyed', 'keyed', ['GET'], 'function')
route('for-the-master', 'for-the-master', ['GET'], 'admin')
app.http('defaults', { handler: shown })
