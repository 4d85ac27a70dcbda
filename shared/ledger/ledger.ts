import { odata } from '@azure/data-tables'
import type { LogEntry, Request, RequestState } from '../domain/decision.ts'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import { LedgerConflict, type ConnectionRecord, type LedgerPort, type NewEntry } from '../ports/ledger.ts'
import { chainHash, chainStart } from '../storage/chain.ts'
import { decisionId, keyOf, logRowKey, placeOfDecision } from './keys.ts'
import {
  type GuardedTable,
  numberColumn,
  type Row,
  RowChanged,
  type Step,
  type StoredRow,
  textColumn,
} from '../storage/guarded-table.ts'

const stateRowKey = 'state'
const openStates: readonly RequestState[] = ['escalated', 'approving', 'rejecting']

/** An entry together with its place in the chain, as an auditor reads it. */
export interface ChainedEntry {
  readonly entry: LogEntry
  readonly hash: string
  readonly previousHash: string
}

/**
 * Requests and their log in Table Storage. Everything about one connection is one partition, so that its
 * state and the log entry that explains it change in one transaction. Index rows (by day, by target) live
 * elsewhere and can be derived again.
 */
export class Ledger implements LedgerPort {
  readonly #requests: GuardedTable
  readonly #index: GuardedTable

  constructor(requests: GuardedTable, index: GuardedTable) {
    this.#requests = requests
    this.#index = index
  }

  /** The newest episode of a connection; undefined when it was never seen. */
  async read(connectionId: ResourceId): Promise<ConnectionRecord | undefined> {
    const row = await this.#requests.read(keyOf(connectionId), stateRowKey)
    return row && record(row)
  }

  /** The id the next decision on this connection will have. */
  nextDecisionId(connectionId: ResourceId, before: ConnectionRecord | undefined, episode: number): string {
    return decisionId(connectionId, episode, nextSequence(before))
  }

  /**
   * Writes the new state and the log entry that explains it, both or neither.
   * @throws LedgerConflict when somebody else wrote since `before` was read.
   */
  async write(
    connectionId: ResourceId,
    before: ConnectionRecord | undefined,
    request: Request,
    entry: NewEntry,
  ): Promise<ConnectionRecord> {
    const key = keyOf(connectionId)
    const { targetId, endpointId, episode } = request
    const placed: LogEntry = {
      ...entry,
      sequence: nextSequence(before),
      connectionId: request.connectionId,
      targetId,
      endpointId,
      episode,
    }
    const log = logRow(key, placed, before?.hash ?? chainStart)
    const hash = textOf(log, 'hash')
    const state = stateRow(key, request, placed, hash)
    const isOpen = openStates.includes(request.state)
    if (isOpen) await this.#index.putDerived(targetRow(request, key, true))
    const steps: Step[] = [
      before ? { kind: 'replace', row: state, etag: before.version } : { kind: 'insert', row: state },
      { kind: 'insert', row: log },
    ]
    const version = await this.#commit(steps)
    await this.#index.putDerived(dayRow(log))
    if (!isOpen) await this.#index.putDerived(targetRow(request, key, false))
    return { request, lastEntry: placed, hash, version }
  }

  /** Records of this target that are not settled. */
  async openOn(target: ResourceId): Promise<readonly ConnectionRecord[]> {
    const open: ConnectionRecord[] = []
    for await (const row of this.#index.query(
      odata`PartitionKey eq ${targetPartition(keyOf(target))} and open eq true`,
    )) {
      const id = parseResourceId(row.columns['connectionId'])
      const found = id && (await this.read(id))
      if (found && openStates.includes(found.request.state)) open.push(found)
    }
    return open
  }

  /** Ids of the targets on which a request is not settled, each once. */
  async openTargets(): Promise<readonly string[]> {
    const targets = new Map<string, string>()
    const openRows = odata`PartitionKey ge 'target:' and PartitionKey lt 'target;' and open eq true`
    for await (const row of this.#index.query(openRows)) {
      const partition = textColumn(row, 'partitionKey')
      if (targets.has(partition)) continue
      const id = parseResourceId(row.columns['connectionId'])
      const found = id && (await this.read(id))
      if (found && openStates.includes(found.request.state)) targets.set(partition, found.request.targetId)
    }
    return [...targets.values()]
  }

  /** The newest episode of every connection that was ever seen, in no order that means anything. */
  async *records(): AsyncGenerator<ConnectionRecord> {
    for await (const row of this.#requests.query(odata`RowKey eq ${stateRowKey}`)) yield record(row)
  }

  /** The entry that a decision was logged with; undefined when there is none, or the id cannot be one. */
  async entryOf(decisionId: string): Promise<LogEntry | undefined> {
    const place = placeOfDecision(decisionId)
    if (!place) return undefined
    const { keyStart, rowKey } = place
    const filter = odata`PartitionKey ge ${keyStart} and PartitionKey lt ${`${keyStart}g`} and RowKey eq ${rowKey}`
    for await (const row of this.#requests.query(filter)) {
      const { entry } = chained(row)
      if (entry.decisionId === decisionId) return entry
    }
    return undefined
  }

  /** Log entries of a span of days (UTC, `YYYY-MM-DD`, both included), oldest first. */
  async *entries(fromDay: string, toDay: string): AsyncGenerator<ChainedEntry> {
    for (const day of daysBetween(fromDay, toDay)) {
      for await (const row of this.#index.query(odata`PartitionKey eq ${`day:${day}`}`)) {
        yield chained(row)
      }
    }
  }

  /**
   * Writes the day rows that a crash left out, for connections touched since `since`. Returns how many there
   * were of those.
   */
  async repairIndexes(since: Date): Promise<number> {
    let written = 0
    const touched = odata`RowKey ge 'log:' and RowKey lt 'log;' and Timestamp ge ${since}`
    for await (const row of this.#requests.query(touched)) {
      const derived = dayRow({
        partitionKey: textColumn(row, 'partitionKey'),
        rowKey: textColumn(row, 'rowKey'),
        columns: logColumns(row),
      })
      if (await this.#index.read(derived.partitionKey, derived.rowKey)) continue
      await this.#index.putDerived(derived)
      written += 1
    }
    return written
  }

  /** Returns the version of the state row, which is the first step. */
  async #commit(steps: readonly Step[]): Promise<string> {
    try {
      const [version] = await this.#requests.transaction(steps)
      return version ?? ''
    } catch (error) {
      if (error instanceof RowChanged)
        throw new LedgerConflict('Somebody else wrote first.', { cause: error })
      throw error
    }
  }
}

