/** The memory that many escalations take while they are gathered and sent, beside that of a tenth of them. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readArguments } from '../local/arguments.ts'
import { startAzurite } from '../local/azurite.ts'
import { channelSettings } from '../local/channels.ts'
import { startInbox } from '../local/inbox/start.ts'
import type { Delivered } from './deliver-all.ts'
import { inSeconds, printFigure, printProgress, wholeNumber } from './figures.ts'
import { tableIn } from './storage.ts'
import { writeEscalations } from './written-escalations.ts'

const help = `Usage: npm run bench -- escalations [--many N] [--quick]

Writes the requests of a tenth, and then of all, into Azurite: each has just been opened for manual review, half of them
are of one requester. A process of its own gathers and sends their notifications with the modules of the app, through
Azurite, a mail server and a Teams flow, which run outside of it, by a clock that runs ahead until the digests are sent.
Prints the most memory of that process (RSS after a garbage collection, twice a second). Takes minutes.

  --many N      10000 unless given
  --quick       --many 200`

const few = 0.1
const expectedMegabytes = 50

const { many } = readArguments(help, () => {
  const { values } = parseArgs({
    options: { help: { type: 'boolean' }, quick: { type: 'boolean' }, many: { type: 'string' } },
  })
  const { help: isHelp, quick = false, many: text } = values
  return { values: { help: isHelp, many: wholeNumber('many', text ?? (quick ? '200' : '10000')) } }
})

const ofFew = await measure(Math.ceil(many * few))
const ofMany = await measure(many)
printFigure(
  `RSS with ${many} escalations over that with ${Math.ceil(many * few)}`,
  megabytes(ofMany.maxRssBytes - ofFew.maxRssBytes),
  `at most ${expectedMegabytes} MB`,
)

async function measure(count: number): Promise<Delivered> {
  const azurite = await startAzurite()
  const inbox = await startInbox({ ports: { page: 0, receivers: 0, smtp: 0 }, persist: false })
  try {
    const storage = azurite.connectionString
    for (const name of ['requests', 'requestIndex', 'limits'] as const) await tableIn(storage, name).create()
    printProgress(`writes ${count} escalations`)
    await writeEscalations(storage, count, (written) =>
      printProgress(`${written} of ${count} escalations are written`),
    )
    printProgress(`gathers and sends ${count} escalations`)
    const begun = performance.now()
    const delivered = await deliverAll({
      ...channelSettings(inbox),
      AzureWebJobsStorage: storage,
      NODE_EXTRA_CA_CERTS: inbox.caFile,
    })
    const { gathered, sent, maxRssBytes, maxHeapBytes } = delivered
    console.log(
      `${count} escalations: ${gathered} gathered, ${sent} messages sent in ${inSeconds(performance.now() - begun)}; ` +
        `RSS ${megabytes(maxRssBytes)}, heap ${megabytes(maxHeapBytes)} at most`,
    )
    return delivered
  } finally {
    await inbox.stop()
    await azurite.stop()
  }
}

/** @throws Error when the process that is measured fails. */
async function deliverAll(settings: Readonly<Record<string, string>>): Promise<Delivered> {
  const program = fileURLToPath(new URL('deliver-all.ts', import.meta.url))
  const child = fork(program, [], {
    execArgv: ['--expose-gc'],
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  let printed = ''
  child.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`The process that is measured ended with ${code ?? 'a signal'}.`)
  return JSON.parse(printed) as Delivered
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`
}
