import type { Askers } from '../domain/askers.ts'
import type { Connection } from '../domain/connection.ts'
import type { Proof } from '../domain/proof.ts'

/** Who made the endpoint behind a connection. */
export interface AskersPort {
  /** @throws AzureFailed when Azure is busy or failed. */
  askersOf(connection: Connection, proof: Proof): Promise<Askers>
}
