import { askAsFactory, type SentRequest } from '../../local/tour/requests.ts'
import type { LogEntry } from '../../shared/domain/log-entry.ts'
import { spokenState } from '../../shared/domain/spoken-state.ts'
import { type RunningStack, until } from './running-stack.ts'

/** Creates the sales factory, which asks for the lakes. */
export async function createSalesFactory({ clients, places }: RunningStack): Promise<void> {
  await clients.arm('PUT', places.salesFactory, '2018-06-01', { location: 'westeurope', properties: {} })
}

/** Creates a storage account to be asked for. */
export async function createLake(
  { clients }: RunningStack,
  target: string,
  tags: Readonly<Record<string, string>> = {},
): Promise<void> {
  await clients.arm('PUT', target, '2024-01-01', {
    location: 'westeurope',
    kind: 'StorageV2',
    sku: { name: 'Standard_LRS' },
    tags,
    properties: {},
  })
}

/** The sales factory asks for the blobs of a lake by a managed endpoint of that name. */
export function askForLake(
  { clients, places }: RunningStack,
  target: string,
  name: string,
): Promise<SentRequest> {
  return askAsFactory(clients, {
    factory: places.salesFactory,
    name,
    target,
    groupId: 'blob',
    ending: 'approved',
  })
}

/** What the log holds of a target, oldest first. */
export async function logOf(running: RunningStack, target: string): Promise<LogEntry[]> {
  return (await running.log()).filter(({ subject }) => subject.targetId === target)
}

/** Waits until the last entry about a target has that state, and gives all of them. */
export function untilTargetHas(
  running: RunningStack,
  target: string,
  seconds: number,
  /** As people say it. */
  state: string,
): Promise<LogEntry[]> {
  return until(
    seconds,
    () => logOf(running, target),
    (entries) => {
      const last = entries.at(-1)
      return last !== undefined && spokenState(last.state, last.outcome) === state
    },
  )
}
