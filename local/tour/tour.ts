import { TableClient } from '@azure/data-tables'
import { GuardedTable } from '../../shared/storage/guarded-table.ts'
import { Ledger } from '../../shared/ledger/ledger.ts'
import { tableNames } from '../../shared/config/table-names.ts'
import type { Stack } from '../stack.ts'
import type { Act } from './act.ts'
import { acts } from './acts.ts'
import { clientsOf } from './clients.ts'
import { placesOf } from './places.ts'
import { prepare } from './prepare.ts'
import type { SentRequest } from './requests.ts'
import { type Ended, watch } from './watch.ts'

/** What the tour reports while it plays. */
export interface TourReport {
  step(line: string): void
  ended(ended: Ended): void
}

const maxWaitMs = 30_000

/**
 * Plays the acts of the requesters' own documents against the running stack. Returns how each request ended; the caller
 * checks `problem`.
 */
export async function playTour(stack: Stack, report: TourReport): Promise<readonly Ended[]> {
  const places = placesOf(Date.now().toString(36).slice(-5))
  const clients = clientsOf(stack.rest)
  const table = (name: string) =>
    TableClient.fromConnectionString(stack.storage, name, { allowInsecureConnection: true })
  const ledger = new Ledger(
    new GuardedTable(table(tableNames.requests)),
    new GuardedTable(table(tableNames.requestIndex)),
    ({ message }) => {
      report.step(`  ${message}`)
    },
  )
  const world = { places, clients, allowList: table(tableNames.allowList), stack, ledger }
  report.step(await prepare(world))

  const all: Ended[] = []
  for (const act of acts) {
    report.step(act.title)
    all.push(...(await playAct(act, world, report)))
  }
  return all
}

async function playAct(
  act: Act,
  world: Parameters<Act['play']>[0],
  report: TourReport,
): Promise<readonly Ended[]> {
  const sent: readonly SentRequest[] = await act.play(world)
  const all = await Promise.all(
    sent.map(async (request) => {
      const ended = await watch(world.clients, world.ledger, request, maxWaitMs)
      report.ended(ended)
      return ended
    }),
  )
  if (!act.check) return all
  const { line, problem } = await act.check(world)
  report.step(`  ${line}`)
  return problem === '' ? all : all.map((ended) => ({ ...ended, problem }))
}
