import type { ChannelPort } from '../ports/channel.ts'
import type { Log } from '../ports/log.ts'
import { LogChannel } from './log/log-channel.ts'

/** What channels need. The app passes its settings, so that a setting that is named here reaches the channel. */
export interface ChannelOptions {
  readonly log: Log
}

/** Every channel that a notification goes through. */
export function createChannels({ log }: ChannelOptions): readonly ChannelPort[] {
  return [new LogChannel(log)]
}
