import type { Connection } from '../domain/connection.ts'
import { printable } from '../domain/printable.ts'
import type { Proof } from '../domain/proof.ts'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import type { RouteNeeds } from '../domain/route.ts'
import type { Tag } from '../domain/rule.ts'
import type { ManagementGroups, Context } from '../domain/verdict.ts'
import { asksForTargetGroups, factsAskedFor, type PreparedRules } from '../policy/index.ts'
import { AzureFailed, type Learned, type ContextPort } from '../ports/azure.ts'
import type { Places } from './places.ts'

/** Facts around one connection, as far as the rules need them. */
export interface Around {
  readonly context: Context
  /** What could not be read, and why. */
  readonly problems: readonly string[]
  /** Azure failed at a fact, and may state it later: it is unknown until then, and the verdict may not need it. */
  readonly failure: AzureFailed | undefined
}

type Asked<T> = Learned<T> & { readonly failure?: AzureFailed }

/**
 * Facts around the connections of one target, for one review pass. Each is read once, and only when a rule or a route
 * needs it. What only routes need keeps no request waiting: without it they do not apply.
 */
export interface TargetContext {
  /** Of the target's subscription; undefined when no rule needs them, or they are unknown. */
  targetGroups(rules: PreparedRules): Promise<ManagementGroups | undefined>
  around(rules: PreparedRules, connection: Connection, proof: Proof): Promise<Around>
}

/** What a target's context is made of, beside what Azure states. */
export interface ContextSources {
  readonly places: Pick<Places, 'counted'>
  /** Reads what the routes need. */
  readonly routeNeeds: () => Promise<RouteNeeds>
}

export function createTargetContext(
  port: ContextPort,
  target: ResourceId,
  { places, routeNeeds }: ContextSources,
): TargetContext {
  const groupsAsked = new Map<string, Promise<Asked<ManagementGroups>>>()
  const groupsOver = (subscriptionId: string): Promise<Asked<ManagementGroups>> => {
    const asked = groupsAsked.get(subscriptionId) ?? orFailure(port.groupsOver(subscriptionId))
    groupsAsked.set(subscriptionId, asked)
    return asked
  }
  let tagsAsked: Promise<Asked<readonly Tag[]>> | undefined
  const tagsOf = () => (tagsAsked ??= orFailure(port.tagsOf(target)))
  let needsAsked: Promise<RouteNeeds> | undefined
  const needed = () => (needsAsked ??= routeNeeds())
  const tagsForRoutes = async (): Promise<Asked<readonly Tag[]>> =>
    (await needed()).tags
      ? forRoutes(await tagsOf(), `the tags of ${printable(target.name)}`, 'tag')
      : notAsked
  const groupsForRoutes = async (): Promise<Asked<ManagementGroups>> =>
    (await needed()).managementGroups
      ? forRoutes(
          await groupsOver(target.subscriptionId),
          'the management groups above the target',
          'management group',
        )
      : notAsked

  const learnTargetGroups = async (rules: PreparedRules) =>
    asksForTargetGroups(rules) ? await groupsOver(target.subscriptionId) : notAsked

  return {
    targetGroups: async (rules) => (await learnTargetGroups(rules)).value,
    async around(rules, connection, proof) {
      const groupsForRules = await learnTargetGroups(rules)
      const asked = factsAskedFor(rules, target, groupsForRules.value)
      const requester = proof.level === 'confirmed' ? parseResourceId(proof.requester?.id.id) : undefined
      const groupsOf = (id: ResourceId | undefined) =>
        asked.requesterGroups && id ? groupsOver(id.subscriptionId) : notAsked
      const [targetGroups, targetTags, endpointGroups, requesterGroups, approved] = await Promise.all([
        asksForTargetGroups(rules) ? groupsForRules : groupsForRoutes(),
        asked.targetTags ? tagsOf() : tagsForRoutes(),
        // Managed networks are in Microsoft's subscriptions, under no group of ours.
        proof.isManagedTenant ? notAsked : groupsOf(connection.endpoint),
        groupsOf(requester),
        asked.approved ? places.counted() : undefined,
      ])
      const facts = [targetGroups, targetTags, endpointGroups, requesterGroups]
      return {
        context: {
          targetTags: targetTags.value,
          targetGroups: targetGroups.value,
          endpointGroups: endpointGroups.value,
          requesterGroups: requesterGroups.value,
          approved,
        },
        problems: facts.flatMap(({ problem }) => problem ?? []),
        failure: facts.find(({ failure }) => failure)?.failure,
      }
    },
  }
}

const notAsked: Asked<never> = { value: undefined, problem: undefined }

/** A fact that only routes need: a failure is no reason to wait. @param what begins the sentence about it. */
function forRoutes<T>({ value, problem, failure }: Asked<T>, what: string, kind: string): Asked<T> {
  const cause = problem ?? (failure && `${what} could not be read: ${failure.message}`)
  return { value, problem: cause && `${cause}. Routes by ${kind} do not apply to this request` }
}

async function orFailure<T>(asking: Promise<Learned<T>>): Promise<Asked<T>> {
  try {
    return await asking
  } catch (error) {
    if (!(error instanceof AzureFailed)) throw error
    return { ...notAsked, failure: error }
  }
}
