import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { eventually } from './support.ts'

const program = path.join(import.meta.dirname, '../../local/azure/main.ts')

interface Running {
  readonly child: ChildProcess
  readonly output: () => string
  readonly ended: Promise<number | null>
}

let folder: string
let running: Running[]
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'simulated-azure-main-'))
  running = []
})
afterEach(async () => {
  for (const { child } of running) child.kill('SIGKILL')
  await Promise.all(running.map(({ ended }) => ended))
  rmSync(folder, { recursive: true, force: true })
})

function run(...args: string[]): Running {
  const child = spawn(process.execPath, [program, '--state', folder, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (text += part.toString()))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const started = { child, output: () => text, ended }
  running.push(started)
  return started
}

function portOf({ output }: Running): Promise<string> {
  return eventually(() => /https:\/\/localhost:(\d+)/.exec(output())?.[1], 15_000)
}

describe('The program', () => {
  test('says where it listens and what to trust, and ends with 0 at Ctrl-C', async () => {
    const first = run('--port', '0')
    await portOf(first)
    expect(first.output()).toContain(path.join(folder, 'ca.pem'))
    first.child.kill('SIGINT')
    expect(await first.ended).toBe(0)
  })

  test('says that a port is taken, names it, and ends with 1', async () => {
    const port = await portOf(run('--port', '0'))
    const second = run('--port', port)
    expect(await second.ended).toBe(1)
    expect(second.output()).toContain(`Port ${port} is taken`)
  })

  test('refuses a port that is none', async () => {
    const wrong = run('--port', 'https')
    expect(await wrong.ended).toBe(2)
    expect(wrong.output()).toContain('--port is "https"')
  })
})
