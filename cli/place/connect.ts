import type { TableClient } from '@azure/data-tables'
import type { TokenCredential } from '@azure/identity'
import type { QueueClient } from '@azure/storage-queue'
import type { AllowListAdmin } from '../../shared/allow-list/change/admin.ts'
import type { BuiltChannels } from '../../shared/channels/create-message-channels.ts'
import type { Settings } from '../../shared/config/settings.ts'
import { tableNames } from '../../shared/config/table-names.ts'
import type { ChannelDefinition } from '../../shared/domain/route.ts'
import type { Cases } from '../../shared/ledger/cases.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { MessageAdmin } from '../../shared/ledger/message-admin.ts'
import type { ReportUnreadable } from '../../shared/ledger/unreadable-row.ts'
import type { ArmClient } from '../../shared/private-link/arm/client.ts'
import type { PrivateLink } from '../../shared/private-link/index.ts'
import type { GuardedTable } from '../../shared/storage/guarded-table.ts'
import { type Environment, environmentWith, withoutStorage, withStorage } from './environment.ts'
import { once } from './once.ts'
import type { PlaceOptions } from './options.ts'

const userAgent = 'private-endpoint-approver-cli'
const tableOptions = { retryOptions: { maxRetries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 5_000 } }
/** Each call is tried once. */
const queueOptions = { retryOptions: { maxTries: 1 } }
const now = () => new Date()

/**
 * The app's storage and Azure, as a command reaches them; adapters of the command line are composed here. Nothing is
 * opened before its first use.
 */
export interface Connected {
  /**
   * The environment, with `--storage`, `--account` and the values of `--settings` in it.
   * @throws CommandFailed (2) when the file cannot be used.
   */
  environment(): Environment
  /** @throws SettingsError or CommandFailed (2) when a setting is missing or wrong. */
  settings(): Promise<Settings>
  /** The settings of a command that needs no storage. */
  azureSettings(): Promise<Omit<Settings, 'storage'>>
  /** The signed-in identity: environment, managed identity, Azure CLI, … */
  credential(): Promise<TokenCredential>
  /** One of the app's tables, with conditional writes only. */
  table(name: keyof typeof tableNames): Promise<GuardedTable>
  /** The same, as the SDK's client. */
  tableClient(name: keyof typeof tableNames): Promise<TableClient>
  /** One of the app's queues. */
  queue(name: string): Promise<QueueClient>
  /** The allow-list, for changes. */
  list(): Promise<AllowListAdmin>
  /** Requests and their log. A row that cannot be used is reported, and the others are read. */
  ledger(report: ReportUnreadable): Promise<Ledger>
  /** Messages about cases, for changes by a person. A row that cannot be used is reported, and the others are read. */
  messages(report: ReportUnreadable): Promise<MessageAdmin>
  /** Cases and their messages, as the app reads them. */
  cases(report: ReportUnreadable): Promise<Cases>
  /**
   * Channels as the app makes them, from the settings and the identity of this call.
   * @param timeoutMs for one message, or one check; left out: as long as the app waits.
   */
  channels(definitions: readonly ChannelDefinition[], timeoutMs?: number): Promise<BuiltChannels>
  /** Azure Resource Manager. */
  arm(): Promise<ArmClient>
  /** What the app reads of private link, through ARM and the requesters' own services. */
  privateLink(): Promise<PrivateLink>
}

/** SDKs are imported when they are needed first: a help text must not wait for them. */
export function connect(options: PlaceOptions, env: Environment): Connected {
  const environment = once(() => environmentWith(options, env))
  const read = async (change: (environment: Environment) => Environment): Promise<Settings> => {
    const { readSettings } = await import('../../shared/config/settings.ts')
    return readSettings(change(environment()))
  }
  const settings = once(() => read(withStorage))
  const azureSettings = once(() => read(withoutStorage))
  const credential = once(async (): Promise<TokenCredential> => {
    const { signedIn } = await import('../../shared/config/credential.ts')
    return signedIn(await azureSettings())
  })
  return {
    environment,
    settings,
    azureSettings,
    credential,
    ...storageOf(settings, credential),
    async channels(definitions, timeoutMs) {
      const { createMessageChannels, sendMs } =
        await import('../../shared/channels/create-message-channels.ts')
      return createMessageChannels(definitions, (name) => environment()[name], {
        ...{ credential: await credential(), now, timeoutMs: timeoutMs ?? sendMs },
      })
    },
    ...azureOf(azureSettings, credential),
  }
}

type Storage = Pick<Connected, 'table' | 'tableClient' | 'queue' | 'list' | 'ledger' | 'messages' | 'cases'>

function storageOf(settings: Connected['settings'], credential: Connected['credential']): Storage {
  const tableClient: Storage['tableClient'] = async (name) => {
    const { storage } = await settings()
    const { openTable } = await import('../../shared/storage/open-table.ts')
    return openTable(storage, tableNames[name], credential, tableOptions)
  }
  const table: Storage['table'] = async (name) => {
    const { GuardedTable } = await import('../../shared/storage/guarded-table.ts')
    return new GuardedTable(await tableClient(name))
  }
  return {
    table,
    tableClient,
    async queue(name) {
      const { storage } = await settings()
      const { openQueue } = await import('../../shared/storage/open-queue.ts')
      return openQueue(storage, name, credential, queueOptions)
    },
    list: once(async () => {
      const { AllowListAdmin } = await import('../../shared/allow-list/change/admin.ts')
      return new AllowListAdmin(await table('allowList'))
    }),
    async ledger(report) {
      const { Ledger } = await import('../../shared/ledger/ledger.ts')
      return new Ledger(await table('requests'), await table('requestIndex'), report)
    },
    async messages(report) {
      const { MessageAdmin } = await import('../../shared/ledger/message-admin.ts')
      return new MessageAdmin(await table('requests'), await table('requestIndex'), report)
    },
    async cases(report) {
      const { Cases } = await import('../../shared/ledger/cases.ts')
      return new Cases(await table('requests'), await table('requestIndex'), report)
    },
  }
}

function azureOf(
  azureSettings: Connected['azureSettings'],
  credential: Connected['credential'],
): Pick<Connected, 'arm' | 'privateLink'> {
  return {
    arm: once(async () => {
      const { armEndpoint } = await azureSettings()
      const { createArmClient } = await import('../../shared/private-link/arm/client.ts')
      return createArmClient({
        endpoint: armEndpoint,
        credential: await credential(),
        scope: `${armEndpoint}/.default`,
        userAgent,
        now,
      })
    }),
    privateLink: once(async () => {
      const { armEndpoint, managedTenants, services, loginHosts } = await azureSettings()
      const { createPrivateLink } = await import('../../shared/private-link/index.ts')
      const { currentLog: log } = await import('../../shared/telemetry/current-log.ts')
      return createPrivateLink({
        ...{ armEndpoint, managedTenants, services, loginHosts, userAgent, log, now },
        credential: await credential(),
      })
    }),
  }
}
