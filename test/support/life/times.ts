/** Now, in every pair. */
export const now = new Date('2026-11-21T08:00:00Z')
/** So many seconds ago, in ISO 8601. */
export const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString()
/** So many seconds from now. */
export const ahead = (seconds: number) => ago(-seconds)
export const week = 7 * 24 * 3600
