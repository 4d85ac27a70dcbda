import type { Command } from 'commander'
import { withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { CheckOptions } from './check-work.ts'

/** `allow-list check`: a file, or the rules that count now. */
export function addCheckCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('check')
    .description(
      'Checks a rule file, or without one the table: first whether it is understood, then whether each rule and route does what its author probably meant.',
    )
    .argument('[file]', 'YAML or JSON; - for standard input')
    .option('--strict', 'warnings fail the check, too')
  withPlace(command)
  withHelpEnd(command, {
    examples: [
      ['allow-list check rules.yaml --strict', 'in a pull request; needs no Azure'],
      ['allow-list check --account stapprover', 'the rules that count now'],
    ],
    exitCodes: { 0: 'nothing to fix', 1: 'errors were found, or warnings with --strict' },
  })
  command.action(
    cli.action<CheckOptions>(async (run, file?: string) =>
      (await import('./check-work.ts')).check(run, file),
    ),
  )
}
