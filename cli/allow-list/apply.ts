import type { Command } from 'commander'
import { wholeNumber, withHelpEnd, withYes } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { ApplyOptions } from './apply-work.ts'

const maxRemovals = 1_000_000

/** `allow-list apply`: makes the table match the file. */
export function addApplyCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('apply')
    .description(
      'Makes the rules, channels and routes in the table as the file says: shows the plan, asks, writes. What the file does not have is removed; its history stays. A second apply changes nothing.',
    )
    .argument('<file>', 'the whole allow-list as YAML or JSON; - for standard input')
    .option('--full', 'show every rule, not only the first 50 of each kind')
    .option('--as <name>', 'who the history says it was (default: the identity that is signed in)')
    .option(
      '--allow-removals <number>',
      'remove up to so many rules, channels and routes without a further question; needed with --yes when many go, and always when the file has none',
      wholeNumber(0, maxRemovals),
    )
    .option('--despite-errors', 'also write rules that can never do what they say')
  withYes(command)
  withPlace(command)
  withHelpEnd(command, {
    examples: [
      ['allow-list apply rules.yaml --account stapprover', 'read the plan, then confirm with y'],
      ['allow-list apply rules.yaml --yes --as "pipeline 4711"', 'in a pipeline, after a reviewed plan'],
    ],
    exitCodes: { 0: 'the table is as the file says', 1: 'it is not: refused, or it failed' },
  })
  command.action(
    cli.action<ApplyOptions>(async (run, file: string) => (await import('./apply-work.ts')).apply(run, file)),
  )
}
