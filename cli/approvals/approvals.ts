import type { Command } from 'commander'
import { withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { ApprovalsOptions } from './approvals-work.ts'

/** `approvals`: what is Approved today, against the log and the rules of today. */
export function addApprovalsCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('approvals')
    .description(
      'Lists what is Approved today, and whether a rule of today supports it. Ends nothing: for each that none supports it prints the command that would.',
    )
    .option('--unsupported', 'only those that no rule supports, or that are past their end')
    .option('--fail-on-unsupported', 'exit with 1 when there is one')
  withPlace(command)
  withHelpEnd(command, {
    examples: [
      ['approvals --unsupported', 'what to end, or to write a rule for'],
      ['approvals --json --fail-on-unsupported', 'every night, for a program'],
    ],
    exitCodes: {
      0: 'all that could be seen was looked at',
      1: 'it failed, or a part could not be seen; with --fail-on-unsupported also: one is unsupported',
    },
  })
  command.action(
    cli.action<ApprovalsOptions>(async (run) => (await import('./approvals-work.ts')).listApprovals(run)),
  )
}
