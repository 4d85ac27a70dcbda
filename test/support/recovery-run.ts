import { liveConnection } from '../../local/tour/watch.ts'
import { untilRulesAreKnown } from '../../local/tour/known-rules.ts'
import { askForLake, createLake, createSalesFactory, logOf, untilTargetHas } from './lake-requests.ts'
import { runStack, until } from './running-stack.ts'

/** How many hosts share the app's storage when the one that works, and runs the timers, is killed. */
export const hostCounts = { 'one host': 1, 'two hosts': 2 } as const

/** Below this a crash must be recovered from. */
export const maxRecoverySeconds = 60

export interface Recovery {
  /** From the kill until the decision is on the connection and its result in the log. */
  readonly seconds: number
  /** The kinds of the entries, in order. */
  readonly log: readonly string[]
  readonly status: string | undefined
  readonly writes: number
}

/**
 * Kills a host between the intent and the write to Azure, by the real clock, and measures how long the request takes
 * from there. The only host is started again at once; of two hosts, the one that is killed has the leases of all timers.
 */
export async function recoverFromKill(
  appFolder: string,
  hosts: keyof typeof hostCounts,
  giveUpAfterSeconds: number,
): Promise<Recovery> {
  const running = await runStack(appFolder, { REVIEW_SPEED: '1' })
  try {
    const { stack, places, allowList } = running
    const target = places.lake
    await createSalesFactory(running)
    await createLake(running, target)
    await allowList.createEntity({
      partitionKey: 'rule',
      rowKey: 'sales',
      effect: 'allow',
      target,
      requester: places.salesFactory,
    })
    await untilRulesAreKnown(running)
    await running.control('POST', 'faults', {
      method: 'PUT',
      path: 'privateEndpointConnections',
      when: 'before',
      holdMs: 'forever',
      times: 1,
    })
    const request = await askForLake(running, target, 'mpe')
    await until(
      30,
      async () => ((await running.control('GET', 'faults')) as { value: unknown[] }).value,
      (left) => left.length === 0,
    )
    if (hostCounts[hosts] === 2) await stack.startAnotherHost()
    const killedAt = performance.now()
    await stack.functionsApp().kill()
    if (hostCounts[hosts] === 1) await stack.restartFunctionsApp()
    await untilTargetHas(running, target, giveUpAfterSeconds, 'approved')
    const seconds = (performance.now() - killedAt) / 1000
    const live = await liveConnection(running.clients, request)
    const writes = await running.connectionWrites(target)
    return {
      seconds,
      log: (await logOf(running, target)).map(({ kind }) => kind),
      status: live?.properties?.privateLinkServiceConnectionState?.status,
      // The write that was under way when its host was killed was not carried out.
      writes: writes.filter(({ status }) => status < 300).length,
    }
  } finally {
    await running.stop()
  }
}
