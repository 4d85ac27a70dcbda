import type { Message } from '../domain/message.ts'
import { foreignShown } from './text/foreign.ts'

const maxNameLength = 140

/** Who tries which channel, and when. */
export interface Trial {
  /** Another one for each trial: channels that can, drop a message that they have seen. */
  readonly id: string
  readonly channel: string
  /** Name of the person or program. */
  readonly by: string
  readonly at: Date
  /** The second time zone; undefined: UTC only. */
  readonly timeZone: string | undefined
}

/** The message by which a person tries a channel. It is about no request, and no case is made for it. */
export function testMessage({ id, channel, by, at, timeZone }: Trial): Message {
  return {
    ...{ id, kind: 'test', risk: 'normal', case: { id, kind: 'single' }, inReplyTo: undefined },
    title: `Test of the channel "${channel}"`,
    summary: `${foreignShown(by, maxNameLength)} tried this channel with the command "channels test ${channel}". It is about no request.`,
    ...{ requests: [], total: 0, reviewLink: undefined, expiresAt: undefined },
    at: at.toISOString(),
    timeZone,
  }
}
