import { DefaultAzureCredential, ManagedIdentityCredential, type TokenCredential } from '@azure/identity'
import type { Settings } from './settings.ts'
import { withSharedTokens } from './shared-tokens.ts'

/** The signed-in identity: environment, managed identity, Azure CLI, … */
export function signedIn(settings: Pick<Settings, 'clientId' | 'disableInstanceDiscovery'>): TokenCredential {
  return withSharedTokens(
    new DefaultAzureCredential({
      disableInstanceDiscovery: settings.disableInstanceDiscovery,
      ...(settings.clientId ? { managedIdentityClientId: settings.clientId } : {}),
    }),
  )
}

/**
 * The identity of the function app itself.
 * @param clientId of a user-assigned one; undefined: the system-assigned one.
 */
export function managedIdentity(clientId: string | undefined): TokenCredential {
  return withSharedTokens(new ManagedIdentityCredential(clientId ? { clientId } : {}))
}
