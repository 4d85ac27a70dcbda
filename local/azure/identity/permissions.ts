import { AzureError } from '../http/exchange.ts'
import type { Call } from '../http/exchange.ts'
import { idKey, subscriptionOf } from '../ids.ts'
import { targetTypes } from '../private-link/target-types/index.ts'
import { covers, operationOf } from './operations.ts'

/** What one role allows, as Azure Resource Manager lists it. */
export interface Permission {
  readonly actions: readonly string[]
  readonly notActions: readonly string[]
  readonly dataActions: readonly string[]
  readonly notDataActions: readonly string[]
}

/** Permissions that were set by hand for one client, or for all, at a scope and everything below it. */
export interface SetPermissions {
  /** An ARM id, or `/` for everything. */
  readonly scope: string
  readonly clientId: string | undefined
  readonly permissions: readonly Permission[]
}

/** Allowed to every caller: reading its own permissions. */
const always = 'Microsoft.Authorization/permissions/read'

const nothing: Permission = { actions: [], notActions: [], dataActions: [], notDataActions: [] }

/** Reader, and a role that approves connections of every type that can be approved. */
const usual: readonly Permission[] = [
  { ...nothing, actions: ['*/read'] },
  {
    ...nothing,
    actions: [
      ...targetTypes
        .filter(({ verb }) => verb !== 'none')
        .flatMap(({ type }) => [
          `${type}/privateEndpointConnections/write`,
          `${type}/privateEndpointConnectionsApproval/action`,
        ]),
      'Microsoft.Purview/accounts/ingestionPrivateEndpointConnectionStatus/action',
    ],
  },
]

/**
 * The permissions of callers. By default everybody is shown to have read and approval permissions, and no call is
 * refused; permissions that were set are shown and enforced.
 */
export class Permissions {
  #set: SetPermissions[] = []

  /** Sets what a client has at a scope and below. Replaces what was set for the same client and scope. */
  set(expected: SetPermissions): void {
    const isOther = ({ scope, clientId }: SetPermissions): boolean =>
      idKey(scope) !== idKey(expected.scope) || clientId !== expected.clientId
    this.#set = [...this.#set.filter(isOther), expected]
  }

  /** Back to the default. */
  clear(): void {
    this.#set = []
  }

  /** What the client has at a scope. */
  of(clientId: string, scope: string): readonly Permission[] {
    return this.#nearest(clientId, scope)?.permissions ?? usual
  }

  /** Throws 403 AuthorizationFailed for a call below a subscription that the set permissions do not cover. */
  check({ method, path, caller }: Call): void {
    const held = this.#nearest(caller?.clientId ?? '', path)
    const operation = operationOf(method, path)
    if (held === undefined || subscriptionOf(path) === undefined || operation === always) return
    const isAllowed = held.permissions.some(
      ({ actions, notActions }) =>
        actions.some((action) => covers(action, operation)) &&
        !notActions.some((action) => covers(action, operation)),
    )
    if (isAllowed) return
    throw new AzureError(
      403,
      'AuthorizationFailed',
      `The client '${caller?.clientId ?? ''}' with object id '${caller?.objectId ?? ''}' does not have authorization to perform action '${operation}' over scope '${path}' or the scope is invalid. If access was recently granted, please refresh your credentials.`,
    )
  }

  /** Of the set permissions, those of the nearest scope; the client's own before those of all clients. */
  #nearest(clientId: string, scope: string): SetPermissions | undefined {
    const [nearest] = this.#set
      .filter((held) => held.clientId === undefined || held.clientId === clientId)
      .filter((held) => isWithin(scope, held.scope))
      .toSorted(
        (a, b) =>
          idKey(b.scope).length - idKey(a.scope).length ||
          Number(a.clientId === undefined) - Number(b.clientId === undefined),
      )
    return nearest
  }
}

function isWithin(scope: string, outer: string): boolean {
  return idKey(outer) === '/' || `${idKey(scope)}/`.startsWith(`${idKey(outer)}/`)
}
