/** How long a request takes from Azure to the people who review it, by mail and in Teams. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { buildApp } from '../build/app.ts'
import { readArguments } from '../local/arguments.ts'
import { routingRows } from '../local/channels.ts'
import type { Via } from '../local/inbox/message.ts'
import { untilRulesAreKnown } from '../local/tour/known-rules.ts'
import { nameOf } from '../local/tour/places.ts'
import { askAsFactory, askAsUnknown, type SentRequest } from '../local/tour/requests.ts'
import { createLake, createSalesFactory } from '../test/support/lake-requests.ts'
import { type RunningStack, runStack } from '../test/support/running-stack.ts'
import { inSeconds, printFigure, printProgress, Times, wholeNumber } from './figures.ts'

const help = `Usage: npm run bench -- messages [--requests N] [--window SECONDS] [--quick]

Starts everything that npm start starts, with the clocks of production, and sends requests to the simulated Azure: some
of high risk, whose message is sent at once, and as many others, whose message waits for others of the same requester.
Prints how long each took from the call to Azure until its message was in the mailbox, and in Teams. The requests are eight
seconds apart, as Teams takes one message in five. The real Event Grid adds its own time.

  --requests N      of high risk, and as many others, 20 unless given
  --window SECONDS  how long a message waits for others, 60 unless given
  --quick           2 requests, and a window of 1 second`

const betweenMs = 8_000
const expectedSeconds = 5
const maxWaitMs = 120_000
const channels = { mail: 'smtp', Teams: 'teams' } as const satisfies Record<string, Via>

const { requests: count, window } = readArguments(help, () => {
  const { values } = parseArgs({
    options: {
      ...{ help: { type: 'boolean' }, quick: { type: 'boolean' } },
      ...{ requests: { type: 'string' }, window: { type: 'string' } },
    },
  })
  const { help: isHelp, quick = false, requests, window: seconds } = values
  return {
    values: {
      help: isHelp,
      requests: wholeNumber('requests', requests ?? (quick ? '2' : '20')),
      window: wholeNumber('window', seconds ?? (quick ? '1' : '60')),
    },
  }
})

const appFolder = await mkdtemp(join(tmpdir(), 'approver-bench-'))
try {
  printProgress('builds the app and starts it')
  await buildApp(appFolder)
  const running = await runStack(appFolder, {
    ...{ REVIEW_SPEED: '1', NOTIFICATION_WINDOW_SECONDS: String(window) },
    ...{ NOTIFICATIONS_PER_RECIPIENT_AND_HOUR: '500', BURST_LIMIT_PER_REQUESTER: '1000' },
  })
  try {
    const kinds = kindsOf(running)
    await prepare(running, kinds)
    for (const kind of kinds) await measure(running, kind)
  } finally {
    await running.stop()
  }
} finally {
  await rm(appFolder, { recursive: true, force: true })
}

interface Kind {
  readonly what: string
  readonly maxSeconds: number
  readonly targetOf: (number: number) => string
  readonly ask: (target: string, number: number) => Promise<SentRequest>
}

/** The two kinds of requests; each request has a target of its own. */
function kindsOf({ clients, places }: RunningStack): readonly [Kind, Kind] {
  const numbered = (name: string, number: number) => `${name}${String(number).padStart(3, '0')}`
  return [
    {
      what: 'high risk',
      maxSeconds: expectedSeconds,
      targetOf: (number) => numbered(places.lake, number),
      // Another tenant borrows the name of the sales factory, which may be approved.
      ask: (target, number) =>
        askAsUnknown(clients, {
          ...{ name: `${nameOf(places.salesFactory)}.mpe-${number}`, target, groupId: 'blob' },
          message: 'Please approve.',
        }),
    },
    {
      what: `others, window ${window} s`,
      maxSeconds: window + expectedSeconds,
      targetOf: (number) => numbered(places.landing, number),
      ask: (target, number) =>
        askAsFactory(clients, {
          ...{ factory: factoryOf(places, number), name: 'mpe', target, groupId: 'blob' },
          ending: 'manual review',
        }),
    },
  ]
}

function factoryOf({ salesFactory }: RunningStack['places'], number: number): string {
  return `${salesFactory}${number}`
}

/** Targets with a rule each: one that allows the sales factory, and one that asks about a factory of its own. */
async function prepare(running: RunningStack, [ofHighRisk, ofOther]: readonly [Kind, Kind]): Promise<void> {
  const { clients, places, allowList, stack } = running
  await createSalesFactory(running)
  for (let number = 1; number <= count; number += 1) {
    const requester = factoryOf(places, number)
    await clients.arm('PUT', requester, '2018-06-01', { location: 'westeurope', properties: {} })
    const rules = [
      { effect: 'allow', target: ofHighRisk.targetOf(number), requester: places.salesFactory },
      { effect: 'ask', target: ofOther.targetOf(number), requester },
    ]
    for (const rule of rules) {
      await createLake(running, rule.target)
      await allowList.createEntity({ partitionKey: 'rule', rowKey: nameOf(rule.target), ...rule })
    }
  }
  for (const row of routingRows(stack.inbox)) await allowList.upsertEntity(row, 'Replace')
  await untilRulesAreKnown(running)
}

async function measure(running: RunningStack, { what, maxSeconds, targetOf, ask }: Kind): Promise<void> {
  const arrivals: Promise<Record<keyof typeof channels, number>>[] = []
  for (let number = 1; number <= count; number += 1) {
    await wait(betweenMs)
    printProgress(`${what}: request ${number} of ${count}`)
    arrivals.push(untilNotified(running, await ask(targetOf(number), number)))
  }
  const taken = await Promise.all(arrivals)
  for (const name of ['mail', 'Teams'] as const) {
    const times = new Times(taken.map((one) => one[name]))
    printFigure(`${what}, by ${name}`, times.shown(inSeconds), `p95 under ${maxSeconds} s`)
  }
}

/** Milliseconds from the request to each channel. */
async function untilNotified({ stack }: RunningStack, { target, sentAt }: SentRequest) {
  const until = async (via: Via): Promise<number> => {
    const { receivedAt } = await stack.inbox.waitFor(
      ({ content }) => content.via === via && JSON.stringify(content).includes(nameOf(target)),
      maxWaitMs + window * 1000,
    )
    return Date.parse(receivedAt) - sentAt
  }
  const [mail, teams] = await Promise.all([until(channels.mail), until(channels.Teams)])
  return { mail, Teams: teams }
}
