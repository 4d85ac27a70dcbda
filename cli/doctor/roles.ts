import { z } from 'zod'
import { asciiLowerCase, parseResourceId, type ResourceId } from '../../shared/domain/resource-id.ts'
import type { ArmClient } from '../../shared/private-link/arm-client.ts'
import { resourcesOfTypes, typesInGraph } from '../../shared/private-link/graph-queries.ts'
import { searchGraph } from '../../shared/private-link/resource-graph.ts'
import { customRole } from '../../shared/private-link/resource-types/custom-role.ts'
import { listsOfType } from '../../shared/private-link/resource-types/table.ts'
import { counted } from '../words.ts'
import { fail, type Identity, type Look, type Outcome, pass, type Subscription, warn } from './check.ts'
import { grantCommand } from './grant.ts'

const apiVersion = '2022-04-01'
const mostGroups = 25
const mostNamed = 6

const permission = z.object({
  actions: z.array(z.string()).nullish(),
  notActions: z.array(z.string()).nullish(),
})
type Permission = z.infer<typeof permission>

/** What the identity may do at each subscription, against what reviewing the targets there takes. */
export const permissionsLook: Look = async ({ arm: armOf, subscriptions, whoAmI }) => {
  const arm = await armOf()
  const { rows, cutOff } = await searchGraph(
    arm,
    resourcesOfTypes([...typesInGraph(true), ...typesInGraph(false)]),
  )
  const targets = rows.flatMap(({ id }) => parseResourceId(id) ?? [])
  const who = await whoAmI()
  const outcomes = await Promise.all(
    (await subscriptions()).map(async (subscription) => {
      const here = targets.filter(({ subscriptionId }) => subscriptionId === subscription.id)
      return await outcomeAt(arm, subscription, here, who)
    }),
  )
  return cutOff
    ? [...outcomes, warn('Not every target was looked at: Resource Graph did not show all.')]
    : outcomes
}

async function outcomeAt(
  arm: ArmClient,
  { id, name }: Subscription,
  targets: readonly ResourceId[],
  who: Identity,
): Promise<Outcome> {
  const subject = name || id
  const types = [...new Set(targets.map(({ type }) => asciiLowerCase(type)))]
  const needed = customRole(types.flatMap(listsOfType)).Actions
  const missing = missingOf(needed, await permissionsAt(arm, `/subscriptions/${id}`))
  if (missing.length === 0) {
    const what =
      types.length === 0
        ? 'No targets are seen there; what asking requesters takes is allowed'
        : `All that ${counted(types.length, 'type')} of targets take there is allowed`
    return pass(`${what}.`, subject)
  }
  const mend = [
    'npm run --silent resource-types -- --permissions > role.json',
    'az role definition create --role-definition role.json',
    grantCommand(who, 'Private Endpoint Approver', id),
  ].join(' && ')
  const still = await missingInGroups(arm, id, targets, missing)
  if (still.length === 0) {
    return pass('All is allowed in the resource groups that hold targets.', subject)
  }
  const seen = `Missing there: ${still.slice(0, mostNamed).join(', ')}${still.length > mostNamed ? ` and ${still.length - mostNamed} more` : ''}. Rights on single resources are not seen here.`
  return targets.length === 0 ? warn(seen, mend, subject) : fail(seen, mend, subject)
}

/** Rights may be given on the groups that hold targets: what is missing in any of them. */
async function missingInGroups(
  arm: ArmClient,
  subscriptionId: string,
  targets: readonly ResourceId[],
  missing: readonly string[],
): Promise<readonly string[]> {
  const groups = [...Map.groupBy(targets, ({ resourceGroup }) => asciiLowerCase(resourceGroup)).keys()]
  if (groups.length === 0 || groups.length > mostGroups) return missing
  const found = await Promise.all(
    groups.map(async (group) => {
      const scope = `/subscriptions/${subscriptionId}/resourceGroups/${group}`
      const types = targets
        .filter(({ resourceGroup }) => asciiLowerCase(resourceGroup) === group)
        .flatMap(({ type }) => listsOfType(type))
      const neededHere = customRole(types).Actions.filter((action) => missing.includes(action))
      return missingOf(neededHere, await permissionsAt(arm, scope))
    }),
  )
  return [...new Set(found.flat())]
}

async function permissionsAt(arm: ArmClient, scope: string): Promise<readonly Permission[]> {
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

/** `*` stands for any characters, slashes included. */
function covers(pattern: string, action: string): boolean {
  const parts = asciiLowerCase(pattern)
    .split('*')
    .map((part) => part.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.*')}$`).test(asciiLowerCase(action))
}
