import type { SentRequest } from './requests.ts'
import type { TourWorld } from './world.ts'

/** One act. Its requests are sent together and then watched together. */
export interface Act {
  readonly title: string
  readonly play: (world: TourWorld) => Promise<readonly SentRequest[]>
  /** Checked afterwards: a line with what was seen, and the problem if there is one. */
  readonly check?: (world: TourWorld) => Promise<{ line: string; problem: string }>
}
