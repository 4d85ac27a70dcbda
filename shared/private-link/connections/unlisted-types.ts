import { z } from 'zod'
import { asciiLowerCase, isSameName, type ResourceId } from '../../domain/resource-id.ts'
import { TargetUnreadable } from '../../ports/azure.ts'
import type { ArmClient } from '../arm/client.ts'
import { ArmError } from '../arm/error.ts'
import type { Clock } from '../arm/waiting.ts'
import type { ResourceType } from '../resource-types/resource-type.ts'
import { row } from '../resource-types/row.ts'
import { explain } from './unreadable.ts'

const apiVersion = '2021-04-01'
const knownMilliseconds = 3_600_000
const unknownMilliseconds = 60_000
const maxKnown = 500

const provider = z.object({
  resourceTypes: z.array(
    z.object({ resourceType: z.string(), apiVersions: z.array(z.string()).optional().catch(undefined) }),
  ),
})

interface Discovery {
  readonly until: number
  readonly found: Promise<ResourceType>
}

export interface UnlistedTypes {
  /**
   * How to read the connections of a target whose type is not in the table; they are never written.
   * @throws TargetUnreadable when Azure names no list of them, or refuses the query.
   */
  rowFor(target: ResourceId): Promise<ResourceType>
}

/** Asks Azure which versions it has of types that are not in the table, and caches the response. */
export function createUnlistedTypes(arm: ArmClient, clock: Clock): UnlistedTypes {
  const known = new Map<string, Discovery>()

  async function rowFor(target: ResourceId): Promise<ResourceType> {
    const key = `${target.subscriptionId} ${asciiLowerCase(target.type)}`
    const before = known.get(key)
    if (before && before.until > clock.milliseconds()) return await before.found
    const found = discover(target, arm)
    remember(key, found, knownMilliseconds)
    try {
      return await found
    } catch (error) {
      if (error instanceof TargetUnreadable) remember(key, found, unknownMilliseconds)
      else known.delete(key)
      throw error
    }
  }

  function remember(key: string, found: Promise<ResourceType>, milliseconds: number): void {
    known.delete(key)
    known.set(key, { found, until: clock.milliseconds() + milliseconds })
    const [oldest] = known.keys()
    if (known.size > maxKnown && oldest !== undefined) known.delete(oldest)
  }

  return { rowFor }
}

async function discover(target: ResourceId, arm: ArmClient): Promise<ResourceType> {
  const type = asciiLowerCase(target.type)
  const [namespace = ''] = type.split('/')
  const version = newest(await readVersions(target, type, namespace, arm))
  if (version === undefined) throw notOffered(type)
  const notes =
    'Not in the table of resource types: its requests wait for manual review; no decision is applied to them.'
  return row({
    type,
    apiVersion: version,
    writeForm: 'none',
    groupIds: 'unpublished',
    permissions: [`${type}/privateEndpointConnections/read`],
    evidence: 'discovered',
    notes,
  })
}

async function readVersions(
  { subscriptionId }: ResourceId,
  type: string,
  namespace: string,
  arm: ArmClient,
): Promise<readonly string[]> {
  const path = `/subscriptions/${subscriptionId}/providers/${namespace}`
  try {
    const { body } = await arm.request('GET', path, apiVersion)
    const read = provider.safeParse(body)
    if (!read.success) throw new ArmError(0, 'UnreadableResponse', 'The provider names no resource types.')
    const expected = `${type.slice(namespace.length + 1)}/privateEndpointConnections`
    const found = read.data.resourceTypes.find(({ resourceType }) => isSameName(resourceType, expected))
    return found?.apiVersions ?? []
  } catch (error) {
    if (!(error instanceof ArmError)) throw error
    if (error.code === 'InvalidResourceNamespace') throw notOffered(type, error)
    const what = `${notInTable(type)}, and what Azure offers for it cannot be read`
    const permissions = ['Microsoft.Resources/subscriptions/providers/read']
    const asked = { host: arm.host, what, path, apiVersion, subscriptionId, permissions }
    throw explain(error, asked)
  }
}

/** The newest stable version, or the newest preview where there is no stable one. */
function newest(versions: readonly string[]): string | undefined {
  const dated = versions.filter((version) => /^\d{4}-\d{2}-\d{2}(-\w+)?$/.test(version)).sort()
  return dated.findLast((version) => /^[\d-]+$/.test(version)) ?? dated.at(-1)
}

function notOffered(type: string, cause?: ArmError): TargetUnreadable {
  return new TargetUnreadable(`${notInTable(type)}, and Azure names no list of its connections.`, { cause })
}

function notInTable(type: string): string {
  return `${type} is not in the table of resource types`
}
