/** App roles of people, as the app registration has them. */
export const personRoles = ['Reader', 'Approver', 'RuleAdmin'] as const
export type PersonRole = (typeof personRoles)[number]

/** App roles of machines. */
export const machineRoles = ['Reader', 'Machine.Decide', 'RuleAdmin'] as const
export type MachineRole = (typeof machineRoles)[number]

export type AppRole = PersonRole | MachineRole

/** A person whom the tenant vouches for. A person is the object id; the name is for display only. */
export interface Person {
  readonly kind: 'person'
  readonly tenantId: string
  readonly objectId: string
  readonly name: string
  readonly roles: readonly PersonRole[]
  /** Object ids, in lower case, of those groups of the person that rules name. */
  readonly groups: readonly string[]
}

/** A program that calls with a token of its own. */
export interface Machine {
  readonly kind: 'machine'
  readonly tenantId: string
  readonly objectId: string
  /** The client id of its app registration. */
  readonly clientId: string
  readonly roles: readonly MachineRole[]
}

export type Caller = Person | Machine

/** A caller, and what pages show and check of the session. */
export interface SignedIn {
  readonly caller: Caller
  /** Undefined for a call with a bearer token, which a browser never adds by itself. */
  readonly session: { readonly formToken: string; readonly expiresAt: string } | undefined
}

/** True when the caller has one of the roles. */
export function hasRole({ roles }: Caller, expected: readonly AppRole[]): boolean {
  return roles.some((role) => expected.includes(role))
}
