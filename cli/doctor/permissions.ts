import { z } from 'zod'
import { asciiLowerCase } from '../../shared/domain/resource-id.ts'
import type { ArmClient } from '../../shared/private-link/arm/client.ts'

const apiVersion = '2022-04-01'

const permission = z.object({
  actions: z.array(z.string()).nullish(),
  notActions: z.array(z.string()).nullish(),
})
export type Permission = z.infer<typeof permission>

/** The caller's permissions at a subscription, a resource group or a resource. @throws ArmError */
export async function permissionsAt(arm: ArmClient, scope: string): Promise<readonly Permission[]> {
  const items = await arm.list(`${scope}/providers/Microsoft.Authorization/permissions`, apiVersion)
  return z.array(permission).parse(items)
}

/** A role grants what its actions cover and its notActions do not; one role that grants is enough. */
export function missingOf(needed: readonly string[], held: readonly Permission[]): readonly string[] {
  const grants = ({ actions, notActions }: Permission, action: string): boolean =>
    (actions ?? []).some((pattern) => covers(pattern, action)) &&
    !(notActions ?? []).some((pattern) => covers(pattern, action))
  return needed.filter((action) => !held.some((one) => grants(one, action)))
}

/** `*` matches any characters, slashes included. */
function covers(pattern: string, action: string): boolean {
  const parts = asciiLowerCase(pattern)
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`).test(asciiLowerCase(action))
}
