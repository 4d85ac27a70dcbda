import type { Command } from 'commander'
import { withHelpEnd, withYes } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { RevokeOptions, SessionsOptions } from './sessions-work.ts'

/** `sessions list` and `sessions revoke`: who is signed in. */
export function addSessionsCommands(program: Command, cli: Cli): void {
  const sessions = program
    .command('sessions')
    .helpCommand(false)
    .description('Who is signed in to the pages of the app: list, revoke.')
  addListCommand(sessions, cli)
  addRevokeCommand(sessions, cli)
}

function addListCommand(parent: Command, cli: Cli): void {
  const command = withPlace(parent.command('list')).description(
    'Lists the sessions that can be used: person, roles, and until when.',
  )
  withHelpEnd(command, {
    examples: [['sessions list --account stapprover', 'who is signed in?']],
    exitCodes: { 0: 'shown, also when there are none', 1: 'the sessions could not be read' },
  })
  command.action(
    cli.action<SessionsOptions>(async (run) => (await import('./sessions-work.ts')).listSessions(run)),
  )
}

function addRevokeCommand(parent: Command, cli: Cli): void {
  const command = withPlace(parent.command('revoke'))
    .description(
      'Ends sessions at once. A person whom the tenant still lets in can sign in again: take the role away first.',
    )
    .option('--person <object id>', 'end the sessions of this person')
    .option('--all', 'end every session')
  withYes(command)
  withHelpEnd(command, {
    examples: [
      ['sessions revoke --person 2f1c…', 'this person has left the team'],
      ['sessions revoke --all --yes', 'everybody must sign in again'],
    ],
    exitCodes: {
      0: 'ended, also when there were none',
      1: 'not confirmed, or the sessions could not be ended',
    },
  })
  command.action(
    cli.action<RevokeOptions>(async (run) => (await import('./sessions-work.ts')).revokeSessions(run)),
  )
}
