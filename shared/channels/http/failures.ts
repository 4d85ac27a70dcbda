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

const tlsCodes = /^(CERT_|ERR_TLS_|ERR_SSL_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|EPROTO$)/

/** Why there was no response, in words that name the host only. */
export function failureOf(error: unknown, host: string): ChannelFailure {
  if (error instanceof PrivateAddressError)
    return new ChannelFailure(
      'refused',
      `${host} has an address that is not public: send to a host of the internet, or set WEBHOOK_ALLOW_PRIVATE to true if the receiver is your own`,
    )
  const code = codeOf(error)
  if (tlsCodes.test(code))
    return new ChannelFailure('failed', `the TLS certificate of ${host} is not valid (${code}): renew it`)
  return new ChannelFailure('failed', reasons[code]?.(host) ?? `sending to ${host} failed (${code})`)
}

/** The code of an error of Node; `unknown` where it has none. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[A-Z0-9_]{2,60}$/.test(code) ? code : 'unknown'
}
