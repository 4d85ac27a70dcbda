import type { Askers } from '../../domain/askers.ts'
import { printableName } from '../../domain/printable.ts'
import type { AskersPort } from '../../ports/askers.ts'
import type { ArmClient } from '../arm/client.ts'
import { ArmError } from '../arm/error.ts'
import { listBudget } from '../arm/pages.ts'
import { type Claims, writesOf } from './activity-log.ts'
import { whatAsks, type Written } from './what-asks.ts'
import { whyLasting } from './why-lasting.ts'
import { writerOf } from './writer.ts'

export interface AskersOptions {
  readonly arm: ArmClient
  /** Tenant in which people sign in: object ids of another one name nobody here. Undefined: any tenant counts. */
  readonly ownTenantId: string | undefined
  readonly now: () => Date
}

const permission = 'Microsoft.Insights/eventtypes/values/read'

/**
 * Finds the people who asked in the Activity Log of Azure: those who wrote the ordinary endpoint, or the managed endpoint
 * at its requester, within the 90 days that the log keeps. Only people count, by the object id of their token. Nothing is
 * stored.
 */
export function createAskers({ arm, ownTenantId, now }: AskersOptions): AskersPort {
  return {
    async askersOf(connection, proof) {
      const asking = await whatAsks(arm, connection, proof)
      if ('why' in asking) return unknown(asking.why)
      const [{ resource }] = asking.written
      try {
        const claims = await claimsOf(asking.written)
        return summary(printableName(resource.name), claims, ownTenantId)
      } catch (error) {
        const why = whyLasting(error)
        const isRefused = error instanceof ArmError && error.status === 403
        const said = isRefused ? `the identity of this app needs ${permission} there (${why})` : why
        return unknown(`The Activity Log of subscription ${resource.subscriptionId} cannot be read: ${said}.`)
      }
    },
  }

  async function claimsOf(written: readonly Written[]): Promise<readonly Claims[]> {
    const budget = listBudget()
    const writes = await Promise.all(written.map((one) => writesOf(arm, one, now(), budget)))
    return writes.flat()
  }
}

/** @param name of what was written, printable. */
function summary(name: string, writes: readonly Claims[], ownTenantId: string | undefined): Askers {
  const writers = writes.map((claims) => writerOf(claims, ownTenantId))
  const people = new Set(writers.flatMap((writer) => (writer.kind === 'person' ? [writer.objectId] : [])))
  if (people.size > 0) return { kind: 'known', people: [...people].toSorted() }
  if (writers.length === 0)
    return unknown(
      `The Activity Log shows nobody yet who wrote ${name}; it lags by some minutes, and keeps 90 days.`,
    )
  return unknown(
    writers.every(({ kind }) => kind === 'application')
      ? `The Activity Log shows only applications that wrote ${name}, and no person.`
      : `The Activity Log shows that ${name} was written, but not which person of this tenant wrote it.`,
  )
}

function unknown(why: string): Askers {
  return { kind: 'unknown', why }
}
