import type { Command } from 'commander'
import { withHelpEnd } from '../command/options.ts'
import type { Cli } from '../command/run.ts'
import { withPlace } from '../place/options.ts'
import type { DoctorOptions } from './check.ts'

/** `doctor`: what is wrong with the app and around it, and how to fix it. */
export function addDoctorCommand(parent: Command, cli: Cli): void {
  const command = parent
    .command('doctor')
    .description(
      'Checks settings, identity, permissions, storage, allow-list, events, channels, sign-in and the app, and says how to fix what is wrong.',
    )
    .option(
      '--app <address>',
      'ask the running app, too; with a function key in APP_KEY also whether it can decide',
    )
    .option('--subscription <id...>', 'these subscriptions only; else all that may be read')
  withPlace(command)
  withHelpEnd(command, {
    examples: [
      ['doctor --account stapprover', 'as the identity that is signed in'],
      ['doctor --settings local.settings.json --app https://<app>.azurewebsites.net', 'the running app, too'],
    ],
    exitCodes: { 0: 'no check failed; there may be warnings', 1: 'a check failed' },
  })
  command.action(cli.action<DoctorOptions>(async (run) => (await import('./doctor-work.ts')).doctor(run)))
}
