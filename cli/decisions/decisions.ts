import type { Command } from 'commander'
import { wholeNumber, withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { DecisionsOptions } from './decisions-work.ts'

const maxDays = 400

/** `decisions`: the decision log. */
export function addDecisionsCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('decisions')
    .description(
      'Shows the decision log: oldest first, the ids of the decisions from 130 columns on. With --json one JSON object per line (NDJSON), with the hashes of the chain.',
    )
    .option('--days <number>', 'how many days back, today included', wholeNumber(1, maxDays), 1)
  withPlace(command)
  withHelpEnd(command, {
    examples: [
      ['decisions --account stapprover', 'what was decided today?'],
      ['decisions --account stapprover --days 30 --json', 'the last 30 days, for another program'],
    ],
    exitCodes: { 0: 'shown, also when there are none', 1: 'the log could not be read' },
  })
  command.action(
    cli.action<DecisionsOptions>(async (run) => (await import('./decisions-work.ts')).showDecisions(run)),
  )
}
