import type { Command } from 'commander'
import { repeated, withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { ExplainOptions } from './explain-work.ts'

/** `allow-list explain`: the verdict on one request, and why. */
export function addExplainCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('explain')
    .description(
      'Says what the rules say of one request, and why: each rule that was evaluated, with every condition. The request is made up by options, one of a file of test cases, or one that was decided.',
    )
    .option('--rules <file>', 'by the rules of this file; left out, by those in the table')
    .option('--at <time>', 'at another time than now (with --decision: than then), 2026-12-31T08:00:00Z')
    .optionsGroup('A request that is made up:')
    .option('--target <id>', 'the resource that is connected to')
    .option('--group <name>', 'what of it is asked for (blob, sqlServer, …); may be repeated', repeated)
    .option('--requester <id>', 'the requester')
    .option('--endpoint <id>', "the private endpoint; left out, one that is called as the requester's are")
    .option('--proof <level>', 'confirmed, platform or none; left out, as good as it can be')
    .option('--tenant <guid>', 'whose subscription the endpoint lies in')
    .option('--managed-tenant <boolean>', 'true or false: whether managed networks live in that tenant')
    .option('--tag <name=value>', 'a tag of the target; may be repeated', repeated)
    .option('--management-group <name>', 'one that the target lies under; may be repeated', repeated)
    .option(
      '--requester-management-group <name>',
      'one that the requester lies under; may be repeated',
      repeated,
    )
    .option('--approved <number>', 'how many connections the requester has on the target already')
    .optionsGroup('Or a request that there is:')
    .option('--decision <id>', 'one of the decision log, by the id of the decision')
    .option('--cases <file>', 'one of a file of test cases …')
    .option('--case <name>', '… by its name')
  withPlace(command)
  withHelpEnd(command, {
    examples: [
      [
        'allow-list explain --rules allow-list.yaml --target /subscriptions/… --group blob --requester /subscriptions/…',
        'what would a file say? Needs no Azure',
      ],
      ['allow-list explain --decision 1f0c….1.3', 'what do the rules say now of what was decided then?'],
    ],
    exitCodes: { 0: 'explained, whatever the verdict is', 1: 'it failed' },
  })
  command.action(cli.action<ExplainOptions>(async (run) => (await import('./explain-work.ts')).explain(run)))
}
