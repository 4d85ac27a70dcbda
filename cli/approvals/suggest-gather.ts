import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from '../../shared/domain/connection.ts'
import { parseRequesterId, type RequesterId } from '../../shared/domain/requester-id.ts'
import { claimedRequesterName, claimsToBeOf } from '../../shared/domain/requester-kind.ts'
import { distinct, isGuid, type ResourceId } from '../../shared/domain/resource-id.ts'
import { needsNothing } from '../../shared/domain/route.ts'
import type { PreparedRules } from '../../shared/policy/index.ts'
import { AzureBusy, TargetUnreadable } from '../../shared/ports/azure.ts'
import type { PrivateLink } from '../../shared/private-link/index.ts'
import { countPlaces, nothingElse } from '../../shared/review/counted-places.ts'
import { createTargetContext } from '../../shared/review/target-context.ts'
import { inParallel } from '../../shared/storage/in-parallel.ts'
import { type NotProposed, typesFoundByName } from '../../shared/what-if/suggest-refusals.ts'
import type { Approval } from '../../shared/what-if/suggest.ts'
import { type Io, withProgress } from '../terminal/io.ts'

const atOnce = 6
const maxWaits = 5

/** Everything that is Approved today, as targets, requesters and endpoints report it now. */
export interface Gathered {
  readonly approvals: readonly Approval[]
  readonly unreadable: readonly NotProposed[]
  /** Why there may be more, in sentences. */
  readonly gaps: readonly string[]
}

interface Target {
  readonly id: ResourceId
  readonly live: readonly Connection[]
}

/**
 * Reads every target that shows an Approved connection, or could have one that no search shows, and proves the
 * requester of each.
 * @param rules the context of connections is read as far as these need it.
 * @param others requesters to query besides those that endpoints are named after.
 */
export async function gather(
  link: PrivateLink,
  rules: PreparedRules,
  others: readonly RequesterId[],
  io: Pick<Io, 'progress' | 'signal'>,
): Promise<Gathered> {
  const found = await link.approved.approved()
  const ids = distinct([...found.connections.map(({ target }) => target), ...found.notShown])
  const unreadable: NotProposed[] = []
  const gaps = [...found.gaps]
  const targets: Target[] = []
  await eachOf(ids, 'Reading targets', io, async (id) => {
    const live = await listOrReason(link, id, io.signal)
    if (live.connections.length > 0) targets.push({ id, live: live.connections })
    if (live.why === undefined) return
    const shown = found.connections.filter(({ target }) => target.key === id.key)
    const isSeen = (one: Connection) => live.connections.some((listed) => listed.id.key === one.id.key)
    for (const connection of shown.filter((one) => !isSeen(one))) {
      unreadable.push({ connection, kind: 'unreadable', why: live.why })
    }
    if (shown.length === 0) gaps.push(live.why)
  })
  const named = await candidatesFor(
    link,
    targets.flatMap(({ live }) => live.filter(isApproved)),
  )
  const candidates = distinct([...named.ids, ...others])
  const approvals: Approval[] = []
  await eachOf(targets, 'Asking requesters', io, async (target) => {
    approvals.push(...(await approvalsOf(link, rules, target, candidates, others, io.signal)))
  })
  return { approvals, unreadable, gaps: [...gaps, ...named.gaps] }
}

/** Requesters that endpoints are named after. Such a name proves nothing; it only selects whom to query. */
async function candidatesFor(
  link: PrivateLink,
  connections: readonly Connection[],
): Promise<{ readonly ids: readonly RequesterId[]; readonly gaps: readonly string[] }> {
  const claimed = connections.flatMap(({ endpoint }) => (endpoint && claimedRequesterName(endpoint)) || [])
  const names = [...new Set(claimed)]
  const { ids, gaps } = await link.approved.resourcesNamed(typesFoundByName, names)
  const workspaces = names
    .filter(isGuid)
    .flatMap((name) => parseRequesterId(`/fabric/workspaces/${name}`) ?? [])
  return { ids: [...ids, ...workspaces], gaps }
}

async function approvalsOf(
  link: PrivateLink,
  rules: PreparedRules,
  { id, live }: Target,
  candidates: readonly RequesterId[],
  others: readonly RequesterId[],
  signal: AbortSignal,
): Promise<readonly Approval[]> {
  const prover = link.proofs.forPass(live)
  const { taken } = countPlaces(live, nothingElse, new Date())
  const targetContext = createTargetContext(link.context, id, {
    places: { counted: () => Promise.resolve(taken) },
    routeNeeds: () => Promise.resolve(needsNothing),
  })
  const owner = await link.tenants.ownerOf(id.subscriptionId)
  const approvals: Approval[] = []
  for (const connection of live.filter(isApproved)) {
    const { endpoint } = connection
    const claimed = candidates.filter((one) => endpoint && claimsToBeOf(endpoint, one))
    const proof = await withBackoff(() => prover.prove(connection, distinct([...claimed, ...others])), signal)
    const { context } = await withBackoff(() => targetContext.around(rules, connection, proof), signal)
    const ownTenantId = 'tenantId' in owner ? owner.tenantId : undefined
    approvals.push({ facts: { connection, proof, context }, ownTenantId })
  }
  return approvals
}

function isApproved({ status }: Connection): boolean {
  return status === 'Approved'
}

async function listOrReason(
  link: PrivateLink,
  target: ResourceId,
  signal: AbortSignal,
): Promise<{ readonly connections: readonly Connection[]; readonly why?: string }> {
  try {
    const listed = await withBackoff(() => link.connections.list(target), signal)
    return listed.kind === 'whole' ? listed : { connections: listed.connections, why: listed.problem }
  } catch (error) {
    signal.throwIfAborted()
    if (error instanceof TargetUnreadable) return { connections: [], why: error.message }
    const why = error instanceof Error ? error.message : String(error)
    return { connections: [], why: `The connections of ${target.key} could not be read: ${why}` }
  }
}

/** Waits as long as Azure asks, a few times. */
async function withBackoff<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof AzureBusy) || waits === maxWaits) throw error
      await sleep(error.afterSeconds * 1000, undefined, { signal })
    }
  }
}

/** Does the work for each, with a bar. */
async function eachOf<T>(
  items: readonly T[],
  label: string,
  io: Pick<Io, 'progress' | 'signal'>,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let done = 0
  await withProgress(io, label, items.length, (bar) =>
    inParallel(items, atOnce, async (item) => {
      io.signal.throwIfAborted()
      await work(item)
      bar.at((done += 1))
    }),
  )
}
