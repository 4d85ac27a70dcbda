import { fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { QueueServiceClient } from '@azure/storage-queue'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Azurite } from '../support/azurite.ts'
import { startAzurite } from '../support/azurite.ts'
import { appHttp, appStorage, ask, readRecord, recordedAtLeast, temporaryFolder } from './support.ts'

const program = fileURLToPath(new URL('../../local/functions-host/main.ts', import.meta.url))

let azurite: Azurite
beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

let folder: ReturnType<typeof temporaryFolder>
let record: string
const started: ChildProcess[] = []
beforeEach(() => {
  folder = temporaryFolder()
  record = join(folder.path, 'record')
})
afterEach(async () => {
  for (const child of started.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  folder.remove()
})

interface Program {
  child: ChildProcess
  output: () => string
  ended: Promise<{ code: number | null; signal: string | null }>
}

function run(args: string[], env: Record<string, string> = {}): Program {
  const child = fork(program, args, {
    execArgv: [],
    env: {
      PATH: process.env['PATH'],
      AzureWebJobsStorage: azurite.connectionString,
      AzureWebJobsDisableHomepage: 'true',
      WORK_QUEUE: 'work',
      RECORD: record,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  started.push(child)
  const parts: string[] = []
  child.stdout?.on('data', (part: Buffer) => parts.push(part.toString()))
  child.stderr?.on('data', (part: Buffer) => parts.push(part.toString()))
  return {
    child,
    output: () => parts.join(''),
    // 'close' and not 'exit', so that all of the output is there.
    ended: once(child, 'close').then(([code, signal]) => ({
      code: code as number | null,
      signal: signal as string | null,
    })),
  }
}

interface Ready {
  type: 'ready'
  port: number
  keys: Record<string, string>
  functions: { name: string; kind: string }[]
}

async function ready({ child, output, ended }: Program): Promise<Ready> {
  const message = await Promise.race([once(child, 'message'), ended])
  if (!Array.isArray(message)) throw new Error(output())
  return message[0] as Ready
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  // An orphan that has ended keeps its number until process 1 takes notice, which can be seconds.
  const state = `/proc/${pid}/stat`
  return !existsSync(state) || !/\) Z /.test(readFileSync(state, 'utf8'))
}

function workerPid(): number {
  return readRecord(record, 'start').at(-1)?.['pid'] as number
}

describe('starting', () => {
  it('tells a parent process port, keys and functions, and prints them with the routes', async () => {
    const host = run([appHttp, '--port', '0'], { HOST_MASTER_KEY: 'm', HOST_FUNCTION_KEY: 'f' })
    const message = await ready(host)
    expect(message).toMatchObject({ type: 'ready', keys: { masterKey: 'm', functionKey: 'f' } })
    expect(message.functions).toContainEqual({ name: 'event', kind: 'eventGrid' })
    expect((await ask(message.port, 'GET', '/text')).body).toBe('some text')
    await expect.poll(host.output).toContain(`Ready: http://localhost:${message.port}\n`)
    expect(host.output()).toContain('bitem: [GET] http://localhost:')
    expect(host.output()).toContain('/b/requests/{id}')
    expect(host.output()).toContain('Master key: m')
    expect(host.output()).toContain(`Event Grid key: ${message.keys['eventGridKey'] ?? ''}`)
  })

  it('goes on where nobody reads its output any more', async () => {
    const host = run([appHttp, '--port', '0'])
    host.child.stdout?.destroy()
    const { port } = await ready(host)
    expect((await ask(port, 'GET', '/text')).body).toBe('some text')
  })

  it('makes a keys file for its owner only, and uses it the next time', async () => {
    const file = join(folder.path, 'made', 'keys.json')
    const first = run([appHttp, '--port', '0', '--keys', file])
    const { keys } = await ready(first)
    first.child.kill('SIGTERM')
    await first.ended
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(keys)
    const second = run([appHttp, '--port', '0', '--keys', file], { HOST_EVENT_GRID_KEY: 'other' })
    expect((await ready(second)).keys).toEqual({ ...keys, eventGridKey: 'other' })
  })

  it('explains itself with --help', async () => {
    const host = run(['--help'])
    expect(await host.ended).toMatchObject({ code: 0 })
    expect(host.output()).toContain('npm run host -- <app folder> [--port N] [--keys FILE]')
  })

  it('says in one sentence that the port is taken, with exit code 1, and leaves no worker behind', async () => {
    const blocker = createServer().listen(0, '127.0.0.1')
    await once(blocker, 'listening')
    const { port } = blocker.address() as AddressInfo
    const host = run([appStorage, '--port', String(port)])
    const { code } = await host.ended
    blocker.close()
    expect(code).toBe(1)
    expect(host.output()).toBe(`Port ${port} is taken: another program listens there.\n`)
    expect(existsSync(record)).toBe(false)
  })

  it.each([
    [[], 'Expected one app folder, 0 were given'],
    [['/nowhere'], '/nowhere/package.json is missing'],
    [[appHttp, '--port', 'x'], 'The port is "x"'],
    [[appHttp, '--nonsense'], "Unknown option '--nonsense'"],
  ])('refuses the arguments %j', async (args, sentence) => {
    const host = run(args)
    expect(await host.ended).toMatchObject({ code: 1 })
    expect(host.output()).toContain(sentence)
  })

  it('refuses a keys file that holds no keys', async () => {
    const file = join(folder.path, 'keys.json')
    writeFileSync(file, '{"masterKey": 1}')
    const host = run([appHttp, '--port', '0', '--keys', file])
    expect(await host.ended).toMatchObject({ code: 1 })
    expect(host.output()).toBe(`The keys file ${file}: masterKey is 1, expected a text.\n`)
  })
})

describe('stopping', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'by %s takes less than three seconds, runs appTerminate first and lets a second start work',
    async (signal) => {
      const first = run([appStorage, '--port', '0'])
      const { port } = await ready(first)
      const pid = workerPid()
      const began = performance.now()
      // Ctrl+C reaches the worker as well.
      if (signal === 'SIGINT') process.kill(pid, signal)
      first.child.kill(signal)
      expect(await first.ended).toEqual({ code: 0, signal: null })
      expect(performance.now() - began).toBeLessThan(3000)
      expect(readRecord(record, 'terminate')).toEqual([{ kind: 'terminate', started: true }])
      expect(isRunning(pid)).toBe(false)
      const second = run([appStorage, '--port', String(port)])
      expect((await ready(second)).port).toBe(port)
    },
  )

  it('does not wait for a handler that never ends', async () => {
    const host = run([appStorage, '--port', '0'], { WORK_QUEUE: 'endless' })
    const { port, keys } = await ready(host)
    const headers = { 'x-functions-key': keys['masterKey'] ?? '' }
    await ask(port, 'POST', '/admin/functions/worker', { headers, body: '{"input":"{\\"forever\\":true}"}' })
    await recordedAtLeast(record, 'worker', 1)
    const began = performance.now()
    host.child.kill('SIGTERM')
    expect(await host.ended).toEqual({ code: 0, signal: null })
    expect(performance.now() - began).toBeLessThan(3000)
  })

  it('follows when the parent process is gone', async () => {
    const host = run([appStorage, '--port', '0'])
    await ready(host)
    const exit = once(host.child, 'exit')
    host.child.disconnect()
    expect(await exit).toEqual([0, null])
    expect(readRecord(record, 'terminate')).toHaveLength(1)
  })
})

describe('a host that is killed', () => {
  it('takes its worker with it and leaves its message unseen, also for a host started right after', async () => {
    const queue = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient('killed')
    await queue.createIfNotExists()
    await queue.sendMessage(Buffer.from('{"forever":true}').toString('base64'))
    const first = run([appStorage, '--port', '0'], { WORK_QUEUE: 'killed' })
    await ready(first)
    const [seen] = await recordedAtLeast(record, 'worker', 1)
    first.child.kill('SIGKILL')
    await first.ended
    await expect.poll(() => isRunning(workerPid())).toBe(false)

    // It comes back when its ten minutes are over, not before: that is the time the queue was told.
    const { nextVisibleTime } = seen?.['metadata'] as { nextVisibleTime: string }
    expect((Date.parse(nextVisibleTime) - Number(seen?.['at'])) / 1000).toBeCloseTo(600, -1)
    const second = run([appStorage, '--port', '0'], { WORK_QUEUE: 'killed' })
    const { port } = await ready(second)
    await queue.sendMessage(Buffer.from('{"later":true}').toString('base64'))
    const runs = await recordedAtLeast(record, 'worker', 2)
    expect(runs.map(({ message }) => message)).toEqual([{ forever: true }, { later: true }])
    expect((await ask(port, 'GET', '/api/release/x')).status).toBe(200)
  })
})

describe('a worker that is killed', () => {
  it('is started again and answers', async () => {
    const host = run([appStorage, '--port', '0'])
    const { port } = await ready(host)
    process.kill(workerPid(), 'SIGKILL')
    await recordedAtLeast(record, 'start', 2)
    expect((await ask(port, 'GET', '/api/release/x')).status).toBe(200)
    expect(host.child.exitCode).toBeNull()
  })
})
