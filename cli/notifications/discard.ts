import type { Command } from 'commander'
import { withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { DiscardOptions } from './notifications-work.ts'

/** `notifications discard`: gives one message up. */
export function addDiscardCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('discard')
    .description('Gives one message up: nobody is notified by it any more. Its requests wait as before.')
    .argument('<id>', 'of the message, as list shows it')
    .requiredOption('--reason <text>', 'why, for its history')
    .option('--as <name>', 'who its history says it was (default: the identity that is signed in)')
  withPlace(command)
  withHelpEnd(command, {
    examples: [
      [
        'notifications discard 0123456789abcdef0123.1 --reason "phoned them" --account stapprover',
        'give it up',
      ],
    ],
    exitCodes: { 0: 'it is given up', 1: 'there is no such message, or it was sent or given up already' },
  })
  command.action(
    cli.action<DiscardOptions>(async (run, id: string) =>
      (await import('./notifications-work.ts')).discardMessage(run, id),
    ),
  )
}
