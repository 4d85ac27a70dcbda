import { type Command, Option } from 'commander'

/** Options that select the app's tables and Azure. */
export interface PlaceOptions {
  readonly storage?: string
  readonly account?: string
  readonly settings?: string
}

const placeGroup = 'Where the app is:'

/** Adds `--storage`, `--account` and `--settings`: for every command that reads tables or calls Azure. */
export function withPlace(command: Command): Command {
  const place = (flags: string, description: string): Option =>
    new Option(flags, description).helpGroup(placeGroup)
  return command
    .addOption(
      place('--storage <connection>', 'connection string of the storage account').conflicts('account'),
    )
    .addOption(place('--account <name>', 'storage account, reached with your own sign-in (az login, …)'))
    .addOption(place('--settings <file>', 'a local.settings.json; its Values count as environment variables'))
}
