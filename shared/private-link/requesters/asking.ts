import type { ArmClient } from '../arm/client.ts'
import { ArmError } from '../arm/error.ts'
import { DataPlaneRefused, RequesterNotFound } from './requester-api.ts'

/** The items of a list that every requester of the kind has. @throws RequesterNotFound when ARM returns 404. */
export function listOfExisting(
  arm: ArmClient,
  path: string,
  apiVersion: string,
): Promise<readonly unknown[]> {
  return on404(arm.list(path, apiVersion), gone)
}

/** @throws RequesterNotFound when the resource is gone: its name may have another owner now. */
export async function mustExist(arm: ArmClient, id: string, apiVersion: string): Promise<void> {
  await on404(arm.request('GET', id, apiVersion), gone)
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
