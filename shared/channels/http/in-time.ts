import { ChannelFailure } from '../../ports/message-channel.ts'
import { failureOf } from './failures.ts'

/** For whom and how long a channel waits. The URL may be a secret: nothing but its host is ever shown. */
export interface Waiting {
  readonly url: URL
  /** For all of it. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Does something at a host within its time. @throws ChannelFailure whose message names the host only. */
export async function inTime<T>(
  { url, timeoutMs, signal }: Waiting,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    return await work(AbortSignal.any([signal, timeout]))
  } catch (error) {
    if (signal.aborted)
      throw new ChannelFailure('failed', `sending to ${url.host} was stopped before it responded`)
    if (timeout.aborted)
      throw new ChannelFailure('failed', `${url.host} sent no response within ${timeoutMs / 1000} s`)
    throw failureOf(error, url.host)
  }
}
