import type { LinkKeys } from './token.ts'

/** Where the keys of links lie. */
export interface LinkKeysPort {
  /** The keys; made at the first call of all. */
  load(): Promise<LinkKeys>
}
