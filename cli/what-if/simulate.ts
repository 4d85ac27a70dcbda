import { type Command, Option } from 'commander'
import { wholeNumber, withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { SimulateOptions } from './simulate-work.ts'

const maxDays = 400

/** `simulate`: what would other rules have decided? */
export function addSimulateCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('simulate')
    .description(
      'Evaluates the requests that the decision log holds by a rule file, and says which would have ended otherwise. Changes nothing.',
    )
    .argument('<file>', 'the rules to try, YAML or JSON; - for standard input')
    .option('--days <number>', 'how many days back, today included', wholeNumber(1, maxDays), 30)
    .addOption(
      new Option('--against <what>', 'what it is compared with: what was decided, or what the table says')
        .choices(['log', 'table'])
        .default('log'),
    )
    .option('--now', 'evaluate as of now; left out, as of when each was decided')
    .option('--fail-on <changes>', 'exit with 1 at any of these, separated by commas, or at: any')
  withPlace(command)
  withHelpEnd(command, {
    examples: [
      ['simulate allow-list.yaml --account stapprover', 'the last 30 days'],
      ['simulate allow-list.yaml --fail-on newly-approved', 'in a pull request: nobody new gets in unseen'],
    ],
    exitCodes: { 0: 'simulated', 1: 'it failed, or --fail-on found something' },
  })
  command.action(
    cli.action<SimulateOptions>(async (run, file: string) =>
      (await import('./simulate-work.ts')).simulateFile(run, file),
    ),
  )
}
