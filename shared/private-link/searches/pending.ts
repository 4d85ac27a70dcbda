import { parseResourceId } from '../../domain/resource-id.ts'
import type { PendingFound, PendingSearched, PendingSearchPort } from '../../ports/azure.ts'
import type { Log } from '../../ports/log.ts'
import type { ArmClient } from '../arm/client.ts'
import { type CutOff, searchGraph } from '../arm/resource-graph.ts'
import { connectionsInStatus, resourcesOfTypes, typesInGraph } from './graph-queries.ts'

const cutOffMessages: Readonly<Record<CutOff['why'], string>> = {
  quota: 'The quota of Resource Graph is used up; the search ends early',
  pages: 'A search of Resource Graph was cut off',
  truncated: 'Resource Graph left out a part of what it found',
  subscriptions: 'Resource Graph looks into the first 10,000 subscriptions only',
}

/**
 * Finds resources with a Pending connection, and resources of types whose connections are not shown, with Azure
 * Resource Graph, over every subscription the identity can read. Absence proves nothing: the graph lags, shows only the
 * first 400 connections of a resource, and nothing that the identity may not read. When the quota is used up, a search
 * ends with partial results; the next one starts from the beginning.
 */
export function createPendingSearch(arm: ArmClient, log: Log): PendingSearchPort {
  return {
    targetsWithPending: () =>
      search(arm, log, connectionsInStatus('Pending', 'connectionId = tostring(pec.id)')),
    targetsNotShown: async () => {
      const { found } = await search(arm, log, resourcesOfTypes(typesInGraph(false)))
      return found.map(({ target }) => target)
    },
  }
}

async function search(arm: ArmClient, log: Log, query: string): Promise<PendingSearched> {
  const { rows, cutOff } = await searchGraph(arm, query)
  const targets = new Map<string, PendingFound>()
  for (const { id, connectionId } of rows) {
    const target = parseResourceId(id)
    if (!target) {
      log.warn('Resource Graph shows a resource whose id cannot be read')
      continue
    }
    const before = targets.get(target.key) ?? { target, connectionIds: [] }
    const connectionIds = [
      ...before.connectionIds,
      ...(typeof connectionId === 'string' ? [connectionId] : []),
    ]
    targets.set(target.key, { ...before, connectionIds })
  }
  if (cutOff) log.warn(cutOffMessages[cutOff.why], { ...cutOff, targets: targets.size })
  return { found: [...targets.values()], isWhole: !cutOff }
}
