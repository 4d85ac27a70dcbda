import type { RequesterKind as RequesterKindName } from '../../domain/proof.ts'
import type { ResourceId } from '../../domain/resource-id.ts'

/** One managed private endpoint, as its owner's own API lists it. */
export interface ManagedEndpoint {
  readonly name: string
  readonly targetId: ResourceId | undefined
  readonly groupId: string | undefined
  /** Usually Pending, Approved, Rejected or Disconnected; '' while the requester does not say yet. */
  readonly status: string
  readonly provisioningState: string | undefined
  /** Id of the endpoint behind it, where the API tells it. As spelled there, so that oddities are seen. */
  readonly endpointId: string | undefined
}

/** A kind of resource that makes managed private endpoints, and how to ask it for them. */
export interface RequesterKind {
  readonly kind: Exclude<RequesterKindName, 'private-endpoint'>
  readonly armType: string
  /** What a person calls it, in the middle of a sentence: "the factory". */
  readonly spoken: string
  /**
   * Every managed endpoint of a requester that still exists.
   * @throws RequesterNotFound when the requester is not there any more.
   * @throws ArmError when it cannot be asked.
   */
  managedEndpoints(id: ResourceId): Promise<readonly ManagedEndpoint[]>
}

/** Azure says that there is no such factory, workspace or account. */
export class RequesterNotFound extends Error {
  override name = 'RequesterNotFound'
}
