import type { z } from 'zod'
import { ArmError } from './error.ts'

const maxPages = 200
const maxItems = 20_000
const maxMilliseconds = 30_000

/** One page of a list, and the address of the next. */
export interface Page {
  readonly items: readonly unknown[]
  readonly next: string | null | undefined
}

/**
 * The items of every page, from the one at `first` on.
 * @throws ArmError `EndlessList` when a page comes twice, or there are too many pages, or they take too long; errors of
 *   `read`; the reason of an aborted signal.
 */
export async function collectPages(
  first: string,
  read: (address: string) => Promise<Page>,
  signal?: AbortSignal,
): Promise<readonly unknown[]> {
  let items: readonly unknown[] = []
  const seen = new Set<string>()
  const startedAt = performance.now()
  let next: string | null | undefined = first
  while (next) {
    const isTooLong = seen.size >= maxPages || items.length > maxItems
    if (isTooLong || seen.has(next) || performance.now() - startedAt > maxMilliseconds) {
      throw new ArmError(0, 'EndlessList', `The list did not end after ${items.length} items.`)
    }
    signal?.throwIfAborted()
    seen.add(next)
    const page: Page = await read(next)
    items = items.concat(page.items)
    next = page.next
  }
  return items
}

/** Reads the body of a page. @throws ArmError `UnreadableList` when it is of another shape. */
export function readPageOf<T>(schema: z.ZodType<T>, body: unknown, toPage: (body: T) => Page): Page {
  const read = schema.safeParse(body)
  if (read.success) return toPage(read.data)
  throw new ArmError(0, 'UnreadableList', 'A page of the list is of another shape than is known.')
}