function nextSequence(before: ConnectionRecord | undefined): number {
  return (before?.lastEntry.sequence ?? 0) + 1
}

function record(row: StoredRow): ConnectionRecord {
  return {
    request: JSON.parse(textColumn(row, 'request')) as Request,
    lastEntry: JSON.parse(textColumn(row, 'lastEntry')) as LogEntry,
    hash: textColumn(row, 'hash'),
    version: row.etag,
  }
}

function stateRow(key: string, request: Request, entry: LogEntry, hash: string): Row {
  return {
    partitionKey: key,
    rowKey: stateRowKey,
    columns: {
      connectionId: request.connectionId,
      state: request.state,
      episode: request.episode,
      sequence: entry.sequence,
      hash,
      request: JSON.stringify(request),
      lastEntry: JSON.stringify(entry),
    },
  }
}

function logRow(key: string, entry: LogEntry, previousHash: string): Row {
  const text = JSON.stringify(entry)
  return {
    partitionKey: key,
    rowKey: logRowKey(entry.sequence),
    columns: {
      at: entry.at,
      kind: entry.kind,
      state: entry.state,
      connectionId: entry.connectionId,
      reason: entry.reason.sentence,
      sequence: entry.sequence,
      entry: text,
      previousHash,
      hash: chainHash(previousHash, text),
    },
  }
}

function logColumns(row: StoredRow): Row['columns'] {
  const texts = ['at', 'kind', 'state', 'connectionId', 'reason', 'entry', 'previousHash', 'hash']
  return {
    ...Object.fromEntries(texts.map((name) => [name, textColumn(row, name)])),
    sequence: numberColumn(row, 'sequence'),
  }
}

function dayRow(log: Row): Row {
  const at = textOf(log, 'at')
  return {
    partitionKey: `day:${at.slice(0, 10)}`,
    rowKey: `${at}:${log.partitionKey}:${log.rowKey}`,
    columns: log.columns,
  }
}

function targetPartition(targetKey: string): string {
  return `target:${targetKey}`
}

/**
 * Written before a request opens and after it is settled: an index row may call something open that is
 * settled, but nothing open is missing.
 */
function targetRow(request: Request, connectionKey: string, open: boolean): Row {
  const target = parseResourceId(request.targetId)
  if (!target) throw new RangeError(`The target id "${request.targetId}" is not an ARM id.`)
  return {
    partitionKey: targetPartition(keyOf(target)),
    rowKey: connectionKey,
    columns: { connectionId: request.connectionId, open },
  }
}

function chained(row: StoredRow): ChainedEntry {
  return {
    entry: JSON.parse(textColumn(row, 'entry')) as LogEntry,
    hash: textColumn(row, 'hash'),
    previousHash: textColumn(row, 'previousHash'),
  }
}

function textOf(row: Row, column: string): string {
  return String(row.columns[column] ?? '')
}

function* daysBetween(fromDay: string, toDay: string): Generator<string> {
  const last = Date.parse(`${toDay}T00:00:00Z`)
  for (let day = Date.parse(`${fromDay}T00:00:00Z`); day <= last; day += 86_400_000) {
    yield new Date(day).toISOString().slice(0, 10)
  }
}
