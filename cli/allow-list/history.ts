import type { Command } from 'commander'
import { wholeNumber, withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { HistoryOptions } from './history-work.ts'

const maxChanges = 1_000_000

/** `allow-list history`: who changed which rule, when, from which file. */
export function addHistoryCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('history')
    .description(
      'Shows who changed which rule, channel or route, when and how, newest first; also of those that were removed.',
    )
    .argument('[rule]', 'only the changes of the rule with this id, or of channel:NAME or route:NAME')
    .option('--limit <number>', 'at most so many changes', wholeNumber(1, maxChanges), 50)
    .option('--verify', 'also recompute the chain of hashes over the whole history, and say where it breaks')
  withPlace(command)
  withHelpEnd(command, {
    examples: [
      ['allow-list history sales-to-lake', 'everything that happened to one rule'],
      ['allow-list history --verify --json', 'for an auditor'],
    ],
    exitCodes: { 0: 'shown; with --verify: the chain holds', 1: 'it failed, or the chain is broken' },
  })
  command.action(
    cli.action<HistoryOptions>(async (run, rule?: string) =>
      (await import('./history-work.ts')).history(run, rule),
    ),
  )
}
