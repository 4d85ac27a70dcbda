import type { Connection } from '../domain/connection.ts'
import type { Proof } from '../domain/proof.ts'
import { subjectId } from '../domain/request.ts'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import type { ManagementGroups, Context } from '../domain/verdict.ts'
import { asksForTargetGroups, factsAskedFor, type PreparedRules } from '../policy/index.ts'
import type { RequestRecord } from '../ports/ledger.ts'
import type { Learned, ContextPort } from '../ports/azure.ts'

/** Facts around one connection, as far as the rules need them. */
export interface Around {
  readonly context: Context
  /** What could not be read, and why. */
  readonly problems: readonly string[]
}

/**
 * Facts around the connections of one target, for one review pass. Each is read once, and only when a rule needs it.
 */
export interface TargetContext {
  /** Of the target's subscription; undefined when no rule needs them, or they are unknown. */
  targetGroups(rules: PreparedRules): Promise<ManagementGroups | undefined>
  around(rules: PreparedRules, connection: Connection, proof: Proof): Promise<Around>
  /** Counts a connection as approved from now on, whatever the outcome of the write. */
  countAsApproved(connection: Connection): void
}

/**
 * @param live every connection of the target, as read at the beginning of the pass.
 * @param open unfinished records of the target: connections being approved count as approved.
 */
export function createTargetContext(
  port: ContextPort,
  target: ResourceId,
  live: readonly Connection[],
  open: readonly RequestRecord[],
): TargetContext {
  const approving = new Set(
    open
      .filter(({ request: { state } }) => state.name === 'applying' && state.outcome === 'approve')
      .map(({ request }) => parseResourceId(subjectId(request.subject))?.key),
  )
  const approved = new Map(
    live
      .filter(({ id, status }) => status === 'Approved' || approving.has(id.key))
      .map((connection) => [connection.id.key, connection]),
  )
  const groupsAsked = new Map<string, Promise<Learned<ManagementGroups>>>()
  const groupsOver = (subscriptionId: string): Promise<Learned<ManagementGroups>> => {
    const asked = groupsAsked.get(subscriptionId) ?? port.groupsOver(subscriptionId)
    groupsAsked.set(subscriptionId, asked)
    return asked
  }
  let tagsAsked: ReturnType<ContextPort['tagsOf']> | undefined

  const learnTargetGroups = async (rules: PreparedRules) =>
    asksForTargetGroups(rules) ? await groupsOver(target.subscriptionId) : notAsked

  return {
    targetGroups: async (rules) => (await learnTargetGroups(rules)).value,
    async around(rules, connection, proof) {
      const targetGroups = await learnTargetGroups(rules)
      const asked = factsAskedFor(rules, target, targetGroups.value)
      const requester = proof.level === 'confirmed' ? parseResourceId(proof.requester?.id.id) : undefined
      const groupsOf = (id: ResourceId | undefined) =>
        asked.requesterGroups && id ? groupsOver(id.subscriptionId) : notAsked
      const [targetTags, endpointGroups, requesterGroups] = await Promise.all([
        asked.targetTags ? (tagsAsked ??= port.tagsOf(target)) : notAsked,
        // Managed networks are in Microsoft's subscriptions, under no group of ours.
        proof.isManagedTenant ? notAsked : groupsOf(connection.endpoint),
        groupsOf(requester),
      ])
      return {
        context: {
          targetTags: targetTags.value,
          targetGroups: targetGroups.value,
          endpointGroups: endpointGroups.value,
          requesterGroups: requesterGroups.value,
          approved: [...approved.values()],
        },
        problems: [targetGroups, targetTags, endpointGroups, requesterGroups].flatMap(
          ({ problem }) => problem ?? [],
        ),
      }
    },
    countAsApproved(connection) {
      approved.set(connection.id.key, connection)
    },
  }
}

const notAsked: Learned<never> = { value: undefined, problem: undefined }
