import type { Command } from 'commander'
import { withHelpEnd, withYes } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { RotateOptions } from './links-work.ts'

/** `links rotate-keys`: the keys that sign the links in messages. */
export function addLinksCommands(program: Command, cli: Cli): void {
  const links = program
    .command('links')
    .helpCommand(false)
    .description('The links in messages to people: rotate-keys.')
  const command = withPlace(links.command('rotate-keys'))
    .description('Makes a new key for the links in messages; links that were sent before still work.')
    .option('--end-older-links', 'go on where links of the last key but one may still be in use')
  withYes(command)
  withHelpEnd(command, {
    examples: [
      ['links rotate-keys --account stapprover', 'once a year'],
      ['links rotate-keys --end-older-links', 'twice in a row: a key was seen by somebody'],
    ],
    exitCodes: { 0: 'a new key signs', 1: 'not confirmed, no keys there, or links would end' },
  })
  command.action(cli.action<RotateOptions>(async (run) => (await import('./links-work.ts')).rotateKeys(run)))
}
