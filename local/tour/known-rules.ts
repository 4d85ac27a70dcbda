import { setTimeout as wait } from 'node:timers/promises'
import type { TourWorld } from './world.ts'

const maxWaitMs = 30_000
const betweenMs = 200

/**
 * Waits until the app uses every rule that is in the table now: it caches rules for some seconds.
 * @throws Error with the app's own problems when it takes too long.
 */
export async function untilRulesAreKnown({
  allowList,
  stack,
}: Pick<TourWorld, 'allowList' | 'stack'>): Promise<void> {
  const rows = await Array.fromAsync(
    allowList.listEntities({ queryOptions: { filter: "PartitionKey eq 'rule' and RowKey lt '~'" } }),
  )
  const until = Date.now() + maxWaitMs
  for (;;) {
    const { origin, keys } = stack.functionsApp()
    const response = await fetch(`${origin}/readyz`, { headers: { 'x-functions-key': keys.functionKey } })
    const said = (await response.json()) as { checks?: { allowList?: { rules?: number } } }
    if ((said.checks?.allowList?.rules ?? -1) >= rows.length) return
    if (Date.now() > until) throw new Error(`The app does not know the rules: ${JSON.stringify(said)}`)
    await wait(betweenMs)
  }
}
