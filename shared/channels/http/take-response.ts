import { type Accepted, ChannelFailure } from '../../ports/message-channel.ts'
import { isAccepted, type PostResponse } from './post.ts'

/** Responses below 500 that say that the service, not the message, is at fault. */
const passing = [408, 425]

/**
 * Accepts a 2xx.
 * @param service what responded, as it begins a sentence: "the flow".
 * @param advice what to do about a refusal, by status.
 * @throws ChannelFailure for any other status.
 */
export function takeResponse(
  { status, retryAfterSeconds, code }: PostResponse,
  service: string,
  advice: (status: number) => string,
): Accepted {
  if (isAccepted(status)) return { status, reference: undefined }
  const response = `${service} responded with status ${status}${code === undefined ? '' : ` (${code})`}`
  if (status === 429 || (status === 503 && retryAfterSeconds !== undefined))
    throw new ChannelFailure('busy', `${response}: it is busy`, retryAfterSeconds)
  if (status >= 300 && status < 400)
    throw new ChannelFailure(
      'refused',
      `${response}: redirects are not followed; use the address that it redirects to, if it is yours`,
    )
  if (status >= 400 && status < 500 && !passing.includes(status))
    throw new ChannelFailure('refused', `${response}: ${advice(status)}`)
  throw new ChannelFailure('failed', response)
}
