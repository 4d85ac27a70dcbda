import { CommandFailed, type Io } from '../terminal/io.ts'
import { counted } from '../terminal/words.ts'

/** What one part of the list loses: its rules, or its channels and routes. */
export interface Removals {
  readonly one: string
  /** For example `channels and routes`. */
  readonly many: string
  readonly removed: number
  /** In the table now. */
  readonly standing: number
  /** In the file. */
  readonly desired: number
}

/** Up to this number, removals need no extra confirmation. */
const few = 5
const share = 0.1

/**
 * Guards against a file that lost its rules, or its channels and routes, on the way: an empty one, half of one, the wrong
 * one. Returns the text to type as confirmation where much goes; undefined where a `y` is enough.
 * @param allowed of `--allow-removals`: of all parts together.
 * @throws CommandFailed when so many were not allowed.
 */
export function guardRemovals(
  parts: readonly Removals[],
  fileName: string,
  { yes, allowRemovals: allowed }: { readonly yes?: true; readonly allowRemovals?: number },
  { canAsk }: Pick<Io, 'canAsk'>,
): string | undefined {
  const fewer = parts.filter(({ removed }) => removed > 0)
  const total = fewer.reduce((sum, { removed }) => sum + removed, 0)
  const refuse = (why: string) =>
    new CommandFailed(`${why} If that is meant, say --allow-removals ${total}. Nothing was written.`)
  if (allowed !== undefined) {
    if (total <= allowed) return undefined
    const what = fewer.map((part) => spoken(part.removed, part)).join(' and ')
    throw refuse(`${what} would be removed, and --allow-removals says ${allowed}.`)
  }
  const empty = fewer.find(({ desired }) => desired === 0)
  if (empty)
    throw refuse(`${fileName} has no ${empty.many}: all ${spoken(empty.standing, empty)} would be removed.`)
  const [large] = fewer.filter(({ removed, standing }) => removed > few && removed > standing * share)
  if (large === undefined) return undefined
  if (yes || !canAsk)
    throw refuse(
      `${large.removed.toLocaleString('en')} of ${spoken(large.standing, large)} would be removed.`,
    )
  return String(total)
}

function spoken(count: number, { one, many }: Removals): string {
  return count === 1 ? counted(count, one) : `${count.toLocaleString('en')} ${many}`
}
