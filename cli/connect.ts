import type { TableClient } from '@azure/data-tables'
import type { TokenCredential } from '@azure/identity'
import type { Settings } from '../shared/config/settings.ts'
import { tableNames } from '../shared/config/table-names.ts'
import type { PrivateLink } from '../shared/private-link/index.ts'
import type { GuardedTable } from '../shared/storage/guarded-table.ts'
import type { PlaceOptions } from './options.ts'
import { environmentWith } from './place.ts'

/** The app's storage and Azure, as a command reaches them. Nothing is opened before it is asked for. */
export interface Connected {
  /**
   * The settings, with `--storage`, `--account` and `--settings` in them.
   * @throws SettingsError or CommandFailed (2) when one is missing or wrong.
   */
  settings(): Promise<Settings>
  /** The settings of a command that needs no storage. */
  azureSettings(): Promise<Omit<Settings, 'storage'>>
  /** One of the app's tables, with conditional writes only. */
  table(name: keyof typeof tableNames): Promise<GuardedTable>
  /** The same, as the SDK's client. */
  tableClient(name: keyof typeof tableNames): Promise<TableClient>
  /** What the app reads of private link, through ARM and the requesters' own services. */
  privateLink(): Promise<PrivateLink>
  /** Whoever is signed in: environment, managed identity, Azure CLI, … */
  credential(): Promise<TokenCredential>
}

/** SDKs are imported when they are needed first: a help text must not wait for them. */
export function connect(options: PlaceOptions, env: Record<string, string | undefined>): Connected {
  const settings = once(async () => {
    const { readSettings } = await import('../shared/config/settings.ts')
    return readSettings(environmentWith(options, env))
  })
  const azureSettings = once(async () => {
    const { readSettings } = await import('../shared/config/settings.ts')
    return readSettings(environmentWith(options, env, { needsStorage: false }))
  })
  const credential = once(async (): Promise<TokenCredential> => {
    const { clientId, disableInstanceDiscovery } = await azureSettings()
    const { DefaultAzureCredential } = await import('@azure/identity')
    return new DefaultAzureCredential({
      disableInstanceDiscovery,
      ...(clientId ? { managedIdentityClientId: clientId } : {}),
    })
  })
  const tableClient: Connected['tableClient'] = async (name) => {
    const { storage } = await settings()
    const { openTable } = await import('./open-table.ts')
    return openTable(storage, tableNames[name], credential)
  }
  return {
    settings,
    azureSettings,
    credential,
    tableClient,
    async table(name) {
      const { GuardedTable } = await import('../shared/storage/guarded-table.ts')
      return new GuardedTable(await tableClient(name))
    },
    privateLink: once(async () => {
      const values = await azureSettings()
      const { createPrivateLink } = await import('../shared/private-link/index.ts')
      const { currentLog } = await import('../shared/telemetry/current-log.ts')
      return createPrivateLink({
        armEndpoint: values.armEndpoint,
        credential: await credential(),
        managedTenants: values.managedTenants,
        services: values.services,
        loginHosts: values.loginHosts,
        userAgent: 'private-endpoint-approver-cli',
        log: currentLog,
        now: () => new Date(),
      })
    }),
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
