import { z } from 'zod'
import type { BurstLimits } from '../domain/burst.ts'
import { isGuid } from '../domain/resource-id.ts'
import type { StorageAccess } from '../storage/access.ts'
import {
  duration,
  endpointTemplate,
  guidList,
  hostList,
  httpsAddress,
  httpsOrigin,
  scope,
  timeZone,
  wholeNumber,
} from './fields.ts'
import { clouds, type Cloud, type ServiceAddress } from './clouds.ts'
import {
  type MissingSignInSettings,
  signInFields,
  type SignInSettings,
  signInSettings,
} from './sign-in-settings.ts'

/** The configuration of the app. */
export interface Settings {
  readonly storage: StorageAccess
  readonly armEndpoint: string
  /** Tenants in which managed networks live. Lower case. Empty: no managed requester can be confirmed. */
  readonly managedTenants: readonly string[]
  /** Hosts of login addresses that may name a tenant in a challenge. Lower case. */
  readonly loginHosts: readonly string[]
  readonly services: Pick<Cloud, 'synapse' | 'purview' | 'fabric' | 'databricks'>
  /** Client id of the user-assigned identity; undefined: the system-assigned one, or the environment's. */
  readonly clientId: string | undefined
  /** For an authority that is not Entra ID itself (the simulated one). */
  readonly disableInstanceDiscovery: boolean
  readonly burstLimits: BurstLimits
  /** How requests are gathered into messages, and how many of them one recipient gets. */
  readonly notifications: NotificationSettings
  /** How many times as fast leases, passes, their timers and the allow-list's cache run; above 1 in test stacks only. */
  readonly reviewSpeed: number
  readonly signIn: SignInSettings | MissingSignInSettings
  /** Address of the Azure portal, without a slash at its end. */
  readonly portal: string
  /** The time zone in which people see times beside UTC; undefined: UTC only. */
  readonly timeZone: string | undefined
  /** How long a question to people is open where its rule does not say it: `P{days}D` or `PT{hours}H`. */
  readonly questionExpiresAfter: string
}

/** See `CaseSettings` in `shared/cases/settings.ts`. */
export interface NotificationSettings {
  readonly windowMs: number
  readonly perRecipientAndHour: number
  readonly withSubdomains: boolean
}

/** A setting is missing or wrong. The message names the setting, what was seen and what was expected. */
export class SettingsError extends Error {
  override name = 'SettingsError'
}

/** What is remembered of a window must fit into one column of a table, 32,000 characters. */
const maxPerBurstWindow = 1_000

/** What is counted of a recipient must fit into one column of a table. */
const maxWindowSeconds = 600
const maxPerRecipient = 500

/** A lease of two seconds is the shortest that a busy host renews in time. */
export const maxReviewSpeed = 10

const schema = z.object({
  AzureWebJobsStorage: z.string().optional(),
  AzureWebJobsStorage__accountName: z
    .string()
    .regex(/^[a-z0-9]{3,24}$/, 'the name of a storage account, 3 to 24 small letters and digits')
    .optional(),
  AzureWebJobsStorage__tableServiceUri: httpsOrigin.optional(),
  AzureWebJobsStorage__queueServiceUri: httpsOrigin.optional(),
  AzureWebJobsStorage__clientId: z.string().refine(isGuid, 'a client id').optional(),
  AZURE_CLIENT_ID: z.string().optional(),
  AZURE_CLOUD: z
    .enum(['public', 'us-government', 'china'], { error: 'public, us-government or china' })
    .default('public'),
  ARM_ENDPOINT: httpsOrigin.optional(),
  LOGIN_HOSTS: hostList.optional(),
  MANAGED_TENANTS: guidList.default([]),
  SYNAPSE_ENDPOINT: endpointTemplate('{workspace}').optional(),
  SYNAPSE_SCOPE: scope.optional(),
  PURVIEW_ENDPOINT: endpointTemplate('{account}').optional(),
  PURVIEW_SCOPE: scope.optional(),
  FABRIC_ENDPOINT: httpsAddress.optional(),
  FABRIC_SCOPE: scope.optional(),
  DATABRICKS_ENDPOINT: httpsAddress.optional(),
  DATABRICKS_SCOPE: scope.optional(),
  BURST_WINDOW_MINUTES: wholeNumber(10_000).default(10),
  BURST_LIMIT_PER_REQUESTER: wholeNumber(maxPerBurstWindow).default(50),
  BURST_LIMIT_PER_TARGET: wholeNumber(maxPerBurstWindow).default(100),
  NOTIFICATION_WINDOW_SECONDS: wholeNumber(maxWindowSeconds).default(60),
  NOTIFICATIONS_PER_RECIPIENT_AND_HOUR: wholeNumber(maxPerRecipient)
    .refine((number) => number > 1, `a whole number from 2 to ${maxPerRecipient}`)
    .default(10),
  ADDRESS_DOMAINS_INCLUDE_SUBDOMAINS: z.enum(['true', 'false'], { error: 'true or false' }).default('false'),
  QUESTION_EXPIRES_AFTER: duration.default('P14D'),
  REVIEW_SPEED: wholeNumber(maxReviewSpeed).default(1),
  TIME_ZONE: timeZone.optional(),
  ...signInFields,
  DISABLE_INSTANCE_DISCOVERY: z.enum(['true', 'false'], { error: 'true or false' }).default('false'),
})

