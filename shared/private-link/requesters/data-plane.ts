import type { ResourceId } from '../../domain/resource-id.ts'
import { asciiLowerCase } from '../../domain/resource-id.ts'
import { readEndpoint } from '../arm-client.ts'
import type { ArmClient } from '../arm-client.ts'
import { ArmError } from '../arm-error.ts'
import { RequesterNotFound } from './requester-kind.ts'

/** Makes a client for one address of a data plane, with the token that data plane wants. */
export type DataPlaneClient = (endpoint: string) => ArmClient

const hostLabel = /^[a-z0-9-]+$/

/**
 * Puts a resource's name into an address template.
 * @throws ArmError when the name could change the address: names in it must be plain DNS labels.
 */
export function fillTemplate(template: string, placeholder: string, id: ResourceId): string {
  const name = asciiLowerCase(id.name)
  if (!hostLabel.test(name)) {
    throw new ArmError(0, 'NameNotUsable', `The name "${id.name}" is not one a host name can hold.`)
  }
  return template.replace(placeholder, name)
}

/** @throws Error when a template is not an https address with its placeholder in it exactly once. */
export function checkTemplate(template: string, placeholder: string): void {
  if (template.split(placeholder).length !== 2) {
    throw new Error(`The endpoint template "${template}" must hold ${placeholder} exactly once.`)
  }
  readEndpoint(template.replace(placeholder, 'name'))
}

/** @throws RequesterNotFound when ARM says that the resource is gone: its name may belong to somebody else by now. */
export async function mustExist(arm: ArmClient, id: ResourceId, apiVersion: string): Promise<void> {
  try {
    await arm.request('GET', id.id, apiVersion)
  } catch (error) {
    if (error instanceof ArmError && error.status === 404)
      throw new RequesterNotFound(`${id.id} does not exist.`)
    throw error
  }
}

/** The items of a list; none when the data plane answers 404, as it does where there is no managed network. */
export async function listOrNone(
  client: ArmClient,
  path: string,
  apiVersion: string,
): Promise<readonly unknown[]> {
  try {
    return await client.list(path, apiVersion)
  } catch (error) {
    if (error instanceof ArmError && error.status === 404) return []
    throw error
  }
}
