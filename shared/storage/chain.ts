import { createHash } from 'node:crypto'

/** The previous hash of the first entry of a chain. */
export const chainStart = '0'.repeat(64)

/** Hash of an entry, bound to the one before it. `entry` is the text exactly as it is stored. */
export function chainHash(previousHash: string, entry: string): string {
  return createHash('sha256').update(previousHash).update('\n').update(entry).digest('hex')
}
