import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { buildApp } from '../build/app.ts'
import { type SimulatedAzure, startSimulatedAzure } from './azure/start.ts'
import { analytics, dataPlatform, managedTenant, ownTenant, signInApp } from './azure/well-known.ts'
import { startAzurite } from './azurite.ts'
import { channelSettings } from './channels.ts'
import { type FunctionsApp, startFunctionsApp } from './functions-app.ts'
import { type Inbox, type InboxOptions, startInbox } from './inbox/start.ts'
import { freePort, whyNoPort } from './ports.ts'
import { RestClient } from './rest.ts'
import { forgetRunning, noteRunning } from './running.ts'

/** Everything that `npm start` starts: storage, Azure, the inbox, the function app, and the events between them. */
export interface Stack {
  readonly azure: SimulatedAzure
  /** Where everything arrives that is sent to people. */
  readonly inbox: Inbox
  readonly rest: RestClient
  readonly storage: string
  readonly functionsApp: () => FunctionsApp
  /** Starts the function app again after it was stopped or killed. */
  restartFunctionsApp(): Promise<void>
  /** Starts one more host of the app, on a free port: it shares storage and Azure with the first. */
  startAnotherHost(settings?: Readonly<Record<string, string>>): Promise<FunctionsApp>
  stop(): Promise<void>
}

export interface StackOptions {
  /** 0: free ports. */
  readonly ports: {
    readonly functionsApp: number
    readonly azure: number
    readonly storage: number
    readonly inbox: InboxOptions['ports']
    /** Where people sign in; left out: a free one. */
    readonly signIn?: number
  }
  /** Data, keys and certificate; storage is in memory when `persist` is false. */
  readonly stateFolder: string
  readonly persist: boolean
  /** A folder that is already built; otherwise the app is built into `dist/app`. */
  readonly appFolder?: string
  /** Settings of the app in addition to, or in place of, the usual ones. */
  readonly settings?: Readonly<Record<string, string>>
  readonly onProgress?: (line: string) => void
  /** Called when a part ended without being stopped. `part` is its name. */
  readonly onDied?: (part: string) => void
  /** Stops the start after the part that is just starting. */
  readonly signal?: AbortSignal
}

const eventTypes = ['Write', 'Action', 'Delete'].map((verb) => `Microsoft.Resources.Resource${verb}Success`)
const operations = [
  '/privateEndpointConnectionProxies/',
  '/privateEndpointConnections/',
  'Microsoft.Network/privateEndpoints/write',
]

/**
 * Starts everything or nothing: if a part fails, those started before it are stopped.
 * @throws Error with the cause: a process that works on the state folder, a port, a part's failure.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const { ports, stateFolder, persist, signal, onProgress = () => undefined, onDied } = options
  mkdirSync(stateFolder, { recursive: true })
  const started: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const stopOne of started.splice(0).reverse()) await stopOne()
  }
  const diedOf = (part: string) => (onDied ? { onDied: () => onDied(part) } : {})
  try {
    noteRunning(stateFolder)
    started.push(() => {
      forgetRunning(stateFolder)
      return Promise.resolve()
    })
    await checkPorts(ports)
    const appFolder = options.appFolder ?? (await build(onProgress))
    signal?.throwIfAborted()
    const azurite = await keep(
      started,
      startAzurite({ ...storageOptions(options), ...diedOf('Storage (Azurite)') }),
    )
    signal?.throwIfAborted()
    // Chosen before the app runs: sign-ins lead back to its origin, and to nowhere else.
    const appPort = ports.functionsApp === 0 ? await freePort() : ports.functionsApp
    const publicOrigin = `http://127.0.0.1:${appPort}`
    const signIn = { port: ports.signIn ?? 0, redirectUris: [`${publicOrigin}/sign-in/callback`] }
    const azure = await keep(
      started,
      startSimulatedAzure({ port: ports.azure, stateFolder, persist, signIn }),
    )
    signal?.throwIfAborted()
    const inbox = await keep(started, startInbox({ ports: ports.inbox, stateFolder, persist }))
    signal?.throwIfAborted()
    const environment = {
      ...appSettings(azure, azurite.connectionString, publicOrigin),
      ...channelSettings(inbox),
      ...options.settings,
    }
    noteRunning(stateFolder, azurite.connectionString, environment)
    onProgress(
      `Storage is up (Azurite), Azure is simulated at ${azure.origin}, the inbox is at ${inbox.origin}.`,
    )
    const startApp = (port: number, settings: Readonly<Record<string, string>> = {}) =>
      startFunctionsApp({
        appFolder,
        port,
        keysFile: join(stateFolder, 'host-keys.json'),
        environment: { ...environment, ...settings },
        onLine: (line) => appendFileSync(join(stateFolder, 'functions-app.log'), `${line}\n`),
        ...diedOf('The functions host'),
      })
    let functionsApp = await startApp(appPort)
    started.push(() => functionsApp.stop())
    signal?.throwIfAborted()
    const rest = new RestClient(azure.origin, azure.caFile)
    await subscribe(rest, functionsApp)
    onProgress(`The function app runs at ${functionsApp.origin} and has subscribed to events.`)
    return {
      azure,
      inbox,
      rest,
      storage: azurite.connectionString,
      functionsApp: () => functionsApp,
      async restartFunctionsApp() {
        functionsApp = await startApp(Number(new URL(functionsApp.origin).port))
      },
      startAnotherHost: (settings) => keep(started, startApp(0, settings)),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

/** @throws Error that names the first port that cannot be used, and how to choose another. */
async function checkPorts(ports: StackOptions['ports']): Promise<void> {
  const expected: [number, string][] = [
    [ports.functionsApp, 'PORT'],
    [ports.azure, 'AZURE_SIM_PORT'],
    [ports.inbox.page, 'INBOX_PORT'],
    [ports.inbox.receivers, 'INBOX_RECEIVERS_PORT'],
    [ports.inbox.smtp, 'SMTP_PORT'],
    [ports.signIn ?? 0, 'SIGN_IN_PORT'],
    ...[0, 1, 2].map((service): [number, string] => [
      ports.storage === 0 ? 0 : ports.storage + service,
      'STORAGE_PORT',
    ]),
  ]
  for (const [port, setting] of expected) {
    const problem = port === 0 ? undefined : await whyNoPort(port)
    if (problem !== undefined) throw new Error(`Port ${port} ${problem}. ${adviceFor(problem, setting)}`)
  }
}

