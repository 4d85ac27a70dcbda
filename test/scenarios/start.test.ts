import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { noteRunning, whoRuns } from '../../local/running.ts'
import { until } from '../support/running-stack.ts'

const program = join(import.meta.dirname, '../../local/start.ts')
let state: string
let started: ChildProcess | undefined

beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'approver-start-'))
})
afterEach(async () => {
  started?.kill('SIGKILL')
  await rm(state, { recursive: true, force: true })
})

interface Started {
  readonly child: ChildProcess
  readonly printed: () => string
  readonly ended: Promise<unknown[]>
}

function start(ports: Record<string, string> = {}): Started {
  const child = spawn(process.execPath, [program, '--no-tour', '--state', state], {
    env: {
      ...process.env,
      ...{ PORT: '0', AZURE_SIM_PORT: '0', STORAGE_PORT: '0' },
      ...{ INBOX_PORT: '0', INBOX_RECEIVERS_PORT: '0', SMTP_PORT: '0', SIGN_IN_PORT: '0' },
      ...ports,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  started = child
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (part: Buffer) => {
      text += part.toString()
    })
  }
  return { child, printed: () => text, ended: once(child, 'exit') }
}

function serves({ printed }: Started): Promise<string> {
  return until(
    40,
    () => Promise.resolve(printed()),
    (text) => text.includes('Still serving'),
  )
}

async function isUp(origin: string): Promise<boolean> {
  try {
    await fetch(origin)
    return true
  } catch {
    return false
  }
}

it('Ctrl-C stops everything, and a second start on the same state works', async () => {
  for (let runs = 0; runs < 2; runs += 1) {
    const run = start()
    const origin = /function app at (\S+),/.exec(await serves(run))?.[1] ?? ''
    expect(await isUp(origin)).toBe(true)
    expect(whoRuns(state)?.pid).toBe(run.child.pid)
    run.child.kill('SIGINT')
    expect(await run.ended).toEqual([0, null])
    expect(run.printed()).toMatch(/Stopping\.\nStopped\.\n$/)
    expect(await isUp(origin)).toBe(false)
    expect(whoRuns(state)).toBeUndefined()
  }
}, 90_000)

it.each(['AZURE_SIM_PORT', 'SIGN_IN_PORT'])(
  'a port that is taken is named, with the setting %s that chooses another',
  async (setting) => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const run = start({ [setting]: String(port) })
    expect(await run.ended).toEqual([1, null])
    expect(run.printed()).toContain(`Port ${port} is taken.`)
    expect(run.printed()).toContain(`${setting}=`)
    other.close()
  },
)

it('a port that is no port is refused with what was seen and what was expected', async () => {
  const run = start({ PORT: 'seven' })
  expect(await run.ended).toEqual([1, null])
  expect(run.printed()).toContain('PORT is "seven"; expected: a port number from 0 to 65535.')
})

it('a storage port that leaves no room for queues and tables is refused', async () => {
  const run = start({ STORAGE_PORT: '65534' })
  expect(await run.ended).toEqual([1, null])
  expect(run.printed()).toContain('STORAGE_PORT is "65534"; expected: a port number from 0 to 65533.')
})

it('state that another process works on is refused, and its note stays', async () => {
  noteRunning(state, 'storage of this test')
  const run = start()
  expect(await run.ended).toEqual([1, null])
  expect(run.printed()).toContain(`${state} is in use by process ${String(process.pid)}`)
  expect(whoRuns(state)).toEqual({ pid: process.pid, storage: 'storage of this test' })
})

it('Ctrl-C while it starts stops what is up already, without a word of failure', async () => {
  const run = start()
  await until(
    40,
    () => Promise.resolve(run.printed()),
    (text) => text.includes('The app is built'),
  )
  run.child.kill('SIGINT')
  run.child.kill('SIGINT')
  expect(await run.ended).toEqual([130, null])
  expect(run.printed()).toMatch(/MB in dist\/app\.\n\nStopping\.\nStopped\.\n$/)
}, 60_000)

it('a part that dies is named, and the rest is stopped', async () => {
  const run = start()
  const text = await serves(run)
  const blobs = /blobs: (http:[^,]+),/.exec(text)?.[1] ?? ''
  expect(await isUp(blobs)).toBe(true)
  expect(text).toContain(`npm run decisions -- --state ${state}`)
  for (const pid of await processesOf(run.child, 'functions-host/main.ts')) process.kill(pid, 'SIGKILL')
  expect(await run.ended).toEqual([1, null])
  expect(run.printed()).toContain('The functions host ended although nobody stopped it')
  expect(await isUp(blobs)).toBe(false)
}, 60_000)

/** Children of a process whose command line contains `words`. */
async function processesOf({ pid }: ChildProcess, words: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args='])
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...command]) => parent === String(pid) && command.join(' ').includes(words))
    .map(([child]) => Number(child))
}
