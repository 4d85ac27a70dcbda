import type { Connection } from '../../domain/connection.ts'
import { asciiLowerCase, parseResourceId, type ResourceId } from '../../domain/resource-id.ts'
import type { Log } from '../../ports/log.ts'
import type { ArmClient } from '../arm/client.ts'
import { type CutOff, type GraphRow, searchGraph } from '../arm/resource-graph.ts'
import type { Clock } from '../arm/waiting.ts'
import { idOfItem, readConnection } from '../connections/read.ts'
import type { ResourceType } from '../resource-types/resource-type.ts'
import { row } from '../resource-types/row.ts'
import { listsOfType } from '../resource-types/table.ts'
import {
  connectionsInStatus,
  crowdedResources,
  maxConnections,
  resourcesNamed,
  resourcesOfTypes,
  typesInGraph,
} from './graph-queries.ts'

const namesPerQuery = 100

/** What Resource Graph shows as Approved. It lags by seconds to minutes: read from ARM what is acted upon. */
export interface ApprovedFound {
  readonly connections: readonly Connection[]
  /** Targets of types whose connections the graph does not show. */
  readonly notShown: readonly ResourceId[]
  /** Reasons, as sentences, why connections of shown types may be missing; empty when there are none. */
  readonly gaps: readonly string[]
}

export interface NamedFound {
  readonly ids: readonly ResourceId[]
  readonly gaps: readonly string[]
}

export interface ApprovedSearch {
  /** Every Approved connection of every resource that the identity may read. @throws ArmError when it may not search. */
  approved(): Promise<ApprovedFound>
  /** Resources of these types that have one of these names, in any case. @throws ArmError when it may not search. */
  resourcesNamed(types: readonly string[], names: readonly string[]): Promise<NamedFound>
}

/** Finds Approved connections with Azure Resource Graph. Waits when the quota of queries is used up. */
export function createApprovedSearch(arm: ArmClient, log: Log, clock: Clock): ApprovedSearch {
  async function search(query: string): Promise<NamedFound & { readonly rows: readonly GraphRow[] }> {
    const { rows, cutOff } = await searchGraph(arm, query, clock)
    const ids = rows.flatMap(({ id }) => parseResourceId(id) ?? [])
    return { rows, ids, gaps: cutOff ? [gapOf(cutOff)] : [] }
  }

  return {
    async approved() {
      const found = await search(connectionsInStatus('Approved', 'connection = pec'))
      const crowded = await search(crowdedResources(typesInGraph(true)))
      const hidden = await search(resourcesOfTypes(typesInGraph(false)))
      const read = found.rows.map((row) => readRow(row, log))
      const gaps = [...found.gaps, ...crowded.gaps, ...hidden.gaps]
      return {
        connections: read.filter((connection) => connection !== undefined),
        notShown: hidden.ids,
        gaps: [...new Set(gaps), ...oddRows(read), ...crowdedGap(crowded.ids)],
      }
    },
    async resourcesNamed(types, names) {
      const found: NamedFound[] = []
      for (let start = 0; start < names.length; start += namesPerQuery) {
        found.push(await search(resourcesNamed(types, names.slice(start, start + namesPerQuery))))
      }
      return { ids: found.flatMap(({ ids }) => ids), gaps: [...new Set(found.flatMap(({ gaps }) => gaps))] }
    },
  }
}

/** Undefined for a row that is no connection of its resource. */
function readRow({ id, connection }: GraphRow, log: Log): Connection | undefined {
  const target = parseResourceId(id)
  if (!target) return undefined
  const resourceType = rowOfType(target.type)
  const connectionId = idOfItem(connection, target, resourceType)
  return connectionId && readConnection(connection, connectionId, target, resourceType, log)
}

function rowOfType(type: string): ResourceType {
  return listsOfType(type).find(({ list }) => list === 'connections') ?? unlisted(type)
}

/** The row for a type that is not in the table: the defaults. */
function unlisted(type: string): ResourceType {
  return row({ type, apiVersion: '', groupIds: 'unpublished', writeForm: 'none', evidence: 'discovered' })
}

function gapOf(cutOff: CutOff): string {
  switch (cutOff.why) {
    case 'quota':
      return 'The quota of Resource Graph was used up before all was read: ask again in a minute.'
    case 'pages':
      return `Resource Graph had more than ${cutOff.pages} pages; the rest was not read.`
    case 'truncated':
      return 'Resource Graph says that it left out a part of what it found.'
    case 'subscriptions':
      return 'This identity may read more than 10,000 subscriptions; Resource Graph looks into the first 10,000 only.'
  }
}

function oddRows(read: readonly (Connection | undefined)[]): readonly string[] {
  const odd = read.filter((connection) => connection === undefined).length
  return odd === 0 ? [] : [`${odd} of the rows of Resource Graph name no connection that can be read.`]
}

function crowdedGap(ids: readonly ResourceId[]): readonly string[] {
  return ids.map(
    ({ key }) =>
      `${key} has more than ${maxConnections} connections; Resource Graph shows the first ${maxConnections}.`,
  )
}

/** A sentence with the types whose connections Resource Graph does not show; undefined for none. */
export function sayNotShown(ids: readonly ResourceId[]): string | undefined {
  if (ids.length === 0) return undefined
  const byType = Map.groupBy(ids, ({ type }) => asciiLowerCase(type))
  const types = [...byType].map(([type, found]) => `${type} (${found.length})`).sort()
  return `Resource Graph does not show the connections of these types: ${types.join(', ')}.`
}
