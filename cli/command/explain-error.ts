import { visible } from '../../shared/domain/printable.ts'

/** Known error codes of other systems, and what to do. */
const known: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'Nothing listens where the tables are said to be: is the address right, and is it running?',
  ENOTFOUND: 'The address does not exist: is the name of the account right?',
  EAI_AGAIN: 'The name of the address could not be looked up: is there a network?',
  ETIMEDOUT: 'The address does not respond: is it the right one, and does a firewall let you through?',
  TableNotFound:
    'The table is not there: the app makes its tables when it starts, and apply makes that of the rules. Is it the right account?',
  AuthorizationPermissionMismatch:
    'You are signed in, and may not do this: the role Storage Table Data Contributor on the account is missing (Reader, to look only).',
  AuthorizationFailure:
    'The storage account refuses you: its firewall does not let you through, or you have no permission for it. Its owner can say which.',
  AuthenticationFailed:
    'The storage account does not accept the key, or who you are signed in as: take its present key, or run "az login" again.',
}

const noConnectionString =
  'The connection string (--storage or AzureWebJobsStorage) is none; expected: "DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…".'

const nobodySignedIn: ReadonlySet<unknown> = new Set([
  'CredentialUnavailableError',
  'AggregateAuthenticationError',
])

interface Shaped {
  readonly code?: unknown
  readonly statusCode?: unknown
  readonly message?: unknown
  readonly name?: unknown
  readonly cause?: unknown
  readonly details?: { readonly odataError?: { readonly code?: unknown } }
}

/** One sentence for the user. Never a stack trace or a whole HTTP response. */
export function sentenceOf(error: unknown): string {
  const { message } = (error ?? {}) as Shaped
  const sentence = codesOf(error).flatMap((code) => known[code] ?? [])[0]
  if (sentence !== undefined) return sentence
  if (namesOf(error).includes('ConnectionStringError')) return noConnectionString
  if (namesOf(error).some((name) => nobodySignedIn.has(name))) {
    return 'Nobody is signed in: run "az login", or set AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET.'
  }
  const text = typeof message === 'string' && message !== '' ? message : String(error)
  return visible(text.split('\n')[0] ?? '')
}

function codesOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return []
  const { code, details, cause } = error as Shaped
  const found = [details?.odataError?.code, code].filter((one) => typeof one === 'string')
  return [...found, ...codesOf(cause)]
}

function namesOf(error: unknown): unknown[] {
  if (typeof error !== 'object' || error === null) return []
  const { name, cause } = error as Shaped
  return [name, ...namesOf(cause)]
}
