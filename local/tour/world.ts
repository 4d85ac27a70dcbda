import type { TableClient } from '@azure/data-tables'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import type { Stack } from '../stack.ts'
import type { Clients } from './clients.ts'
import type { Places } from './places.ts'

/** Everything the acts of the tour work with. */
export interface TourWorld {
  readonly places: Places
  readonly clients: Clients
  readonly allowList: TableClient
  readonly stack: Stack
  readonly ledger: Ledger
}
