import type { LinkKey, LinkKeys } from './token.ts'

/** Random text of so many bytes, as base64url. */
export type RandomText = (bytes: number) => string

const idBytes = 6
const secretBytes = 32
const dayMs = 86_400_000

/** No link lives longer. */
export const maxLinkMs = 60 * dayMs

export function newKey(random: RandomText, now: Date): LinkKey {
  return { id: random(idBytes), secret: random(secretBytes), madeAt: now }
}

/** The keys after a rotation: links signed so far still work. */
export function rotated({ current }: LinkKeys, random: RandomText, now: Date): LinkKeys {
  return { current: newKey(random, now), previous: current }
}

/**
 * Until when links may be in use that a rotation now would end: those of the previous key, which signed until the
 * current one was made. Undefined: there are none.
 */
export function endedByRotation({ current, previous }: LinkKeys, now: Date): Date | undefined {
  const until = new Date(current.madeAt.getTime() + maxLinkMs)
  return previous !== undefined && until > now ? until : undefined
}
