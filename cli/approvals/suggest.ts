import { type Command, Option } from 'commander'
import { withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { SuggestCommandOptions } from './suggest-work.ts'

/** `allow-list suggest`: rules made from what is Approved today. */
export function addSuggestCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('suggest')
    .description(
      'Proposes rules from what is Approved today, as a rule file. Each requester is asked whether the connection is its own; what is not proven is reported on standard error and not proposed. Changes nothing.',
    )
    .option('--out <file>', 'into this file, not to standard output')
    .option('--force', 'also when that file is there already')
    .addOption(
      new Option('--by <what>', 'how wide rules for your own ordinary endpoints are')
        .choices(['endpoint', 'resource-group', 'subscription'])
        .default('endpoint'),
    )
    .option('--include-foreign', 'propose rules for endpoints of other tenants, too, each by its full id')
    .option('--all', 'also what rules in the table allow already')
    .option('--valid-until <day>', 'when the rules end, 2027-01-31, or "none" (default: in a year)')
    .option('--requester <id...>', 'ask these, too: Databricks configurations, which no search finds by name')
  withPlace(command)
  withHelpEnd(command, {
    examples: [
      ['allow-list suggest --out rules.yaml', 'a rule file to begin with'],
      ['allow-list suggest --account stapprover --json', 'what the table does not allow yet, for a program'],
    ],
    exitCodes: { 0: 'all that could be seen was looked at', 1: 'it failed, or a part could not be seen' },
  })
  command.action(
    cli.action<SuggestCommandOptions>(async (run) => (await import('./suggest-work.ts')).suggestRules(run)),
  )
}
