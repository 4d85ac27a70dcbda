/**
 * Seconds of a `Retry-After` header, which holds seconds or an HTTP date. Undefined when it is neither.
 * @param maxSeconds what is asked for one call must not hold up all others for long.
 */
export function retryAfterSeconds(
  header: string | undefined,
  now: Date,
  maxSeconds: number,
): number | undefined {
  if (header === undefined) return undefined
  const text = header.trim()
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - now.getTime()) / 1000
  if (!Number.isFinite(seconds)) return undefined
  return Math.min(Math.max(Math.ceil(seconds), 0), maxSeconds)
}
