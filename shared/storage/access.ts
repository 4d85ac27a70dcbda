import type { TokenCredential } from '@azure/core-auth'

/** How storage is reached: with an account key, as for the emulator, or by an identity, as in Azure. */
export type StorageAccess =
  | { readonly kind: 'connection-string'; readonly connectionString: string }
  | {
      readonly kind: 'identity'
      readonly tableServiceUri: string
      readonly queueServiceUri: string
      readonly clientId: string | undefined
    }

/** Gives the identity that storage is reached by. Not called where a connection string does. */
export type CredentialSource = () => TokenCredential | Promise<TokenCredential>

/** The connection string is invalid. The message does not repeat it, because it may contain a key. */
export class ConnectionStringError extends Error {
  override name = 'ConnectionStringError'

  constructor(options?: ErrorOptions) {
    super(
      'The connection string of the storage account is none; expected: "DefaultEndpointsProtocol=https;AccountName=…;AccountKey=…".',
      options,
    )
  }
}
