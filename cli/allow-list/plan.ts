import type { Command } from 'commander'
import { withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { PlanOptions } from './plan-work.ts'

/** `allow-list plan`: what apply would do; nothing is written. */
export function addPlanCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('plan')
    .description(
      'Shows what apply would change: rules, channels and routes added, changed field by field, and removed. Writes nothing.',
    )
    .argument('<file>', 'the whole allow-list as YAML or JSON; - for standard input')
    .option('--fail-on-change', 'exit with 1 when the table is not as the file says')
    .option('--full', 'every rule, not only the first 50 of each kind')
  withPlace(command)
  withHelpEnd(command, {
    examples: [
      ['allow-list plan rules.yaml --account stapprover', 'what would change'],
      ['allow-list plan rules.yaml --fail-on-change', 'every night: is the table still as the file says?'],
    ],
    exitCodes: {
      0: 'the plan was made',
      1: 'it could not be made; with --fail-on-change also: something differs',
    },
  })
  command.action(
    cli.action<PlanOptions>(async (run, file: string) => (await import('./plan-work.ts')).plan(run, file)),
  )
}
