import { z } from 'zod'
import { printable, printableName } from '../../shared/domain/printable.ts'
import type { ArmClient } from '../../shared/private-link/arm/client.ts'
import { fail, type CheckRun, pass, type Subscription } from './check.ts'
import { grantCommand } from './grant.ts'

const listed = z.object({ subscriptionId: z.string(), displayName: z.string().optional().catch(undefined) })
const maxNamed = 10

/** Subscriptions that the identity may read, those named with --subscription only where there are any. */
export async function readableSubscriptions(
  arm: ArmClient,
  only: readonly string[] = [],
): Promise<readonly Subscription[]> {
  const items = await arm.list('/subscriptions', '2022-12-01')
  const expected = only.map((id) => id.toLowerCase())
  return items
    .flatMap((item) => {
      const read = listed.safeParse(item)
      return read.success ? [read.data] : []
    })
    .map(({ subscriptionId, displayName }) => ({ id: subscriptionId.toLowerCase(), name: displayName ?? '' }))
    .filter(({ id }) => expected.length === 0 || expected.includes(id))
}

/** Without a subscription nothing is ever found. */
export const checkSubscriptions: CheckRun = async ({ subscriptions, whoAmI, run }) => {
  const found = await subscriptions()
  const expected = run.options.subscription ?? []
  const missing = expected.filter((id) => !found.some((one) => one.id === id.toLowerCase()))
  const command = (id: string) => whoAmI().then((who) => grantCommand(who, 'Reader', id))
  if (missing.length > 0) {
    return await Promise.all(
      missing.map(async (id) => fail('It may not be read.', await command(id), printable(id))),
    )
  }
  if (found.length === 0) return fail('No subscription may be read.', await command('<subscription>'))
  const names = found.slice(0, maxNamed).map(({ id, name }) => `${printableName(name)} (${printable(id)})`)
  const more = found.length > maxNamed ? ` and ${found.length - maxNamed} more` : ''
  return pass(`${found.length} may be read: ${names.join(', ')}${more}.`)
}
