import type { z } from 'zod'
import { ArmError } from './error.ts'

const maxPages = 200
const maxItems = 20_000
const maxMilliseconds = 30_000
/**
 * Pages are kept until the last one is read. An instance has about 1.5 GB for all that it does at the same time, and a
 * thousand connections, as many as a target can have, take about 2 MiB.
 */
const maxMegabytes = 64

/** What lists that belong together may hold together. */
export interface ListBudget {
  /** Takes the bytes of a page; false when all pages are too much. */
  readonly hasRoomFor: (bytes: number) => boolean
}

/** A budget of 64 MiB. */
export function listBudget(): ListBudget {
  let left = maxMegabytes * 1024 * 1024
  return { hasRoomFor: (bytes) => (left -= bytes) >= 0 }
}

/** One page of a list, and the address of the next. */
export interface Page {
  readonly items: readonly unknown[]
  readonly next: string | null | undefined
}

/** A response with a page in it. */
interface Sized {
  readonly body: unknown
  readonly bytes: number
}

/**
 * The items of every page, from the one at `first` on.
 * @throws ArmError `EndlessList` when a page comes twice, or there are too many pages, or they take too long,
 *   `ResponseTooLong` when the budget is spent; errors of `read`; the reason of an aborted signal.
 */
export async function collectPages(
  first: string,
  read: (address: string) => Promise<Sized>,
  toPage: (body: unknown) => Page,
  {
    signal,
    budget = listBudget(),
  }: { readonly signal?: AbortSignal | undefined; readonly budget?: ListBudget | undefined } = {},
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
    const { body, bytes } = await read(next)
    if (!budget.hasRoomFor(bytes)) throw tooLong()
    const page = toPage(body)
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

function tooLong(): ArmError {
  return new ArmError(
    0,
    'ResponseTooLong',
    `The pages of a list have more than ${maxMegabytes} MiB together.`,
  )
}
