import { asciiLowerCase, parseResourceId, type ResourceId } from '../../shared/domain/resource-id.ts'
import type { ArmClient } from '../../shared/private-link/arm/client.ts'
import { searchGraph } from '../../shared/private-link/arm/resource-graph.ts'
import { customRole, requesterPermissions } from '../../shared/private-link/resource-types/custom-role.ts'
import { listsOfType } from '../../shared/private-link/resource-types/table.ts'
import { resourcesOfTypes, typesInGraph } from '../../shared/private-link/searches/graph-queries.ts'
import { inParallel } from '../../shared/storage/in-parallel.ts'
import { counted } from '../terminal/words.ts'
import { fail, type Identity, type CheckRun, type Outcome, pass, type Subscription, warn } from './check.ts'
import { grantCommand } from './grant.ts'
import { missingOf, permissionsAt } from './permissions.ts'

const maxScopes = 50
const atOnce = 6
const maxNamed = 6

/** What the identity may do at each subscription, against what reviewing the targets there takes. */
export const checkPermissions: CheckRun = async ({ run, subscriptions, whoAmI }) => {
  const arm = await run.connected.arm()
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
    ? [
        ...outcomes,
        warn(
          'Not every target was looked at: Resource Graph did not show all.',
          'private-endpoint-approver doctor --subscription <one at a time>',
        ),
      ]
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
  const fix = [
    'npm run --silent resource-types -- --permissions > role.json',
    'az role definition create --role-definition role.json',
    grantCommand(who, 'Private Endpoint Approver', id),
  ].join(' && ')
  const found = await missingBelow(arm, targets, missing)
  if (found === undefined) {
    const found = `Missing at the subscription: ${list(missing)}. It may be given on resource groups or resources, which are too many to look at one by one.`
    return warn(found, fix, subject)
  }
  if (found.length > 0) return fail(`Missing at targets: ${list(found)}.`, fix, subject)
  const unseen = missing.filter((action) => requesterPermissions.includes(action))
  return unseen.length === 0
    ? pass('All is allowed on the resource groups or resources that are targets.', subject)
    : warn(
        `Missing at the subscription: ${list(unseen)}. It may be given where requesters and endpoints are, which is not seen here.`,
        fix,
        subject,
      )
}

/**
 * Permissions missing at any target; they may be granted on the groups that hold targets, or on targets alone.
 * Permissions for reading requesters are not checked there. Undefined when there are too many places to check.
 */
async function missingBelow(
  arm: ArmClient,
  targets: readonly ResourceId[],
  missing: readonly string[],
): Promise<readonly string[] | undefined> {
  const lacking = missing.filter((action) => !requesterPermissions.includes(action))
  const groups = await stillMissing(arm, Map.groupBy(targets, groupOf), lacking)
  if (groups === undefined) return undefined
  const inLackingGroups = targets.filter((target) => groups.has(groupOf(target)))
  const resources = await stillMissing(
    arm,
    Map.groupBy(inLackingGroups, ({ id }) => id),
    lacking,
  )
  return resources && [...new Set([...resources.values()].flat())]
}

/** Of the scopes those where something is missing that the targets in them take, with what. */
async function stillMissing(
  arm: ArmClient,
  targetsByScope: ReadonlyMap<string, readonly ResourceId[]>,
  lacking: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]> | undefined> {
  if (targetsByScope.size > maxScopes) return undefined
  const found = await inParallel([...targetsByScope], atOnce, async ([scope, targets]) => {
    const { Actions } = customRole(targets.flatMap(({ type }) => listsOfType(type)))
    const needed = Actions.filter((action) => lacking.includes(action))
    const missing = needed.length === 0 ? [] : missingOf(needed, await permissionsAt(arm, scope))
    return [scope, missing] as const
  })
  return new Map(found.filter(([, missing]) => missing.length > 0))
}

function groupOf({ subscriptionId, resourceGroup }: ResourceId): string {
  return asciiLowerCase(`/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`)
}

function list(actions: readonly string[]): string {
  const more = actions.length - maxNamed
  return `${actions.slice(0, maxNamed).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
