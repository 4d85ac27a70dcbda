import type { Command } from 'commander'
import { withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { ChangeOptions } from './notifications-work.ts'

/** `notifications retry`: sends one message again. */
export function addRetryCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('retry')
    .description(
      'Sends one message again, through every channel that has not taken it: within half a minute.',
    )
    .argument('<id>', 'of the message, as list shows it')
    .option('--as <name>', 'who its history says it was (default: the identity that is signed in)')
  withPlace(command)
  withHelpEnd(command, {
    examples: [['notifications retry 0123456789abcdef0123.1 --account stapprover', 'send it again']],
    exitCodes: { 0: 'it is sent again', 1: 'there is no such message, or it was sent or given up already' },
  })
  command.action(
    cli.action<ChangeOptions>(async (run, id: string) =>
      (await import('./notifications-work.ts')).retryMessage(run, id),
    ),
  )
}
