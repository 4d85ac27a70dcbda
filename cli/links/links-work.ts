import { randomBytes } from 'node:crypto'
import { endedByRotation, rotated } from '../../shared/links/keys.ts'
import { StoredKeys, type StoredLinkKeys } from '../../shared/links/storage/stored-keys.ts'
import { isTableMissing } from '../../shared/storage/errors.ts'
import type { Run } from '../command/run.ts'
import type { PlaceOptions } from '../place/options.ts'
import { CommandFailed, type ExitCode } from '../terminal/io.ts'

/** Options of `links rotate-keys`. */
export interface RotateOptions extends PlaceOptions {
  readonly endOlderLinks?: boolean
}

/**
 * Makes a new key for review links. The one so far becomes the previous one.
 * @throws CommandFailed (1) before the first start of the app, and where open links would end without leave.
 */
export async function rotateKeys({ io, options, connected, now }: Run<RotateOptions>): Promise<ExitCode> {
  const random = (bytes: number) => randomBytes(bytes).toString('base64url')
  const stored = new StoredKeys(await connected.table('links'), random, now)
  const before = await read(stored)
  const until = endedByRotation(before.keys, now())
  if (until !== undefined && !options.endOlderLinks) {
    throw new CommandFailed(
      `Links that the previous key signed may be in use until ${until.toISOString().slice(0, 10)}, and would end: give --end-older-links if they should.`,
    )
  }
  if (!(await io.confirm('Make a new key for review links?'))) return 1
  const keys = rotated(before.keys, random, now())
  await stored.replace(before, keys)
  if (io.isJson) io.out(JSON.stringify({ current: keys.current.id, previous: keys.previous?.id }))
  else
    io.out(
      `New links are signed by the key ${keys.current.id}. Those of ${before.keys.current.id} still work.`,
    )
  return 0
}

async function read(stored: StoredKeys): Promise<StoredLinkKeys> {
  try {
    const keys = await stored.read()
    if (keys) return keys
  } catch (error) {
    if (!isTableMissing(error)) throw error
  }
  throw new CommandFailed('There are no keys there: the app makes them at its first start.')
}
