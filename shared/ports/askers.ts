import type { Askers } from '../domain/askers.ts'
import type { Connection } from '../domain/connection.ts'
import type { Proof } from '../domain/proof.ts'

export interface AskersPort {
  /**
   * The people behind a connection, read anew at each call.
   * @param proof what is proven of the connection now.
   * @throws AzureBusy when Azure asks for a retry later, AzureFailed when a call failed. A missing permission or a
   *   foreign tenant is no error.
   */
  askersOf(connection: Connection, proof: Proof): Promise<Askers>
}
