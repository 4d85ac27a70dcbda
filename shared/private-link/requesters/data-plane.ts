import { asciiLowerCase } from '../../domain/resource-id.ts'
import { type ArmClient, readEndpoint } from '../arm/client.ts'
import { ArmError } from '../arm/error.ts'

/** Address of a service, and the scope of its token. */
export interface DataPlane {
  /** An https address; a template with a placeholder where each requester has an address of its own. */
  readonly endpoint: string
  readonly scope: string
}

/** Makes a client for one address of a data plane, with a token for it. */
export type DataPlaneClient = (endpoint: string) => ArmClient

const hostLabel = /^[a-z0-9-]+$/

/**
 * Puts a resource's name into an address template.
 * @throws ArmError when the name could change the address: names in it must be plain DNS labels.
 */
export function fillTemplate(template: string, placeholder: string, resourceName: string): string {
  const name = asciiLowerCase(resourceName)
  if (!hostLabel.test(name)) {
    throw new ArmError(0, 'NameNotUsable', `The name "${name}" is not one a host name can hold.`)
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

/** The address of a path under an endpoint, which may end in a slash. */
export function addressOf(endpoint: string, path: string): string {
  return `${endpoint.replace(/\/$/, '')}${path}`
}
