import type { Command } from 'commander'
import { repeated, withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import type { TemplateOptions } from './template-work.ts'

/** `allow-list template`: rules for usual cases, to begin with. */
export function addTemplateCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('template')
    .description('Lists rule files for usual cases, or prints one of them. Needs no Azure.')
    .argument('[name]', 'which one')
    .option('--set <key=value>', 'a name of your own in place of an example; may be repeated', repeated)
    .option('--cases', 'its test cases, not its rules')
  withHelpEnd(command, {
    examples: [
      ['allow-list template', 'what there is'],
      [
        'allow-list template adf-to-purview --set factory=adf-prod > allow-list.yaml',
        'begin with one of them',
      ],
    ],
    exitCodes: { 0: 'printed', 1: 'it failed' },
  })
  command.action(
    cli.action<TemplateOptions>(async (run, name?: string) =>
      (await import('./template-work.ts')).printTemplate(run, name),
    ),
  )
}
