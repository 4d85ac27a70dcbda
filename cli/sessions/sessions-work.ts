import Table from 'cli-table3'
import { visible } from '../../shared/domain/printable.ts'
import { isGuid } from '../../shared/domain/resource-id.ts'
import type { StoredSession } from '../../shared/sign-in/ports.ts'
import { standingOf } from '../../shared/sign-in/session.ts'
import { Sessions } from '../../shared/sign-in/storage/sessions.ts'
import { isTableMissing } from '../../shared/storage/errors.ts'
import type { Run } from '../command/run.ts'
import type { PlaceOptions } from '../place/options.ts'
import { CommandFailed, type ExitCode } from '../terminal/io.ts'

/** Options of `sessions list`. */
export type SessionsOptions = PlaceOptions

/** Options of `sessions revoke`. */
export interface RevokeOptions extends PlaceOptions {
  readonly person?: string
  readonly all?: boolean
}

/** Shows the sessions that can be used. @throws CommandFailed (1) when there is no table of sessions. */
export async function listSessions({ io, connected, now }: Run<SessionsOptions>): Promise<ExitCode> {
  const sessions = new Sessions(await connected.table('sessions'))
  const usable = (await all(sessions)).filter(({ session }) =>
    ['usable', 'to be noted'].includes(standingOf(session, now())),
  )
  if (io.isJson) io.out(JSON.stringify(usable.map(shown)))
  else io.out(usable.length === 0 ? 'Nobody is signed in.' : table(usable))
  return 0
}

/** Ends sessions of one person, or all. @throws CommandFailed (2) unless exactly one of the two is given. */
export async function revokeSessions({ io, options, connected }: Run<RevokeOptions>): Promise<ExitCode> {
  const { person, all: isAll = false } = options
  if ((person !== undefined) === isAll) throw new CommandFailed('Give --person <object id>, or --all.', 2)
  if (person !== undefined && !isGuid(person)) {
    throw new CommandFailed('--person is no object id; "sessions list" shows them.', 2)
  }
  const sessions = new Sessions(await connected.table('sessions'))
  const ended = (await all(sessions)).filter(
    ({ session }) => isAll || session.person.objectId === person?.toLowerCase(),
  )
  const question = `End ${ended.length} ${ended.length === 1 ? 'session' : 'sessions'}?`
  if (ended.length > 0 && !(await io.confirm(question))) return 1
  for (const { key } of ended) await sessions.remove(key)
  if (io.isJson) io.out(JSON.stringify({ ended: ended.length }))
  else io.out(`${ended.length} ${ended.length === 1 ? 'session' : 'sessions'} ended.`)
  return 0
}

async function all(sessions: Sessions): Promise<readonly StoredSession[]> {
  try {
    return await Array.fromAsync(sessions.all())
  } catch (error) {
    if (!isTableMissing(error)) throw error
    throw new CommandFailed('No sessions are kept there: the app has not run on that storage.')
  }
}

function shown({ session: { person, createdAt, expiresAt, lastUsedAt } }: StoredSession) {
  const { objectId, name, roles, groups } = person
  return { objectId, name, roles, groups, createdAt, lastUsedAt, expiresAt }
}

function table(sessions: readonly StoredSession[]): string {
  const head = ['Person', 'Object id', 'Roles', 'Signed in (UTC)', 'Last used', 'Until']
  const rows = new Table({ head, style: { head: [], border: [], compact: true } })
  for (const { session } of sessions) {
    const { person, createdAt, lastUsedAt, expiresAt } = session
    const times = [createdAt, lastUsedAt, expiresAt].map((time) => time.toISOString())
    const [created = '', used = '', until = ''] = times
    rows.push([
      ...[visible(person.name), person.objectId, person.roles.join(', ')],
      ...[created.slice(0, 16).replace('T', ' '), used.slice(11, 16), until.slice(11, 16)],
    ])
  }
  return rows.toString()
}
