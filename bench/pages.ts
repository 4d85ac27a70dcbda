/** How long the pages of an approver take, and their size, with many open requests and several readers at once. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { buildApp } from '../build/app.ts'
import { readArguments } from '../local/arguments.ts'
import { browserOf } from '../test/support/people.ts'
import { type RunningStack, runStack } from '../test/support/running-stack.ts'
import { inMilliseconds, printFigure, printProgress, Times, wholeNumber } from './figures.ts'
import { writeOpenRequests, type WrittenRequests } from './open-requests.ts'
import { PageReader, type ReadPage } from './page-reader.ts'

const help = `Usage: npm run bench -- pages [--requests N] [--readers N] [--rounds N] [--quick]

Starts the built app in the local functions host on Azurite, with open requests in its tables, and reads its pages by
HTTP as people who are signed in, all readers at once: the first page, the page of a request, and the page of a burst
case. Prints how long each took, from the call to the last byte, and its size. The timers of the app are off, as nothing
behind the requests exists. Client, host, app and storage share the machine: the figures are upper bounds.

  --requests N  open requests, 1000 unless given; every fifth is of the burst case
  --readers N   readers at once, 10 unless given
  --rounds N    how often each reader reads each page, 50 unless given
  --quick       20 requests, 2 readers, 2 rounds`

const expectedP95 = 100
const expectedBytes = 60 * 1024
const warmUpRounds = 5
const timers = ['sweep', 'finishOpenWork', 'evaluateAgain', 'notifyDue']

const options = readArguments(help, () => {
  const { values } = parseArgs({
    options: {
      help: { type: 'boolean' },
      quick: { type: 'boolean' },
      ...{ requests: { type: 'string' }, readers: { type: 'string' }, rounds: { type: 'string' } },
    },
  })
  const { help: isHelp, quick = false, requests, readers, rounds } = values
  return {
    values: {
      help: isHelp,
      requests: wholeNumber('requests', requests ?? (quick ? '20' : '1000')),
      readers: wholeNumber('readers', readers ?? (quick ? '2' : '10')),
      rounds: wholeNumber('rounds', rounds ?? (quick ? '2' : '50')),
    },
  }
})

const appFolder = await mkdtemp(join(tmpdir(), 'approver-bench-'))
try {
  printProgress('builds the app and starts it')
  await buildApp(appFolder)
  const off = Object.fromEntries(timers.map((name) => [`AzureWebJobs.${name}.Disabled`, 'true']))
  const running = await runStack(appFolder, off)
  try {
    await measure(running)
  } finally {
    await running.stop()
  }
} finally {
  await rm(appFolder, { recursive: true, force: true })
}

async function measure({ stack }: RunningStack): Promise<void> {
  const { requests, readers: count, rounds } = options
  printProgress(`writes ${requests} requests`)
  const written = await writeOpenRequests(stack.storage, {
    ...{ count: requests, inCase: Math.ceil(requests / 5) },
    onProgress: (done) => printProgress(`${done} of ${requests} requests are written`),
  })
  const readers = await Promise.all(Array.from({ length: count }, () => signedInReader(stack)))
  for (const [name, pathOf] of Object.entries(pagesOf(written))) {
    await readAll(readers, warmUpRounds, pathOf)
    const read = await readAll(readers, rounds, pathOf)
    const { transferred, decoded } = largestOf(read)
    const times = new Times(read.map(({ milliseconds }) => milliseconds))
    const limit = `p95 under ${expectedP95} ms`
    printFigure(`${name}, ${count} readers at once`, times.shown(inMilliseconds), limit)
    const size = `${transferred} bytes transferred, ${decoded} decoded`
    printFigure(`${name}, size`, size, `under ${expectedBytes} bytes`)
  }
  for (const reader of readers) reader.end()
}

/** The path that each read of a page has. */
function pagesOf({ decisionIds, caseId }: WrittenRequests): Record<string, (read: number) => string> {
  return {
    'own account (no requests)': () => '/account',
    'first page': () => '/',
    'page of a request': (read) => `/requests/${decisionIds[(read * 37) % decisionIds.length] ?? ''}`,
    'page of a burst case': () => `/cases/${caseId}`,
  }
}

async function signedInReader(stack: RunningStack['stack']): Promise<PageReader> {
  const { client, app, signIn } = browserOf(stack)
  await signIn('ann', '?to=/account')
  return new PageReader(app, `session=${client.cookie(app, 'session') ?? ''}`)
}

/** Each reader reads one page after the other, all of them at once. */
async function readAll(
  readers: readonly PageReader[],
  rounds: number,
  pathOf: (read: number) => string,
): Promise<readonly ReadPage[]> {
  const all = readers.map(async (reader, number) => {
    const read: ReadPage[] = []
    for (let round = 0; round < rounds; round += 1) {
      const path = pathOf(number * rounds + round)
      const page = await reader.read(path)
      if (page.status !== 200) throw new Error(`${path} responded ${page.status}.`)
      read.push(page)
    }
    return read
  })
  return (await Promise.all(all)).flat()
}

function largestOf(read: readonly ReadPage[]): Pick<ReadPage, 'transferred' | 'decoded'> {
  return {
    transferred: Math.max(...read.map(({ transferred }) => transferred)),
    decoded: Math.max(...read.map(({ decoded }) => decoded)),
  }
}
