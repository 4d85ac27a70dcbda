/**
 * The process that `escalations.ts` measures: gathers and sends every notification in the storage, by a clock that runs
 * a minute ahead after each pass, and prints the memory that it took as JSON.
 */
import { localApprovers, localChannels } from '../local/channels.ts'
import { createMessageChannels, sendMs } from '../shared/channels/create-message-channels.ts'
import type { Routing } from '../shared/domain/route.ts'
import { Cases } from '../shared/ledger/cases.ts'
import { Outbox } from '../shared/ledger/outbox.ts'
import { SendCounters } from '../shared/ledger/sends.ts'
import { deliverDue } from '../shared/notify/deliver.ts'
import { ChannelPauses } from '../shared/notify/pauses.ts'
import type { DeliveryPorts } from '../shared/notify/ports.ts'
import type { MessageChannel } from '../shared/ports/message-channel.ts'
import { sampleRoute } from '../test/support/fake-delivery.ts'
import { tableIn } from './storage.ts'

/** What it prints. */
export interface Delivered {
  /** Notifications that joined a case. */
  readonly gathered: number
  /** Messages that channels took. */
  readonly sent: number
  /** The most memory after a garbage collection: of the process, and of its heap. */
  readonly maxRssBytes: number
  readonly maxHeapBytes: number
}

const passes = 75
const minuteMs = 60_000
const measureEveryMs = 500
const { mail, teams } = localChannels

let aheadMs = 0
const now = () => new Date(Date.now() + aheadMs)
const counts = { gathered: 0, sent: 0, maxRssBytes: 0, maxHeapBytes: 0 }
const measuring = setInterval(measure, measureEveryMs)
const ports = deliveryPorts(process.env['AzureWebJobsStorage'] ?? '')
for (let pass = 0; pass < passes; pass += 1) {
  await deliverDue(ports)
  aheadMs += minuteMs
}
clearInterval(measuring)
measure()
console.log(JSON.stringify(counts satisfies Delivered))

function measure(): void {
  if (!globalThis.gc) throw new Error('Run it with --expose-gc.')
  globalThis.gc()
  const { rss, heapUsed } = process.memoryUsage()
  counts.maxRssBytes = Math.max(counts.maxRssBytes, rss)
  counts.maxHeapBytes = Math.max(counts.maxHeapBytes, heapUsed)
}

function deliveryPorts(storage: string): DeliveryPorts {
  const [requests, index] = [tableIn(storage, 'requests'), tableIn(storage, 'requestIndex')]
  const report = (problem: Error) => {
    throw problem
  }
  const routing: Routing = {
    channels: [
      { kind: 'email', name: mail, to: [localApprovers], fromTag: undefined },
      { kind: 'teams', name: teams, urlSetting: 'APPROVERS_TEAMS_URL' },
    ],
    routes: [sampleRoute({ channels: [mail, teams] })],
  }
  const { channels, problems } = createMessageChannels(routing.channels, (name) => process.env[name], {
    ...{ credential: { getToken: () => Promise.resolve(null) }, now, timeoutMs: sendMs },
  })
  if (problems.length > 0) throw new Error(JSON.stringify(problems))
  const current = { routing, channels: channels.map(counted) }
  const print = (message: string, facts?: Record<string, unknown>) => {
    console.error(message, JSON.stringify(facts))
  }
  return {
    outbox: new Outbox(requests, index, report, now),
    cases: new Cases(requests, index, report, now),
    sends: new SendCounters(tableIn(storage, 'limits')),
    routes: { current: () => Promise.resolve(current) },
    links: undefined,
    hints: { hint: () => Promise.resolve() },
    notificationLog: { write: () => Promise.resolve(void (counts.gathered += 1)) },
    pauses: new ChannelPauses(now),
    settings: {
      ...{ windowMs: minuteMs, perRecipientAndHour: 10, withSubdomains: false },
      ...{ portal: 'https://portal.azure.com', timeZone: undefined, ownTenantId: undefined },
    },
    ...{ sendMs, now, random: Math.random },
    log: { info: () => undefined, warn: print, error: print },
  }
}

/** The channel, which counts what it took. */
function counted(channel: MessageChannel): MessageChannel {
  const { name, kind, limits, limitKey } = channel
  return {
    ...{ name, kind, limits, limitKey },
    async send(...args) {
      const accepted = await channel.send(...args)
      counts.sent += 1
      return accepted
    },
  }
}
