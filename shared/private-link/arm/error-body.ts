/** What an error response says. Missing parts are undefined. */
export interface ErrorWords {
  readonly code: string | undefined
  readonly message: string | undefined
}

const maxDepth = 8
const nothing: ErrorWords = { code: undefined, message: undefined }

/**
 * Names of members, in lower case and without `.`, `_` and `-`; the first that says something counts. Seen in Azure
 * Resource Manager, in its older providers (capital letters, OData), in Fabric and Databricks (`errorCode`,
 * `error_code`), in sign-in (`error_description`) and in problem details (`title`, `detail`).
 */
const codeNames = ['code', 'errorcode', 'error', 'title']
const messageNames = ['message', 'errormessage', 'errordescription', 'detail']
/** Members that hold an error in turn: asked for what the level above does not say. */
const holderNames = ['error', 'odataerror', 'properties', 'details', 'innererror', 'errors']

/** Code and message of an error body, in whatever shape and case of letters. */
export function readErrorBody(body: unknown): ErrorWords {
  return wordsOf(body, 0)
}

function wordsOf(body: unknown, depth: number): ErrorWords {
  if (typeof body !== 'object' || body === null || depth > maxDepth) return nothing
  if (Array.isArray(body)) return firstThatSays(body, depth)
  const members = new Map(Object.entries(body).map(([name, value]) => [plainName(name), value as unknown]))
  const code = textOf(members, codeNames)
  const message = textOf(members, messageNames) ?? textIn(members.get('message'))
  if (code !== undefined && message !== undefined) return { code, message }
  const held = firstThatSays(
    holderNames.map((name) => members.get(name)),
    depth,
  )
  return { code: code ?? held.code, message: message ?? held.message }
}

function firstThatSays(bodies: readonly unknown[], depth: number): ErrorWords {
  for (const body of bodies) {
    const words = wordsOf(body, depth + 1)
    if (words.code !== undefined || words.message !== undefined) return words
  }
  return nothing
}

function plainName(name: string): string {
  return name.replaceAll(/[._-]/g, '').toLowerCase()
}

function textOf(members: ReadonlyMap<string, unknown>, names: readonly string[]): string | undefined {
  return names
    .map((name) => members.get(name))
    .find((value): value is string => typeof value === 'string' && value.trim() !== '')
}

/** OData puts the text of a message into an object with its language. */
function textIn(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('value' in message)) return undefined
  return typeof message.value === 'string' ? message.value : undefined
}

/** The words of a body that is no JSON: a text, or what a page shows. Undefined where it shows nothing. */
export function wordsOfText(text: string): string | undefined {
  const shown = text.replaceAll(/<(style|script)\b[\s\S]*?<\/\1>|<[^>]*>/gi, ' ')
  return shown.replaceAll(/\s+/g, ' ').trim() || undefined
}
