import type { ReviewLinksPort } from '../ports/review-links.ts'
import { maxLinkMs } from './keys.ts'
import type { LinkKeysPort } from './ports.ts'
import { type CheckedLink, checkedToken, keyIdOf, type Link, type LinkKeys, signedToken } from './token.ts'

export interface ReviewLinksOptions {
  readonly keys: LinkKeysPort
  /** The origin at which people reach the app. */
  readonly publicOrigin: string
  readonly now: () => Date
}

/** Signing by the previous key does no harm; a key that is not known may have been made a moment ago. */
const keptMs = 300_000
const unknownKeptMs = 10_000

/** Links in messages. */
export class ReviewLinks implements ReviewLinksPort {
  readonly #options: ReviewLinksOptions
  #loaded: { readonly keys: LinkKeys; readonly at: number } | undefined

  constructor(options: ReviewLinksOptions) {
    this.#options = options
  }

  async linkTo(link: Link): Promise<string> {
    const { publicOrigin, now } = this.#options
    const latest = new Date(now().getTime() + maxLinkMs)
    const expiresAt = link.expiresAt < latest ? link.expiresAt : latest
    const { current } = await this.#keys(keptMs)
    return `${publicOrigin}/review/${signedToken({ ...link, expiresAt }, current)}`
  }

  /** What a token finds, or why it is refused. Nothing but the keys is read for it. */
  async find(token: string): Promise<CheckedLink> {
    const keyId = keyIdOf(token)
    if (keyId === undefined) return 'link-malformed'
    const keys = await this.#keys(keptMs)
    const isKnown = keys.current.id === keyId || keys.previous?.id === keyId
    return checkedToken(token, isKnown ? keys : await this.#keys(unknownKeptMs), this.#options.now())
  }

  async #keys(maxAgeMs: number): Promise<LinkKeys> {
    const at = this.#options.now().getTime()
    if (this.#loaded && at - this.#loaded.at < maxAgeMs) return this.#loaded.keys
    const keys = await this.#options.keys.load()
    this.#loaded = { keys, at }
    return keys
  }
}
