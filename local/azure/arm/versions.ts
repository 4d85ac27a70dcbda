import { apiVersion, AzureError } from '../http/exchange.ts'
import type { Call } from '../http/exchange.ts'
import { versionsOf } from '../private-link/target-types/api-versions.ts'

/** Refuses an api-version that the type does not have, and lists those it has, as Azure Resource Manager does. */
export function checkVersion(call: Call, type: string, location: string): void {
  const versions = versionsOf(type)
  if (versions.includes(apiVersion(call))) return
  const short = type.slice(type.indexOf('/') + 1)
  throw new AzureError(
    400,
    'NoRegisteredProviderFound',
    `No registered resource provider found for location '${location}' and API version '${apiVersion(call)}' for type '${short}'. ` +
      `The supported api-versions are '${versions.join(', ')}'. The supported locations are '${location}'.`,
  )
}
