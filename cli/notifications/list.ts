import type { Command } from 'commander'
import { withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { ListOptions } from './notifications-work.ts'

/** `notifications list`: messages that wait or failed. */
export function addListCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('list')
    .description(
      'Shows messages to people that failed for good, and those that wait, with what each channel said. With --json one JSON object per line (NDJSON).',
    )
    .option('--failed', 'only those that failed for good')
    .option('--waiting', 'only those that wait')
  withPlace(command)
  withHelpEnd(command, {
    examples: [['notifications list --account stapprover', 'who was not notified?']],
    exitCodes: { 0: 'shown, also when there are none', 1: 'they could not be read' },
  })
  command.action(
    cli.action<ListOptions>(async (run) => (await import('./notifications-work.ts')).listMessages(run)),
  )
}
