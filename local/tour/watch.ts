import { setTimeout as wait } from 'node:timers/promises'
import type { LogEntry } from '../../shared/domain/log-entry.ts'
import { parseResourceId } from '../../shared/domain/resource-id.ts'
import { spokenState } from '../../shared/domain/spoken-state.ts'
import type { Ledger } from '../../shared/ledger/ledger.ts'
import { RestCallError } from '../rest.ts'
import type { Clients } from './clients.ts'
import { nameOf } from './places.ts'
import type { Ending, SentRequest } from './requests.ts'

const pollMs = 100

/** How a request actually ended. */
export interface Ended {
  readonly request: SentRequest
  readonly entry: LogEntry | undefined
  /** Status on the target and at the requester, as their own APIs show it at the end. */
  readonly targetStatus: string
  readonly ownStatus: string | undefined
  readonly seconds: number
  /** The difference from what is expected; empty if there is none. */
  readonly problem: string
}

interface LiveConnection {
  readonly id: string
  readonly properties?: {
    readonly privateEndpoint?: { readonly id?: string }
    readonly privateLinkServiceConnectionState?: { readonly status?: string }
  }
}

/** Waits until a request has ended in the decision log, and compares with what Azure shows on both sides. */
export async function watch(
  clients: Clients,
  ledger: Ledger,
  request: SentRequest,
  timeoutMs: number,
): Promise<Ended> {
  const giveUpAt = Date.now() + timeoutMs
  let entry: LogEntry | undefined
  for (;;) {
    entry = await lastEntry(clients, ledger, request)
    if (isOver(entry) || Date.now() > giveUpAt) break
    await wait(pollMs)
  }
  const live = await liveConnection(clients, request)
  const targetStatus = live?.properties?.privateLinkServiceConnectionState?.status ?? 'nothing'
  const ownStatus = await settledOwnStatus(request, targetStatus, giveUpAt)
  const over = isOver(entry) ? entry : undefined
  return {
    request,
    entry: over,
    targetStatus,
    ownStatus,
    seconds: over ? (Date.parse(over.at) - request.sentAt) / 1000 : Number.NaN,
    problem: problemOf(request.ending, over, targetStatus, ownStatus),
  }
}

async function lastEntry(
  clients: Clients,
  ledger: Ledger,
  request: SentRequest,
): Promise<LogEntry | undefined> {
  const id = parseResourceId((await liveConnection(clients, request))?.id)
  return id && (await ledger.read({ kind: 'connection', id }))?.lastEntry
}

function isOver(entry: LogEntry | undefined): boolean {
  return entry !== undefined && entry.state !== 'applying'
}

/** The connection on the target that belongs to the request's endpoint. */
export async function liveConnection(
  clients: Clients,
  { target, endpointName }: Pick<SentRequest, 'target' | 'endpointName'>,
): Promise<LiveConnection | undefined> {
  const lists = [['privateEndpointConnections', connectionVersion(target)]] as [string, string][]
  if (/Microsoft\.Purview/i.test(target))
    lists.push(['ingestionPrivateEndpointConnections', '2024-04-01-preview'])
  for (const [list, apiVersion] of lists) {
    const connections = await listed(clients, `${target}/${list}`, apiVersion)
    const found = connections.find(
      ({ properties }) =>
        nameOf(properties?.privateEndpoint?.id ?? '').toLowerCase() === endpointName.toLowerCase(),
    )
    if (found) return found
  }
  return undefined
}

const connectionVersions: Readonly<Record<string, string>> = {
  'Contoso.Preview/vaults': '2026-01-01',
  'Microsoft.Chaos/privateAccesses': '2026-08-01-preview',
  'Microsoft.EventHub/namespaces': '2024-01-01',
  'Microsoft.KeyVault/vaults': '2023-07-01',
  'Microsoft.Purview/accounts': '2021-12-01',
  'Microsoft.Sql/servers': '2023-08-01',
  'Microsoft.Storage/storageAccounts': '2024-01-01',
}

/** The api-version of a target's connections. Throws for a type that no target of the tour has. */
function connectionVersion(target: string): string {
  const type = parseResourceId(target)?.type ?? ''
  const version = connectionVersions[type]
  if (version !== undefined) return version
  throw new Error(`The tour knows no api-version for the connections of ${target}.`)
}

/** A classic Purview account has no ingestion list and returns an error. */
async function listed(
  clients: Clients,
  path: string,
  apiVersion: string,
): Promise<readonly LiveConnection[]> {
  try {
    const { body } = await clients.arm('GET', path, apiVersion)
    return (body as { value?: LiveConnection[] }).value ?? []
  } catch (error) {
    if (error instanceof RestCallError) return []
    throw error
  }
}

/** The requester's side follows the target a little later. */
async function settledOwnStatus(
  { ownSide }: SentRequest,
  targetStatus: string,
  giveUpAt: number,
): Promise<string | undefined> {
  if (!ownSide) return undefined
  for (;;) {
    const status = await ownSide()
    if (status === targetStatus || Date.now() > giveUpAt) return status
    await wait(pollMs)
  }
}

const expectedStates: Record<Ending, { state: string; live: string }> = {
  approved: { state: spokenState('applied', 'approve'), live: 'Approved' },
  rejected: { state: spokenState('applied', 'reject'), live: 'Rejected' },
  'manual review': { state: spokenState('open', 'escalate'), live: 'Pending' },
}

function problemOf(
  ending: Ending,
  entry: LogEntry | undefined,
  targetStatus: string,
  ownStatus: string | undefined,
): string {
  const expected = expectedStates[ending]
  if (!entry) return `no decision in time; the target shows ${targetStatus}`
  const state = spokenState(entry.state, entry.outcome)
  if (state !== expected.state) return `the log says ${state} instead of ${expected.state}`
  if (targetStatus !== expected.live) return `the target shows ${targetStatus} instead of ${expected.live}`
  if (ownStatus !== undefined && ownStatus !== expected.live) {
    return `the requester's side shows ${ownStatus || 'nothing'} instead of ${expected.live}`
  }
  return ''
}
