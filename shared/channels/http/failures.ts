import { ChannelFailure } from '../../ports/message-channel.ts'
import { PrivateAddressError } from './public-address.ts'

const reasons: Readonly<Record<string, (host: string) => string>> = {
  ENOTFOUND: (host) => `${host} is not known to DNS: check the address`,
  EAI_AGAIN: (host) => `DNS did not respond when ${host} was looked up`,
  ECONNREFUSED: (host) => `${host} refused the connection`,
  ECONNRESET: (host) => `${host} closed the connection without a response`,
  EPIPE: (host) => `${host} closed the connection without a response`,
  ETIMEDOUT: (host) => `${host} cannot be reached`,
  EHOSTUNREACH: (host) => `${host} cannot be reached`,
  ENETUNREACH: (host) => `${host} cannot be reached`,
}

const tlsCodes = /^(ETLS$|CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO$)/

/** Why there was no response, in words that name the host only. */
export function failureOf(error: unknown, host: string): ChannelFailure {
  if (error instanceof PrivateAddressError)
    return new ChannelFailure(
      'refused',
      `${host} has an address that is not public: send to a host of the internet, or set WEBHOOK_ALLOW_PRIVATE to true if the receiver is your own`,
    )
  const code = codeOf(error)
  if (isTlsCode(code))
    return new ChannelFailure('failed', `the TLS certificate of ${host} is not valid (${code}): renew it`)
  return new ChannelFailure('failed', reasons[code]?.(host) ?? `sending to ${host} failed (${code})`)
}

/** True for a code that says that no encrypted connection to the right host could be made. */
export function isTlsCode(code: string): boolean {
  return tlsCodes.test(code)
}

/** The code of an error of Node, also of one that nodemailer has wrapped; `unknown` where it has none. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { originalCode, code } = error as { readonly originalCode?: unknown; readonly code?: unknown }
  return [originalCode, code].find(isCode) ?? 'unknown'
}

function isCode(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Z0-9_]{2,60}$/i.test(value)
}