/**
 * Reads the settings once, at start. An empty value counts as not set.
 * @throws SettingsError for the first setting that is missing or wrong.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const parsed = schema.safeParse(
    Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== '')),
  )
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const name = String(issue?.path[0] ?? '')
    const seen = withoutSecrets(environment[name] ?? '')
    throw new SettingsError(`Setting ${name} is "${seen}"; expected: ${issue?.message ?? ''}.`)
  }
  const values = parsed.data
  const cloud = clouds[values.AZURE_CLOUD]
  return {
    storage: storageAccess(values, cloud),
    armEndpoint: (values.ARM_ENDPOINT ?? cloud.armEndpoint).replace(/\/$/, ''),
    loginHosts: values.LOGIN_HOSTS ?? cloud.loginHosts,
    managedTenants: values.MANAGED_TENANTS,
    services: servicesOf(values, cloud),
    clientId: values.AZURE_CLIENT_ID,
    burstLimits: {
      windowMs: values.BURST_WINDOW_MINUTES * 60_000,
      perRequester: values.BURST_LIMIT_PER_REQUESTER,
      perTarget: values.BURST_LIMIT_PER_TARGET,
    },
    notifications: {
      windowMs: values.NOTIFICATION_WINDOW_SECONDS * 1000,
      perRecipientAndHour: values.NOTIFICATIONS_PER_RECIPIENT_AND_HOUR,
      withSubdomains: values.ADDRESS_DOMAINS_INCLUDE_SUBDOMAINS === 'true',
    },
    reviewSpeed: values.REVIEW_SPEED,
    signIn: signInSettings(values, cloud),
    portal: cloud.portal,
    timeZone: values.TIME_ZONE,
    questionExpiresAfter: values.QUESTION_EXPIRES_AFTER,
    disableInstanceDiscovery: values.DISABLE_INSTANCE_DISCOVERY === 'true',
  }
}

/** An address may contain a password before its `@`, and a signature in its query. */
function withoutSecrets(value: string): string {
  return value.replace(/^.*@/s, '…@').replace(/\?.*$/s, '?…')
}

type Values = z.output<typeof schema>

function servicesOf(values: Values, cloud: Cloud): Settings['services'] {
  const { SYNAPSE_ENDPOINT, SYNAPSE_SCOPE, PURVIEW_ENDPOINT, PURVIEW_SCOPE } = values
  const { DATABRICKS_ENDPOINT, DATABRICKS_SCOPE } = values
  const { synapse, purview, databricks } = cloud
  return {
    synapse: { endpoint: SYNAPSE_ENDPOINT ?? synapse.endpoint, scope: SYNAPSE_SCOPE ?? synapse.scope },
    purview: { endpoint: PURVIEW_ENDPOINT ?? purview.endpoint, scope: PURVIEW_SCOPE ?? purview.scope },
    fabric: fabricOf(values, cloud),
    databricks: {
      endpoint: DATABRICKS_ENDPOINT ?? databricks.endpoint,
      scope: DATABRICKS_SCOPE ?? databricks.scope,
    },
  }
}

/** Not every cloud has Fabric; without an address it is not queried. */
function fabricOf(values: Values, { fabric }: Cloud): ServiceAddress | undefined {
  const endpoint = values.FABRIC_ENDPOINT ?? fabric?.endpoint
  const scope = values.FABRIC_SCOPE ?? fabric?.scope
  if (endpoint === undefined) return undefined
  if (scope !== undefined) return { endpoint, scope }
  throw new SettingsError(
    'Setting FABRIC_SCOPE is missing; expected beside FABRIC_ENDPOINT: a scope that ends in /.default.',
  )
}

function storageAccess(values: Values, { storageSuffix }: Cloud): StorageAccess {
  if (values.AzureWebJobsStorage !== undefined) {
    return { kind: 'connection-string', connectionString: values.AzureWebJobsStorage }
  }
  const account = values.AzureWebJobsStorage__accountName
  const tables = values.AzureWebJobsStorage__tableServiceUri ?? addressOf(account, 'table', storageSuffix)
  const queues = values.AzureWebJobsStorage__queueServiceUri ?? addressOf(account, 'queue', storageSuffix)
  if (tables === undefined || queues === undefined) {
    throw new SettingsError(
      'Setting AzureWebJobsStorage is missing; expected: a connection string, or for an identity' +
        ' AzureWebJobsStorage__accountName, or AzureWebJobsStorage__tableServiceUri and' +
        ' AzureWebJobsStorage__queueServiceUri.',
    )
  }
  return {
    kind: 'identity',
    tableServiceUri: tables,
    queueServiceUri: queues,
    clientId: values.AzureWebJobsStorage__clientId,
  }
}

/** Where a cloud keeps the tables and queues of an account. */
function addressOf(
  account: string | undefined,
  service: 'table' | 'queue',
  suffix: string,
): string | undefined {
  return account && `https://${account}.${service}.${suffix}`
}
