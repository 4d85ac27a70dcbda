import type { SentRequest } from './requests.ts'
import type { TourWorld } from './world.ts'

/** One walk. Its requests are sent together and then watched together. */
export interface Act {
  readonly title: string
  readonly play: (world: TourWorld) => Promise<readonly SentRequest[]>
  /** Looked at afterwards: a line that tells what was seen, and what is wrong with it if anything. */
  readonly check?: (world: TourWorld) => Promise<{ line: string; problem: string }>
}