function adviceFor(problem: string, setting: string): string {
  const another = `hoose another with ${setting}=<port>.`
  return problem === 'is taken'
    ? `Stop what listens there (another "npm start"?) or c${another}`
    : `C${another}`
}

async function build(onProgress: (line: string) => void): Promise<string> {
  const folder = join(import.meta.dirname, '../dist/app')
  const { bundleBytes } = await buildApp(folder)
  onProgress(`The app is built: one bundle of ${(bundleBytes / 1_048_576).toFixed(1)} MB in dist/app.`)
  return folder
}

function storageOptions({ ports, persist, stateFolder }: StackOptions): Parameters<typeof startAzurite>[0] {
  return {
    ...(persist ? { folder: join(stateFolder, 'storage') } : {}),
    ...(ports.storage === 0 ? {} : { port: ports.storage }),
  }
}

async function keep<T extends { stop(): Promise<void> }>(
  started: (() => Promise<void>)[],
  starting: Promise<T>,
): Promise<T> {
  const part = await starting
  started.push(() => part.stop())
  return part
}

/** The settings of the app. The app settings in Azure are the same, with other values. */
export function appSettings(
  azure: Pick<SimulatedAzure, 'origin' | 'signInOrigin' | 'caFile'>,
  storage: string,
  publicOrigin: string,
): Record<string, string> {
  return {
    AzureWebJobsStorage: storage,
    AzureWebJobsDisableHomepage: 'true',
    FUNCTIONS_WORKER_RUNTIME: 'node',
    ARM_ENDPOINT: azure.origin,
    SYNAPSE_ENDPOINT: `${azure.origin}/synapse/{workspace}`,
    PURVIEW_ENDPOINT: `${azure.origin}/purview/{account}`,
    FABRIC_ENDPOINT: `${azure.origin}/fabric`,
    DATABRICKS_ENDPOINT: `${azure.origin}/databricks`,
    LOGIN_HOSTS: new URL(azure.origin).host,
    MANAGED_TENANTS: managedTenant.tenantId,
    AZURE_AUTHORITY_HOST: azure.origin,
    AZURE_TENANT_ID: ownTenant.tenantId,
    AZURE_CLIENT_ID: 'private-endpoint-approver',
    AZURE_CLIENT_SECRET: 'local',
    DISABLE_INSTANCE_DISCOVERY: 'true',
    NODE_EXTRA_CA_CERTS: azure.caFile,
    SIGN_IN_TENANT_ID: ownTenant.tenantId,
    SIGN_IN_CLIENT_ID: signInApp.clientId,
    SIGN_IN_AUTHORITY: azure.signInOrigin ?? '',
    PUBLIC_ORIGIN: publicOrigin,
    GRAPH_ENDPOINT: `${azure.origin}/graph`,
    GRAPH_SCOPE: 'https://graph.microsoft.com/.default',
  }
}

/** One subscription with the Event Grid schema, one with CloudEvents: both reach the same function. */
async function subscribe(rest: RestClient, functionsApp: FunctionsApp): Promise<void> {
  const endpointUrl = `${functionsApp.origin}/runtime/webhooks/EventGrid?functionName=connectionEvent&code=${functionsApp.keys.eventGridKey}`
  const schemas = [
    [dataPlatform, 'EventGridSchema'],
    [analytics, 'CloudEventSchemaV1_0'],
  ] as const
  for (const [{ subscriptionId }, eventDeliverySchema] of schemas) {
    const path = `/subscriptions/${subscriptionId}/providers/Microsoft.EventGrid/eventSubscriptions/private-endpoint-approver?api-version=2022-06-15`
    await rest.call('PUT', path, {
      tenant: ownTenant.tenantId,
      audience: 'https://management.azure.com',
      body: {
        properties: {
          destination: { endpointType: 'WebHook', properties: { endpointUrl } },
          eventDeliverySchema,
          filter: {
            includedEventTypes: eventTypes,
            advancedFilters: [
              { operatorType: 'StringContains', key: 'data.operationName', values: operations },
            ],
          },
        },
      },
    })
  }
}
