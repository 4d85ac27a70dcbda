import { apiVersion, queryValue } from '../http/exchange.ts'
import type { Call, JsonObject } from '../http/exchange.ts'

/**
 * Small pages for the newer requesters, so that a client that reads only the first one fails. The sizes are made up.
 */
export const smallPage = 3

/** At most `size` items from the position in the token, and the token of the next page if there is one. */
export function cut<T>(
  items: readonly T[],
  size: number,
  token: string,
): { items: readonly T[]; next: string | undefined } {
  const start = /^\d+$/.test(token) ? Number(token) : 0
  const end = start + size
  return { items: items.slice(start, end), next: end < items.length ? String(end) : undefined }
}

/** A page of Azure Resource Manager: `{value, nextLink?}`, the link on the caller's origin. */
export function armPage(size: number): (call: Call, items: readonly JsonObject[]) => JsonObject {
  return (call, items) => {
    const page = cut(items, size, queryValue(call, '$skiptoken'))
    if (page.next === undefined) return { value: page.items }
    const query = `api-version=${apiVersion(call)}&$skiptoken=${page.next}`
    return { value: page.items, nextLink: `${call.origin}${encodeURI(call.path)}?${query}` }
  }
}

/** A list in one piece. */
export function onePage(_call: Call, items: readonly JsonObject[]): JsonObject {
  return { value: items }
}
