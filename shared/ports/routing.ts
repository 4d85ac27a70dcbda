import type { RoutingReading } from '../domain/route.ts'

export interface RoutingPort {
  /**
   * Channels and routes of the allow-list. Never throws: what cannot be read is in `problems`. While the table cannot be
   * read, or an apply is not finished, the last that could be read counts.
   */
  loadRouting(): Promise<RoutingReading>
}
