import { hostname, userInfo } from 'node:os'
import { printable } from '../../shared/domain/printable.ts'
import { CommandFailed } from '../terminal/io.ts'
import type { Connected } from './connect.ts'
import { claimsOf } from './token-claims.ts'

const storageScope = 'https://storage.azure.com/.default'

/**
 * The name for the history: `--as`, else the identity signed in for storage with its Entra ID object id; with a
 * connection string, which has no identity, the user of this machine.
 * @throws CommandFailed (2) when `--as` cannot be a name.
 */
export async function whoChanges(
  connected: Pick<Connected, 'settings' | 'credential'>,
  as: string | undefined,
): Promise<string> {
  if (as !== undefined) return named(as)
  const { storage } = await connected.settings()
  if (storage.kind === 'connection-string') return `${userName()}@${hostname()}`
  const token = await (await connected.credential()).getToken(storageScope)
  return signedIn(token?.token ?? '')
}

function named(as: string): string {
  const name = as.trim()
  if (name !== '' && name === printable(name)) return name
  throw new CommandFailed('--as is no name; expected: 1 to 140 characters that can be read.', 2)
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'somebody'
  }
}

/** People by their sign-in name, programs by their application id; both with the object id. */
export function signedIn(token: string): string {
  const claims = claimsOf(token)
  const text = (name: string): string | undefined => {
    const value = claims[name]
    return typeof value === 'string' && value !== '' ? printable(value) : undefined
  }
  const application = text('appid') ?? text('azp')
  const name =
    text('upn') ??
    text('preferred_username') ??
    text('unique_name') ??
    (application && `application ${application}`)
  const objectId = text('oid')
  if (name !== undefined) return objectId === undefined ? name : `${name} (${objectId})`
  if (objectId !== undefined) return objectId
  throw new CommandFailed(
    'The token of the identity that is signed in does not name it: name somebody with --as.',
  )
}
