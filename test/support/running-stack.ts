import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { TableClient } from '@azure/data-tables'
import { tableNames } from '../../shared/config/table-names.ts'
import type { LogEntry } from '../../shared/domain/log-entry.ts'
import { type ChainedEntry, Ledger } from '../../shared/ledger/ledger.ts'
import { GuardedTable } from '../../shared/storage/guarded-table.ts'
import { type Stack, startStack } from '../../local/stack.ts'
import { type Clients, clientsOf } from '../../local/tour/clients.ts'
import { nameOf, type Places, placesOf } from '../../local/tour/places.ts'

/** A write as the simulated Azure logged it. */
export interface LoggedWrite {
  readonly time: string
  readonly path: string
  readonly status: number
  readonly clientId: string | null
}

/** A stack of a test's own on free ports, and the calls that tests make on it. */
export interface RunningStack {
  readonly stack: Stack
  readonly clients: Clients
  readonly places: Places
  readonly allowList: TableClient
  table(name: string): TableClient
  /** The rows of a table. */
  rows<Row extends object = Record<string, unknown>>(table: string, filter?: string): Promise<Row[]>
  /** Runs a timer's function now, as an operator does. */
  runTimer(name: string): Promise<void>
  /** The log of the last two days, oldest first. */
  log(): Promise<LogEntry[]>
  /** The facts of the lines with that metric which the function app wrote so far, oldest first. */
  linesOf(metric: string): Promise<Record<string, unknown>[]>
  /** Calls the simulated Azure's control interface. */
  control(method: string, path: string, body?: unknown): Promise<unknown>
  /** Writes that reached ARM for connections, as the simulated Azure logged them. */
  connectionWrites(target: string): Promise<LoggedWrite[]>
  stop(): Promise<void>
}

/** Leases, passes and timers run faster, so that tests wait less. */
export const fastClocks = { REVIEW_SPEED: '5' }

/** Starts a stack on the app that was built for the tests. */
export async function runStack(
  appFolder: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<RunningStack> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'approver-stack-'))
  const stack = await startStack({
    ports: { functionsApp: 0, azure: 0, storage: 0, inbox: { page: 0, receivers: 0, smtp: 0 } },
    stateFolder,
    persist: false,
    appFolder,
    settings: { ...fastClocks, ...settings },
  })
  const table = (name: string) =>
    TableClient.fromConnectionString(stack.storage, name, { allowInsecureConnection: true })
  const ledger = new Ledger(
    new GuardedTable(table(tableNames.requests)),
    new GuardedTable(table(tableNames.requestIndex)),
    (problem) => {
      throw problem
    },
  )
  const control = async (method: string, path: string, body?: unknown) =>
    (await stack.rest.send(method, `/_simulator/${path}`, body)).body
  return {
    stack,
    clients: clientsOf(stack.rest),
    places: placesOf('test'),
    allowList: table(tableNames.allowList),
    table,
    rows: <Row extends object>(name: string, filter = '') =>
      Array.fromAsync(table(name).listEntities<Row>({ queryOptions: { filter } })),
    async runTimer(name) {
      const { origin, keys } = stack.functionsApp()
      const { status } = await fetch(`${origin}/admin/functions/${name}`, {
        method: 'POST',
        headers: { 'x-functions-key': keys.masterKey, 'content-type': 'application/json' },
        body: '{}',
      })
      if (status !== 202) throw new Error(`The host responded ${status} when ${name} was to run.`)
    },
    async log() {
      const day = (back: number) => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10)
      const entries: ChainedEntry[] = await Array.fromAsync(ledger.entries(day(1), day(0)))
      return entries.map(({ entry }) => entry)
    },
    async linesOf(metric) {
      const lines = (await readFile(join(stateFolder, 'functions-app.log'), 'utf8')).split('\n')
      return lines
        .filter((line) => line.includes(`{"metric":"${metric}"`) && line.endsWith('}'))
        .map((line) => JSON.parse(line.slice(line.indexOf('{"metric"'))) as Record<string, unknown>)
    },
    control,
    async connectionWrites(target) {
      const path = encodeURIComponent(`/${nameOf(target)}/privateEndpointConnections/`)
      const { value } = (await control('GET', `requests?method=PUT&path=${path}`)) as {
        value: LoggedWrite[]
      }
      return value
    },
    async stop() {
      await stack.stop()
      await rm(stateFolder, { recursive: true, force: true })
    },
  }
}

/**
 * Waits until something is so, and gives back what it found.
 * @throws Error with the last thing seen when it does not become so in time.
 */
export async function until<T>(
  seconds: number,
  read: () => Promise<T>,
  isSo: (seen: T) => boolean,
): Promise<T> {
  const giveUpAt = Date.now() + seconds * 1000
  for (;;) {
    const seen = await read()
    if (isSo(seen)) return seen
    if (Date.now() > giveUpAt)
      throw new Error(`Not so after ${seconds} s; last seen: ${JSON.stringify(seen)}`)
    await wait(50)
  }
}
