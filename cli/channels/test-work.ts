import { randomUUID } from 'node:crypto'
import { addressesOf } from '../../shared/cases/routes.ts'
import { testMessage } from '../../shared/channels/test-message.ts'
import type { ChannelDefinition } from '../../shared/domain/route.ts'
import { printable } from '../../shared/domain/printable.ts'
import { type CheckableChannel, ChannelFailure } from '../../shared/ports/message-channel.ts'
import type { Run } from '../command/run.ts'
import type { PlaceOptions } from '../place/options.ts'
import { whoChanges } from '../place/who.ts'
import { CommandFailed, type ExitCode } from '../terminal/io.ts'
import { definedRouting, noChannels, whoseSettings } from './defined.ts'
import { acceptedSentence, failedSentence } from './outcome.ts'

/** Options of `channels test`. */
export interface TestOptions extends PlaceOptions {
  readonly as?: string
  readonly tagAddress?: string
}

/**
 * Sends one test message through a channel, and says what came back.
 * @throws CommandFailed (1) for a channel that is not defined, cannot be used, or does not take the message; (2) for an
 * address that the channel would not send to.
 */
export async function testChannel(run: Run<TestOptions>, name: string): Promise<ExitCode> {
  const { io, options, connected, now } = run
  const definition = await definitionOf(run, name)
  const recipients = await recipientsOf(run, definition)
  const channel = await channelOf(run, definition)
  const { timeZone } = await connected.azureSettings()
  const by = await whoChanges(connected, options.as)
  const message = testMessage({ id: `test-${randomUUID()}`, channel: name, by, at: now(), timeZone })
  const facts = { channel: name, kind: definition.kind, message: message.id, recipients }
  try {
    const accepted = await channel.send(message, recipients, io.signal)
    const { refusedRecipients = [] } = accepted
    const found = acceptedSentence(
      definition,
      accepted,
      recipients,
      (setting) => connected.environment()[setting],
    )
    io.out(io.isJson ? JSON.stringify({ ...facts, accepted: true, ...accepted, found }) : found)
    return refusedRecipients.length === 0 ? 0 : 1
  } catch (error) {
    io.signal.throwIfAborted()
    if (!(error instanceof ChannelFailure)) throw error
    const found = failedSentence(name, error)
    if (!io.isJson) throw new CommandFailed(found)
    const { kind: reason, retryAfterSeconds } = error
    io.out(JSON.stringify({ ...facts, accepted: false, reason, retryAfterSeconds, found }))
    return 1
  }
}

async function definitionOf(run: Run<TestOptions>, name: string): Promise<ChannelDefinition> {
  const { channels } = await definedRouting(run)
  const found = channels.find((channel) => channel.name === name)
  if (found) return found
  if (channels.length === 0) throw new CommandFailed(noChannels)
  const names = channels.map((channel) => channel.name).join(', ')
  throw new CommandFailed(`There is no channel "${printable(name)}"; the channels are ${names}.`)
}

async function channelOf(
  { connected }: Run<TestOptions>,
  definition: ChannelDefinition,
): Promise<CheckableChannel> {
  const { channels, problems } = await connected.channels([definition])
  const [channel] = channels
  if (channel) return channel
  throw new CommandFailed(`${problems.map(({ problem }) => problem).join(' ')} ${whoseSettings}`)
}

/** The addresses that the app would send to, for a target whose tag holds the given address. */
async function recipientsOf(
  { connected, options: { tagAddress } }: Run<TestOptions>,
  definition: ChannelDefinition,
): Promise<readonly string[]> {
  const fromTag = definition.kind === 'email' ? definition.fromTag : undefined
  if (tagAddress !== undefined && fromTag === undefined)
    throw new CommandFailed('--tag-address is for channels of kind email with fromTag; leave it out.', 2)
  if (definition.kind !== 'email') return []
  const { notifications } = await connected.azureSettings()
  const of = (address: string | undefined) => {
    const tags = fromTag && address !== undefined ? [{ name: fromTag.name, value: address }] : []
    return addressesOf(definition, tags, notifications.withSubdomains)
  }
  const domains = fromTag?.domains.join(', ') ?? ''
  if (tagAddress !== undefined && !of(tagAddress).includes(tagAddress.trim().toLowerCase()))
    throw new CommandFailed(
      `--tag-address is no address in a listed domain; the app would not send to it. Expected: an address in ${domains}.`,
      2,
    )
  const addresses = of(tagAddress)
  if (addresses.length > 0) return addresses
  throw new CommandFailed(
    `The channel ${definition.name} has no address of its own: they are in the tag ${printable(fromTag?.name ?? '')} of targets. Give one by --tag-address ADDRESS, in ${domains}.`,
    2,
  )
}
