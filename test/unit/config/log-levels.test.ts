import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readHostJson } from '../../../local/functions-host/host-json.ts'
import { createLog } from '../../../local/functions-host/logger.ts'
import type { LogLevel } from '../../../local/functions-host/rpc.ts'

const hostJson: unknown = JSON.parse(readFileSync(new URL('../../../host.json', import.meta.url), 'utf8'))

function isLogged(level: LogLevel, category: string, levels = readHostJson(hostJson).logLevels): boolean {
  const lines: string[] = []
  createLog(levels, (line) => lines.push(line))(level, category, 'x')
  return lines.length > 0
}

describe('the log of the app in Azure', () => {
  // What the SDKs in the host itself say of each of their calls, and of each token.
  const chatter = [
    'Azure.Core',
    'Azure.Core.1',
    'Azure.Identity',
    'Azure.Storage.Blobs',
    'Azure.Storage.Queues',
    'Microsoft.Azure.WebJobs.Hosting.OptionsLoggingService',
    'Microsoft.AspNetCore.Hosting.Diagnostics',
    'Microsoft.Identity.Client',
  ]

  it.each(chatter)('leaves out what %s says, but not its warnings and errors', (category) => {
    expect(isLogged('information', category)).toBe(false)
    expect(isLogged('warning', category)).toBe(true)
    expect(isLogged('error', category)).toBe(true)
  })

  it.each([
    'Function.review.User',
    'Function.review',
    'Host.Startup',
    'Host.Singleton',
    'Worker.rpcWorkerProcess',
  ])('keeps what %s says', (category) => {
    expect(isLogged('information', category)).toBe(true)
  })

  it('leaves out the outcome of each run, unless it failed', () => {
    expect(isLogged('information', 'Host.Results')).toBe(false)
    expect(isLogged('error', 'Host.Results')).toBe(true)
  })
})

describe('a category in host.json', () => {
  it.each([
    ['a category below it', 'Azure', 'Azure.Core'],
    ['one that only begins like it', 'Azure.Core', 'Azure.Core1'],
    ['one in other letters', 'azure.core', 'Azure.Core.1'],
  ])('sets the level of %s, as .NET filters do', (_what, name, category) => {
    expect(isLogged('information', category, { [name]: 'warning' })).toBe(false)
  })
})
