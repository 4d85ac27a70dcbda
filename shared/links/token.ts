import { createHmac, timingSafeEqual } from 'node:crypto'

/** What a link finds: the page of one request, or of a case. */
export interface LinkPlace {
  readonly kind: 'request' | 'case'
  /** Of the decision that the message is about, which names the episode; of the case. */
  readonly id: string
}

/** What a link is bound to. Ids are public: a link only finds, and whoever follows it signs in. */
export interface Link {
  readonly place: LinkPlace
  /** The message that it stands in. */
  readonly messageId: string
  readonly channel: string
  readonly expiresAt: Date
}

/** A key that signs links. */
export interface LinkKey {
  readonly id: string
  readonly secret: string
  readonly madeAt: Date
}

/** Links are signed by the current key; those that the previous one signed still work. */
export interface LinkKeys {
  readonly current: LinkKey
  readonly previous: LinkKey | undefined
}

/** Why a link is not followed. Codes are stable. */
export type LinkRefusal = 'link-malformed' | 'link-key-unknown' | 'link-signature' | 'link-expired'

/** A link that was checked. */
export type CheckedLink = Link | LinkRefusal

const version = 'v1'
const purpose = 'private-endpoint-approver review link v1'
/** A return place of a sign-in has no longer value. */
const maxTokenLength = 512
const maxPartLength = 100
const form = /^v1\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/
const placeKinds = { r: 'request', c: 'case' } as const
const safeId = /^[A-Za-z0-9._-]{1,100}$/

/** @throws RangeError for a link that cannot be one. */
export function signedToken({ place, messageId, channel, expiresAt }: Link, { id, secret }: LinkKey): string {
  const fits = safeId.test(place.id) && [messageId, channel].every((part) => part.length <= maxPartLength)
  const kind = place.kind === 'request' ? 'r' : 'c'
  const seconds = Math.floor(expiresAt.getTime() / 1000)
  const payload = base64url(JSON.stringify([id, kind, place.id, messageId, channel, seconds]))
  const token = `${version}.${payload}.${signature(payload, secret).toString('base64url')}`
  if (!fits || token.length > maxTokenLength) throw new RangeError(`No link can be made for "${place.id}".`)
  return token
}

/** The id of the key that a token names, before anything in it is believed; undefined for what is no token. */
export function keyIdOf(token: string): string | undefined {
  return partsOf(token)?.fields[0]
}

/** Checks form, key, signature and expiry, in this order. */
export function checkedToken(token: string, keys: LinkKeys, now: Date): CheckedLink {
  const parts = partsOf(token)
  if (parts === undefined) return 'link-malformed'
  const { payload, given, fields } = parts
  const [keyId, kind, id, messageId, channel, seconds] = fields
  const key = [keys.current, keys.previous].find((one) => one?.id === keyId)
  if (key === undefined) return 'link-key-unknown'
  const expected = signature(payload, key.secret)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return 'link-signature'
  const expiresAt = new Date(seconds * 1000)
  if (!(expiresAt > now)) return 'link-expired'
  return { place: { kind: placeKinds[kind], id }, messageId, channel, expiresAt }
}

type Fields = readonly [
  keyId: string,
  kind: keyof typeof placeKinds,
  id: string,
  messageId: string,
  channel: string,
  seconds: number,
]

interface Parts {
  readonly payload: string
  readonly given: Buffer
  readonly fields: Fields
}

/** Base64url has several spellings of one value; only the usual one is taken, so that a link has one text. */
function partsOf(token: string): Parts | undefined {
  if (token.length > maxTokenLength) return undefined
  const [, payload, mac] = form.exec(token) ?? []
  if (payload === undefined || mac === undefined) return undefined
  const given = Buffer.from(mac, 'base64url')
  const text = Buffer.from(payload, 'base64url').toString('utf8')
  if (given.toString('base64url') !== mac || base64url(text) !== payload) return undefined
  const fields = fieldsOf(text)
  return fields && { payload, given, fields }
}

function fieldsOf(text: string): Fields | undefined {
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch {
    return undefined
  }
  if (!Array.isArray(read) || read.length !== 6) return undefined
  const [keyId, kind, id, messageId, channel, seconds] = read as unknown[]
  const texts = [keyId, kind, id, messageId, channel]
  const isUsable =
    texts.every((part) => typeof part === 'string') &&
    (kind === 'r' || kind === 'c') &&
    safeId.test(id as string) &&
    Number.isSafeInteger(seconds)
  return isUsable ? (read as unknown as Fields) : undefined
}

function signature(payload: string, secret: string): Buffer {
  return createHmac('sha256', Buffer.from(secret, 'base64url')).update(`${purpose}\n${payload}`).digest()
}

function base64url(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64url')
}
