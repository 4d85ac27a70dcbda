import type { ChannelUse } from '../cases/destination.ts'
import { digestGroup } from '../cases/group.ts'
import { joined } from '../cases/join.ts'
import { type Allowed, released, takenFor, takenThrough } from '../cases/sends.ts'
import type { Send } from '../domain/sends.ts'
import type { ClaimedMessage } from '../ports/cases.ts'
import type { MessageChannel } from '../ports/message-channel.ts'
import { announce } from './announce.ts'
import type { DeliveryPorts } from './ports.ts'

/** Whether a message may go through a channel now, and to whom. */
export type Allowance =
  | { readonly kind: 'send'; readonly addresses: readonly string[] }
  | { readonly kind: 'in-digest' }
  /** Milliseconds since 1970. */
  | { readonly kind: 'later'; readonly notBefore: number }

/**
 * Counts a message at its recipients and at the channel. Recipients who have had too many get it in their next digest;
 * beyond what the receiving service allows, it waits.
 */
export async function allowanceOf(
  ports: DeliveryPorts,
  claimed: ClaimedMessage,
  use: ChannelUse,
  channel: MessageChannel,
): Promise<Allowance> {
  const recipients = recipientsOf(use, channel)
  const responses = await Promise.all(recipients.map((one) => takeFor(ports, claimed, use, one.name)))
  const having = (isSo: (allowed: Allowed) => boolean) =>
    recipients.filter((_, index) => isSo(responses[index] ?? 'in-digest'))
  const free = having((allowed) => allowed === 'now')
  const times = responses.flatMap((allowed) => (typeof allowed === 'object' ? [allowed.notBefore] : []))
  if (free.length === 0 && times.length > 0) return { kind: 'later', notBefore: Math.min(...times) }
  if (free.length > 0) {
    const notBefore = await takeThrough(ports, channel)
    // It stays counted at its recipients: otherwise all others would wait behind it, and none would go into the digest.
    if (notBefore !== undefined) return { kind: 'later', notBefore }
  }
  for (const { address } of having((allowed) => allowed === 'in-digest'))
    await joinDigest(ports, claimed, use.channel, address)
  if (free.length === 0) return { kind: 'in-digest' }
  return { kind: 'send', addresses: free.flatMap(({ address }) => address ?? []) }
}

/** What was certainly not taken does not count for its recipients. */
export async function releaseRecipients(
  ports: DeliveryPorts,
  claimed: ClaimedMessage,
  use: ChannelUse,
  channel: MessageChannel,
): Promise<void> {
  const { key } = sendOf(ports, claimed, use)
  await Promise.all(
    recipientsOf(use, channel).map(({ name }) =>
      ports.sends.change(name, (before) => ({ sends: released(before, key) })),
    ),
  )
}

interface Recipient {
  /** Of its counter. */
  readonly name: string
  readonly address: string | undefined
}

/** Each mailbox, or the channel itself. */
function recipientsOf({ addresses }: ChannelUse, { limitKey }: MessageChannel): readonly Recipient[] {
  if (addresses.length === 0) return [{ name: `recipient ${limitKey}`, address: undefined }]
  return addresses.map((address) => ({ name: `recipient ${address}`, address }))
}

async function takeFor(
  ports: DeliveryPorts,
  claimed: ClaimedMessage,
  use: ChannelUse,
  name: string,
): Promise<Allowed> {
  const send = sendOf(ports, claimed, use)
  const { perRecipientAndHour } = ports.settings
  return (await ports.sends.change(name, (before) => takenFor(before, perRecipientAndHour, send))).allowed
}

/** Undefined: at once. */
async function takeThrough(
  ports: DeliveryPorts,
  { limitKey, limits }: MessageChannel,
): Promise<number | undefined> {
  const send: Send = { at: ports.now().getTime(), key: '', source: '', isDigest: false }
  const { allowed } = await ports.sends.change(`channel ${limitKey}`, (before) =>
    takenThrough(before, limits, send),
  )
  return typeof allowed === 'object' ? allowed.notBefore : undefined
}

function sendOf(
  { sends, now }: DeliveryPorts,
  { ids, group }: ClaimedMessage,
  { channel }: ChannelUse,
): Send {
  return {
    at: now().getTime(),
    key: sends.short(`${ids.message} ${channel}`),
    source: sends.short(group.source),
    isDigest: group.kind === 'recipient',
  }
}

async function joinDigest(
  ports: DeliveryPorts,
  { ref, ids }: ClaimedMessage,
  channel: string,
  address: string | undefined,
): Promise<void> {
  const group = digestGroup(channel, address)
  const member = { kind: 'message', id: ids.message, ref } as const
  const place = await ports.cases.join(group, member, (head) =>
    joined(head, { group, risk: 'normal' }, ports.now(), ports.settings),
  )
  if (place) await announce(ports, place)
}
