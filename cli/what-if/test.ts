import type { Command } from 'commander'
import { withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import type { TestOptions } from './test-work.ts'

/** `test`: saved cases against a rule file, for pull requests. */
export function addTestCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('test')
    .description(
      'Holds a rule file against saved cases: made-up requests, each with what must come of it. Needs no Azure.',
    )
    .argument('<cases>', 'a file of cases, YAML or JSON')
    .option('--rules <file>', 'the rule file; left out, the one that the cases name')
    .option('--require-coverage', 'fail when a rule is there that no case is decided by')
    .option('--junit <file>', 'write the results as JUnit XML, too')
  withHelpEnd(command, {
    examples: [
      ['test allow-list.cases.yaml', 'the rules that the file of cases names'],
      ['test allow-list.cases.yaml --rules new.yaml --require-coverage', 'other rules, and all of them'],
    ],
    exitCodes: {
      0: 'every case holds',
      1: 'a case failed, or there is none, or with --require-coverage a rule has none',
    },
  })
  command.action(
    cli.action<TestOptions>(async (run, cases: string) => (await import('./test-work.ts')).test(run, cases)),
  )
}
