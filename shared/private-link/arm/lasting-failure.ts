import type { ArmError } from './error.ts'
import { whyNot } from './why-not.ts'

/** The request that failed. Ids in lower case: the sentence must not change with the spelling of an event. */
export interface Asked {
  readonly host: string
  /** Begins the sentence, as in `The connections of … cannot be listed`. */
  readonly what: string
  readonly path: string
  readonly apiVersion: string
  readonly subscriptionId: string
  /** Permissions that reading takes. */
  readonly permissions: readonly string[]
}

interface Advice {
  readonly statuses: readonly number[]
  /** Empty: any code. */
  readonly codes: readonly string[]
  readonly say: (asked: Asked) => string
}

/** All 4xx but those that may be over in a moment. */
const refusals = Array.from({ length: 100 }, (_, index) => 400 + index).filter(
  (status) => ![408, 409, 412, 423, 425, 429].includes(status),
)

/** Failures that are transient, whatever their status. */
const passingCodes = ['ExpiredAuthenticationToken']

/** The next step for the reader; the first match counts. Codes as Azure Resource Manager documents them. */
const advices: readonly Advice[] = [
  {
    statuses: [400, 403, 404],
    codes: ['SubscriptionNotFound', 'InvalidSubscriptionId'],
    say: ({ host, subscriptionId }) =>
      `The subscription ${subscriptionId} is unknown to ${host}: it may be deleted, or belong to another cloud, whose address is the setting ARM_ENDPOINT.`,
  },
  {
    statuses: [400, 404, 409],
    codes: ['MissingSubscriptionRegistration', 'SubscriptionNotRegistered'],
    say: () => 'Register the resource provider in the subscription.',
  },
  {
    statuses: [400, 404],
    codes: [
      'ApiVersionNotSupported',
      'InvalidApiVersion',
      'InvalidApiVersionParameter',
      'InvalidResourceNamespace',
      'InvalidResourceType',
      'NoRegisteredProviderFound',
      'UnsupportedApiVersion',
    ],
    say: ({ host, apiVersion }) =>
      `${host} does not offer this in api-version ${apiVersion}; another cloud or region may offer other versions.`,
  },
  {
    statuses: [401],
    codes: [],
    say: () =>
      'The subscription does not take the tokens of this app: it may belong to another tenant, or to another cloud, whose address is the setting ARM_ENDPOINT.',
  },
  {
    statuses: [403],
    codes: [],
    say: ({ permissions }) => `Grant the identity of this app ${permissions.join(' and ')} there.`,
  },
  {
    statuses: [404, 405],
    codes: [],
    say: () => 'Azure has nothing to be read at that address; check the target in the portal.',
  },
  {
    statuses: refusals,
    codes: [],
    say: () => 'Asking again would give the same response; check the target in the portal.',
  },
  {
    statuses: [0, 200],
    codes: ['ResponseTooLong', 'EndlessList', 'ForeignLink', 'UnreadableResponse', 'UnreadableList'],
    say: () => 'That is not a response this app can read; check the target in the portal.',
  },
]

/** Why a failure would only repeat, and what to do about it, in a sentence that is always the same; undefined when it may pass. */
export function explainLasting(error: ArmError, asked: Asked): string | undefined {
  const advice = adviceOn(error)
  if (!advice) return undefined
  const { host, what, path, apiVersion } = asked
  return `${what}: ${host} responds ${whyNot(error)}. ${advice.say(asked)} Asked was GET ${path} in api-version ${apiVersion}.`
}

/** True for a failure that a retry soon would only repeat. */
export function isLasting(error: ArmError): boolean {
  return adviceOn(error) !== undefined
}

function adviceOn({ status, code }: ArmError): Advice | undefined {
  if (passingCodes.includes(code)) return undefined
  return advices.find(
    ({ statuses, codes }) => statuses.includes(status) && (codes.length === 0 || codes.includes(code)),
  )
}
