import type { Command } from 'commander'
import { withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { ExportOptions } from './export-work.ts'

/** `allow-list export`: the table as a rule file. */
export function addExportCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('export')
    .description(
      'Writes the rules, channels and routes in the table as a rule file, YAML or with --json JSON; plan then shows no change.',
    )
    .option('--out <file>', 'into this file, not to standard output')
    .option('--force', 'also when that file is there already')
  withPlace(command)
  withHelpEnd(command, {
    examples: [
      ['allow-list export --out rules.yaml', 'the beginning of a rule file in git'],
      ['allow-list export --json', 'for another program'],
    ],
    exitCodes: { 0: 'every rule is in it', 1: 'it failed, or rows that are no rules were left out' },
  })
  command.action(
    cli.action<ExportOptions>(async (run) => (await import('./export-work.ts')).exportRules(run)),
  )
}
