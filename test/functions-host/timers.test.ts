import { BlobServiceClient } from '@azure/storage-blob'
import type { ContainerClient } from '@azure/storage-blob'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseSchedule } from '../../local/functions-host/timers/schedule.ts'
import type { Azurite } from '../support/azurite.ts'
import { startAzurite } from '../support/azurite.ts'
import { appTimers, startOwnHost, startTestHost } from './support.ts'
import type { TestHost } from './support.ts'

let azurite: Azurite
let container: ContainerClient
let host: TestHost

beforeAll(async () => {
  azurite = await startAzurite()
  container = BlobServiceClient.fromConnectionString(azurite.connectionString).getContainerClient(
    'azure-webjobs-hosts',
  )
  host = await start()
})
afterAll(async () => {
  await host.stop()
  await azurite.stop()
})

function start(): Promise<TestHost> {
  return startTestHost({
    appFolder: appTimers,
    env: { AzureWebJobsStorage: azurite.connectionString, INTERVAL: '00:00:01' },
  })
}

interface Timer {
  schedule: { adjustForDST: boolean }
  scheduleStatus: { last: string; next: string; lastUpdated: string } | null
  isPastDue: boolean
}

async function firstTimer(name: string): Promise<Timer> {
  return (await host.seenAtLeast(name, 1))[0]?.['timer'] as Timer
}

async function statusBlob(name: string): Promise<string | undefined> {
  if (!(await container.exists())) return undefined
  for await (const blob of container.listBlobsFlat({ prefix: 'timers/' })) {
    if (blob.name.endsWith(`.${name}/status`)) return blob.name
  }
  return undefined
}

async function readStatus(name: string): Promise<Record<string, string>> {
  const blob = container.getBlockBlobClient((await statusBlob(name)) ?? '')
  return JSON.parse((await blob.downloadToBuffer()).toString()) as Record<string, string>
}

function nextAtThree(): string {
  const next = new Date()
  next.setUTCHours(3, 0, 0, 0)
  if (next <= new Date()) next.setUTCDate(next.getUTCDate() + 1)
  return next.toISOString().replace('Z', '+00:00')
}

describe('a timer trigger', () => {
  it('runs by its schedule of seconds or by its interval', async () => {
    await host.seenAtLeast('every-second', 2)
    await host.seenAtLeast('interval', 2)
  })

  it('gives a schedule of less than a minute no status; only calendars follow daylight saving', async () => {
    expect(await firstTimer('every-second')).toEqual({
      schedule: { adjustForDST: true },
      scheduleStatus: null,
      isPastDue: false,
    })
    expect((await firstTimer('interval')).schedule).toEqual({ adjustForDST: false })
  })

  it('run by hand gets its status, last in the year 1 before the first run', async () => {
    await expect.poll(() => statusBlob('nightly')).toBeDefined()
    const headers = { 'x-functions-key': 'master' }
    expect((await host.ask('POST', '/admin/functions/nightly', { headers, body: '{}' })).status).toBe(202)
    const { schedule, scheduleStatus, isPastDue } = await firstTimer('nightly')
    expect({ schedule, isPastDue }).toEqual({ schedule: { adjustForDST: true }, isPastDue: false })
    expect(scheduleStatus).toMatchObject({ last: '0001-01-01T00:00:00+00:00', next: nextAtThree() })
  })

  it('keeps its status in a blob', async () => {
    await expect.poll(() => statusBlob('nightly')).toBeDefined()
    expect(await readStatus('nightly')).toMatchObject({
      Last: '0001-01-01T00:00:00+00:00',
      Next: nextAtThree(),
    })
  })

  it('with runOnStartup runs when the host starts', async () => {
    expect(await firstTimer('at-start')).toMatchObject({ isPastDue: false })
  })

  it('that failed runs again at its next time, not before', async () => {
    await expect
      .poll(() => host.log.filter((line) => line.includes("'Functions.fails-at-start'")))
      .toHaveLength(2)
    await expect.poll(async () => (await readStatus('fails-at-start'))['Next']).toBe(nextAtThree())
  })

  it('missed while the host was down is made up for at the start, with isPastDue', async () => {
    await expect.poll(() => statusBlob('missed')).toBeDefined()
    await host.stop()
    const name = (await statusBlob('missed')) ?? ''
    const missed = JSON.stringify({
      Last: '2026-01-01T03:00:00.000+00:00',
      Next: '2026-01-02T03:00:00.000+00:00',
      LastUpdated: '2026-01-01T03:00:00.000+00:00',
    })
    await container.getBlockBlobClient(name).upload(missed, missed.length)
    host = await start()
    const timer = await firstTimer('missed')
    await expect.poll(async () => (await readStatus('missed'))['Next']).toBe(nextAtThree())
    expect(timer.isPastDue).toBe(true)
    expect(timer.scheduleStatus?.last).toBe('2026-01-01T03:00:00.000+00:00')
  })

  it('of a day does not start without storage, one of seconds does', async () => {
    const other = await startOwnHost({ appFolder: appTimers, env: { INTERVAL: '00:00:01' } })
    await other.seenAtLeast('every-second', 1)
    const log = other.log.join('\n')
    await other.stop()
    expect(log).toContain('nightly: AzureWebJobsStorage is not set: the timer does not start.')
    expect(other.seen('at-start')).toEqual([])
  })

  it('is ended with the worker when it runs longer than functionTimeout', async () => {
    const headers = { 'x-functions-key': 'master' }
    const worker = host.workerPid()
    await host.ask('POST', '/admin/functions/never-ends', { headers, body: '{}' })
    await host.seenAtLeast('never-ends', 1)
    await expect.poll(() => host.workerPid(), { timeout: 10_000 }).not.toBe(worker)
    expect(host.log.join('\n')).toContain('Timeout of function never-ends')
  })
})

describe('a schedule', () => {
  const from = new Date('2026-11-21T08:15:30.500Z')

  it.each([
    ['0 0 3 * * *', '2026-11-22T03:00:00.000Z'],
    ['*/10 * * * * *', '2026-11-21T08:15:40.000Z'],
    ['0 */5 * * * *', '2026-11-21T08:20:00.000Z'],
    ['0 30 9 * JAN MON-FRI', '2027-01-01T09:30:00.000Z'],
    ['*/5 * * * *', '2026-11-21T08:20:00.000Z'],
    ['0 0 0 * * 0', '2026-11-22T00:00:00.000Z'],
    ['0 0 0 * * 7', '2026-11-22T00:00:00.000Z'],
    ['01:30:00', '2026-11-21T09:45:30.500Z'],
  ])('%s comes next at %s', (expression, next) => {
    expect(parseSchedule(expression, 'f').next(from).toISOString()).toBe(next)
  })

  it('with a day of the month and a day of the week wants both', () => {
    expect(parseSchedule('0 0 12 13 * FRI', 'f').next(from).toISOString()).toBe('2027-08-13T12:00:00.000Z')
  })

  it.each([
    '',
    'often',
    '* * *',
    '0 0 25 * * *',
    '0 0 0 L * *',
    '0 0 0 ? * MON',
    '@daily',
    '00:00:00',
    '25:00:00',
  ])('that reads "%s" is refused with the name of the function', (expression) => {
    expect(() => parseSchedule(expression, 'nightly')).toThrow(/^Function "nightly": the schedule/)
  })
})
