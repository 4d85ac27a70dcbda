import type { RequesterId } from '../../domain/requester-id.ts'
import type { ManagedKind } from '../../domain/requester-kind.ts'
import type { ResourceId } from '../../domain/resource-id.ts'
import type { ArmError } from '../arm/error.ts'

/** One managed private endpoint, as its owner's own API lists it. Texts are as spelled there, of any length. */
export interface ManagedEndpoint {
  readonly name: string
  readonly targetId: ResourceId | undefined
  /** Undefined while the requester states none. */
  readonly groupIds: readonly string[] | undefined
  /**
   * Usually Pending, Approved, Rejected or Disconnected; '' while the requester states none yet, undefined when it
   * never does.
   */
  readonly status: string | undefined
  readonly provisioningState: string | undefined
  /** Whole name of the endpoint on the target, where the list or a naming rule states it. */
  readonly endpointName: string | undefined
  /** Id of the endpoint on the target, where the list states it. */
  readonly endpointId: string | undefined
}

/** Reads the managed endpoints of one kind of requester. */
export interface RequesterApi {
  readonly kind: ManagedKind
  /**
   * Every managed endpoint of a requester that still exists.
   * @param signal aborted when the response is no longer needed: no further call is made then.
   * @throws RequesterNotFound when the requester is not there.
   * @throws RequesterUnfit when it is there, and what it states of itself does not fit.
   * @throws DataPlaneRefused when it exists, and its own service refuses this app.
   * @throws ArmError when it cannot be queried, or its response cannot be read completely.
   */
  managedEndpoints(id: RequesterId, signal?: AbortSignal): Promise<readonly ManagedEndpoint[]>
}

/** Azure knows no such requester. The message continues after its name: "does not exist". */
export class RequesterNotFound extends Error {
  override name = 'RequesterNotFound'
}

/** The requester exists, and cannot be a witness. The message continues after its name: "is Deleting". */
export class RequesterUnfit extends Error {
  override name = 'RequesterUnfit'
  readonly code: 'requester-not-healthy' | 'data-plane-address-differs'

  constructor(code: RequesterUnfit['code'], message: string) {
    super(message)
    this.code = code
  }
}

/**
 * A requester's own service, whose permissions and firewall are not those of Azure Resource Manager, returned 401 or
 * 403.
 */
export class DataPlaneRefused extends Error {
  override name = 'DataPlaneRefused'
  override readonly cause: ArmError

  constructor(cause: ArmError) {
    super(cause.message)
    this.cause = cause
  }
}
