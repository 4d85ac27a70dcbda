import type { Command } from 'commander'
import { withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { ListOptions } from './list-work.ts'
import type { TestOptions } from './test-work.ts'

/** `channels list` and `channels test`: how messages reach people. */
export function addChannelsCommands(program: Command, cli: Cli): void {
  const channels = program
    .command('channels')
    .helpCommand(false)
    .description('How messages reach people: list the channels, and test one.')
  addListCommand(channels, cli)
  addTestCommand(channels, cli)
}

function addListCommand(parent: Command, cli: Cli): void {
  const command = withPlace(parent.command('list')).description(
    'Lists the channels of the rule file: kind, the routes that use each, and whether its settings are there. Shows no value of a setting.',
  )
  withHelpEnd(command, {
    examples: [
      ['channels list --account stapprover', 'who is notified through what?'],
      ['channels list --settings local.settings.json', 'are the settings of this file complete?'],
    ],
    exitCodes: { 0: 'shown, also when there are none', 1: 'they could not be read' },
  })
  command.action(cli.action<ListOptions>(async (run) => (await import('./list-work.ts')).listChannels(run)))
}

function addTestCommand(parent: Command, cli: Cli): void {
  const command = withPlace(parent.command('test'))
    .description(
      'Sends one test message through a channel, as the app would, and says what came back. It needs the settings of the app: give them by --settings, or in the environment. Nothing is stored, and the message does not count against the limits of the app.',
    )
    .argument('<name>', 'of the channel, as list shows it')
    .option('--as <name>', 'who the message says tried it (default: the identity that is signed in)')
    .option(
      '--tag-address <address>',
      'for a channel with fromTag: the address that the tag of a target would hold',
    )
  withHelpEnd(command, {
    examples: [
      ['channels test platform --settings local.settings.json', 'does a card appear in Teams?'],
      ['channels test owners --tag-address jo@contoso.example', 'mail whose address is in a tag'],
    ],
    exitCodes: {
      0: 'the service accepted the message; whether people see it is not known',
      1: 'not accepted, or not by all recipients; no such channel; a setting is missing or wrong',
    },
  })
  command.action(
    cli.action<TestOptions>(async (run, name: string) =>
      (await import('./test-work.ts')).testChannel(run, name),
    ),
  )
}
