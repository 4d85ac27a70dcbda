import { CommandFailed, type Io } from '../terminal/io.ts'
import { counted } from '../terminal/words.ts'

export interface Removals {
  readonly removed: number
  /** Rules in the table now. */
  readonly standing: number
  /** Rules in the file. */
  readonly desired: number
  readonly fileName: string
}

/** Up to this number, removals need no extra confirmation. */
const few = 5
const share = 0.1

/**
 * Guards against a file that lost its rules on the way: an empty one, half of one, the wrong one. Returns the text to
 * type as confirmation where many rules go; undefined where a `y` is enough.
 * @param allowed of `--allow-removals`.
 * @throws CommandFailed when so many were not allowed.
 */
export function guardRemovals(
  { removed, standing, desired, fileName }: Removals,
  { yes, allowRemovals: allowed }: { readonly yes?: true; readonly allowRemovals?: number },
  { canAsk }: Pick<Io, 'canAsk'>,
): string | undefined {
  if (removed === 0) return undefined
  if (allowed !== undefined) {
    if (removed <= allowed) return undefined
    throw new CommandFailed(
      `${counted(removed, 'rule')} would be removed, and --allow-removals says ${allowed}. If that is meant, say --allow-removals ${removed}. Nothing was written.`,
    )
  }
  if (desired === 0) {
    throw new CommandFailed(
      `${fileName} has no rules: all ${counted(standing, 'rule')} would be removed. If that is meant, say --allow-removals ${removed}. Nothing was written.`,
    )
  }
  if (removed <= few || removed <= standing * share) return undefined
  if (yes || !canAsk) {
    throw new CommandFailed(
      `${removed.toLocaleString('en')} of ${counted(standing, 'rule')} would be removed. If that is meant, say --allow-removals ${removed}. Nothing was written.`,
    )
  }
  return String(removed)
}
