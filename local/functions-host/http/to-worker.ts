import type { Nullable, TypedData } from '../rpc.ts'
import { joinedHeaders, readBody } from './incoming-call.ts'
import type { IncomingCall } from './incoming-call.ts'
import { encodePath } from './path.ts'

/** Repeated query names are joined by a comma, whatever their case (seen with host 4.1037 and the Node worker). */
function joinedQuery(call: IncomingCall): Record<string, string> {
  const joined = new Map<string, { name: string; values: string[] }>()
  for (const [name, value] of call.query) {
    const entry = joined.get(name.toLowerCase()) ?? { name, values: [] }
    entry.values.push(value)
    joined.set(name.toLowerCase(), entry)
  }
  return Object.fromEntries([...joined.values()].map(({ name, values }) => [name, values.join(',')]))
}

function nullable(values: Record<string, string>): Record<string, Nullable<string>> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]))
}

/** The URL the app sees, without the query. */
function shownUrl(call: IncomingCall): string {
  return `http://${call.request.headers.host ?? 'localhost'}${encodePath(call.path.decoded, false)}`
}

/** The request as the worker takes it when HTTP is not streamed: with its whole body. */
export async function httpInput(call: IncomingCall, params: Record<string, string>): Promise<TypedData> {
  const body = await readBody(call.request)
  return {
    http: {
      method: call.method,
      url: shownUrl(call) + call.rawQuery,
      nullableHeaders: nullable(joinedHeaders(call.request)),
      nullableParams: nullable(params),
      nullableQuery: nullable(joinedQuery(call)),
      ...(body.length > 0 ? { body: { bytes: body } } : {}),
    },
  }
}

/**
 * The metadata of a streamed request: the query's names, except `code`, and the route's parameters. Of several values
 * of a name the last one is used; the route's take precedence (seen with host 4.1037).
 */
export function streamMetadata(
  call: IncomingCall,
  params: Record<string, string>,
): Record<string, TypedData> {
  const query = Object.fromEntries([...call.query].filter(([name]) => name !== 'code'))
  const values = Object.entries({ ...query, ...params })
  return {
    ...Object.fromEntries(values.map(([name, value]) => [name, { string: value }])),
    Query: { json: JSON.stringify(Object.fromEntries(call.query)) },
    Headers: { json: JSON.stringify(joinedHeaders(call.request)) },
  }
}
