import { type Destination, destinationOf } from '../cases/destination.ts'
import {
  afterTries,
  channelsOf,
  dueChannels,
  isNobodyNotified,
  isToBeSaid,
  withState,
} from '../cases/deliveries.ts'
import type { CaseMessage } from '../domain/case-message.ts'
import type { ClaimedMessage, MessageRef } from '../ports/cases.ts'
import type { MessageChannel } from '../ports/message-channel.ts'
import { builtMessage, contentOf } from './content.ts'
import type { DeliveryPorts } from './ports.ts'
import { tryChannel } from './try-channel.ts'

/**
 * Sends one message of a case, if it is due and not claimed, through each channel that has not taken it yet.
 * @throws Error when the cases or the counters cannot be read or written.
 */
export async function sendMessage(ports: DeliveryPorts, ref: MessageRef): Promise<void> {
  const claimed = await ports.cases.claim(ref)
  if (!claimed) return
  const content = await contentOf(ports, ref)
  if (content.total === 0) return drop(ports, claimed, 'Everything in it was decided or withdrawn meanwhile.')
  const { destination, channels } = await placesOf(ports, claimed)
  if (!destination.isDefined)
    return drop(ports, claimed, 'No channel is defined: the log has its notifications.')
  const message = await builtMessage(ports, claimed, content)
  const records = new Records(ports, claimed)
  for (let round = 0; round < maxRounds && records.isOurs; round += 1) {
    const now = ports.now()
    const { deliveries } = records.message
    const due = dueChannels(channelsOf(destination, deliveries, now), deliveries, now)
    if (due.length === 0) break
    await Promise.all(
      due.map(async (use) => {
        const channel = channels.get(use.channel)
        if (!channel) return
        const state = await tryChannel(ports, claimed, message, { use, channel })
        await records.write((before) => withState(before, use.channel, state))
      }),
    )
  }
  await records.write((before) => finished(ports, claimed, before, destination))
}

/** The channels of the route, and what helps out. Together they take less time than a claim lasts. */
const maxRounds = 3

interface Places {
  readonly destination: Destination
  readonly channels: ReadonlyMap<string, MessageChannel>
}

const nowhere: Destination = {
  channels: [],
  fallback: [],
  missing: [],
  deadRoute: undefined,
  isDefined: true,
}

async function placesOf(ports: DeliveryPorts, claimed: ClaimedMessage): Promise<Places> {
  const { routes, settings, log } = ports
  try {
    const current = await routes.current()
    const channels = new Map(current.channels.map((channel) => [channel.name, channel]))
    const found = destinationOf(
      current.routing,
      claimed.group.to,
      new Set(channels.keys()),
      settings.withSubdomains,
    )
    if (found.deadRoute !== undefined && found.isDefined)
      log.error('The channels of a route do not exist; the default route is used.', {
        metric: 'notification.route',
        ...{ id: claimed.ids.message, route: found.deadRoute, missing: found.missing },
      })
    return { destination: await withNotified(ports, claimed, found), channels }
  } catch (error) {
    log.error('The routes of notifications cannot be read; the message waits.', {
      metric: 'notification.route',
      ...{ id: claimed.ids.message, error: String(error) },
    })
    return { destination: nowhere, channels: new Map() }
  }
}

/** An outcome goes to everybody who was notified, also where that was through a fallback. */
async function withNotified(
  { cases }: DeliveryPorts,
  claimed: ClaimedMessage,
  destination: Destination,
): Promise<Destination> {
  if (claimed.message.kind !== 'outcome') return destination
  const notified = await cases.notifiedThrough(claimed)
  const own = new Set(destination.channels.map(({ channel }) => channel))
  const further = destination.fallback.filter(({ channel }) => notified.has(channel) && !own.has(channel))
  return { ...destination, channels: [...destination.channels, ...further] }
}

/** Writes one change after the other, each as soon as it is there; none once the row was changed by others. */
class Records {
  readonly #ports: DeliveryPorts
  #current: ClaimedMessage
  #isOurs = true
  #last: Promise<void> = Promise.resolve()

  constructor(ports: DeliveryPorts, claimed: ClaimedMessage) {
    this.#ports = ports
    this.#current = claimed
  }

  /** As written last. */
  get message(): CaseMessage {
    return this.#current.message
  }

  /** False once the row was changed by others. */
  get isOurs(): boolean {
    return this.#isOurs
  }

  async write(change: (before: CaseMessage) => CaseMessage): Promise<void> {
    this.#last = this.#last.then(async () => {
      if (!this.#isOurs) return
      const after = await this.#ports.cases.record(this.#current, change(this.message))
      if (after) this.#current = after
      else this.#isOurs = false
    })
    await this.#last
  }
}

function finished(
  ports: DeliveryPorts,
  { ids, ref }: ClaimedMessage,
  before: CaseMessage,
  destination: Destination,
): CaseMessage {
  const now = ports.now()
  const after = afterTries(before, destination, now)
  const facts = { id: ids.message, case: ids.case, ref }
  if (after.state === 'failed')
    ports.log.error('A message could not be sent for a week and is given up.', {
      metric: 'outbox.gave-up',
      ...facts,
    })
  if (!isNobodyNotified(after, destination, now)) return { ...after, nobodyAt: undefined }
  if (!isToBeSaid(after, now)) return after
  const problems = after.deliveries.flatMap(({ channel, state }) =>
    'problem' in state && state.problem !== undefined ? [`${channel}: ${state.problem}`] : [],
  )
  const problem = [...problems, after.problem].filter((text) => text !== undefined).join('; ')
  ports.log.error('Nobody was notified: no channel takes a message.', {
    metric: 'notification.nobody',
    ...{ ...facts, since: after.openedAt, missing: destination.missing, error: problem },
  })
  return { ...after, nobodyAt: now.toISOString() }
}

async function drop(ports: DeliveryPorts, claimed: ClaimedMessage, problem: string): Promise<void> {
  ports.log.info('A message is not sent.', {
    metric: 'notification.dropped',
    id: claimed.ids.message,
    problem,
  })
  const settledAt = ports.now().toISOString()
  await ports.cases.record(claimed, {
    ...claimed.message,
    state: 'dropped',
    settledAt,
    problem,
    nobodyAt: undefined,
  })
}
