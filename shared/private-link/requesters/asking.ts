import type { ArmClient } from '../arm/client.ts'
import { ArmError } from '../arm/error.ts'
import type { ListBudget } from '../arm/pages.ts'
import { z } from 'zod'
import { quoted } from '../../domain/printable.ts'
import type { ManagedKind } from '../../domain/requester-kind.ts'
import type { RequesterId } from '../../domain/requester-id.ts'
import { healthOf, statedText } from './health.ts'
import { DataPlaneRefused, RequesterNotFound, RequesterUnfit } from './requester-api.ts'

/** The items of a list that every requester of the kind has. @throws RequesterNotFound when ARM returns 404. */
export function listOfExisting(
  arm: ArmClient,
  path: string,
  apiVersion: string,
  budget?: ListBudget,
): Promise<readonly unknown[]> {
  return on404(arm.list(path, apiVersion, budget), gone)
}

const resource = z.object({
  properties: z
    .object({
      provisioningState: statedText,
      connectivityEndpoints: z.object({ dev: statedText }).nullish(),
      endpoints: z.object({ scan: statedText }).nullish(),
    })
    .nullish(),
})

/** What a requester's resource in ARM states of itself. */
type Stated = NonNullable<z.output<typeof resource>['properties']>

/**
 * Reads the resource of a requester.
 * @throws RequesterNotFound when it is gone: its name may have another owner now.
 * @throws RequesterUnfit when it is being deleted, or has failed.
 */
export async function mustBeWell(
  arm: ArmClient,
  kind: ManagedKind,
  { id }: RequesterId,
  apiVersion: string,
): Promise<Stated> {
  const { body } = await on404(arm.request('GET', id, apiVersion), gone)
  const read = resource.safeParse(body)
  if (!read.success)
    throw new ArmError(0, 'UnreadableResponse', 'The requester states something odd of itself.')
  const stated = read.data.properties ?? { provisioningState: undefined }
  const state = stated.provisioningState
  if (healthOf(kind, state) === 'well') return stated
  const how = state === undefined ? 'does not show that it is ready' : `is in the state ${quoted(state)}`
  throw new RequesterUnfit('requester-not-healthy', how)
}

/**
 * Compares the address that a requester states for its service with the one that is asked. One that is not stated fits.
 * @param hosts every form of the host that stands for the asked one.
 * @throws RequesterUnfit when another one is stated.
 */
export function mustBeAt(stated: string | undefined, hosts: readonly string[]): void {
  if (stated === undefined) return
  const host = URL.canParse(stated) ? new URL(stated).host : undefined
  if (host !== undefined && hosts.includes(host)) return
  throw new RequesterUnfit(
    'data-plane-address-differs',
    `states another address of its service (${quoted(stated)}) than the one that is asked`,
  )
}

/** The items of a list of a data plane; none when it returns 404, as it does where there is no managed network. */
export function listOrNone(client: ArmClient, path: string, apiVersion: string): Promise<readonly unknown[]> {
  return sayingRefused(on404(client.list(path, apiVersion), () => []))
}

/** For services that may hide what this app may not read: a 404 does not prove that the resource is gone. */
export function orHidden<T>(response: Promise<T>): Promise<T> {
  return sayingRefused(
    on404(response, () => {
      throw new RequesterNotFound('does not exist, or is hidden from this app')
    }),
  )
}

function gone(): never {
  throw new RequesterNotFound('does not exist')
}

async function on404<T>(response: Promise<T>, instead: () => T): Promise<T> {
  try {
    return await response
  } catch (error) {
    if (error instanceof ArmError && error.status === 404) return instead()
    throw error
  }
}

async function sayingRefused<T>(response: Promise<T>): Promise<T> {
  try {
    return await response
  } catch (error) {
    if (error instanceof ArmError && [401, 403].includes(error.status)) throw new DataPlaneRefused(error)
    throw error
  }
}
