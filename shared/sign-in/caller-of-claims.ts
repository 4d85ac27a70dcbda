import { type Machine, machineRoles, type Person, personRoles } from '../domain/caller.ts'
import { printable } from '../domain/printable.ts'
import { Refused } from '../http/refusals.ts'
import type { SignInPorts } from './ports.ts'
import type { TokenClaims } from './token-claims.ts'

/** The scope that a program needs to call in the name of a person. */
export const requiredScope = 'access_as_user'

type PersonPorts = Pick<SignInPorts, 'tenant' | 'namedGroups' | 'rules'>

/**
 * The person whom claims describe.
 * @throws Refused for a guest, a person without role, and one whose groups cannot be found out.
 */
export async function personOf(ports: PersonPorts, claims: TokenClaims): Promise<Person> {
  if (!ports.rules.allowGuests) {
    if (claims.acct === undefined) throw new Refused('guest-unknown')
    if (claims.acct === 1) throw new Refused('guest-refused')
  }
  const roles = personRoles.filter((role) => claims.roles.includes(role))
  if (roles.length === 0) throw new Refused('role-missing')
  return {
    kind: 'person',
    tenantId: claims.tid,
    objectId: claims.oid.toLowerCase(),
    name: printable(claims.name) || claims.oid,
    roles,
    groups: await groupsOf(ports, claims),
  }
}

/** Only groups that rules name: others are nobody's business here. */
async function groupsOf(
  { tenant, namedGroups }: PersonPorts,
  claims: TokenClaims,
): Promise<readonly string[]> {
  const named = await namedGroups()
  const isOverage = claims.hasgroups || claims._claim_names['groups'] !== undefined
  if (named.length === 0) return []
  const groups = isOverage ? await tenant.memberOf(claims.oid, named) : claims.groups
  return groups.map((group) => group.toLowerCase()).filter((group) => named.includes(group))
}

/**
 * The program whom claims describe, which has roles of its own and acts for nobody.
 * @throws Refused for one without a role for programs.
 */
export function machineOf(claims: TokenClaims): Machine {
  const roles = machineRoles.filter((role) => claims.roles.includes(role))
  if (roles.length === 0) throw new Refused('machine-role-missing')
  return {
    kind: 'machine',
    tenantId: claims.tid,
    objectId: claims.oid.toLowerCase(),
    clientId: claims.azp ?? '',
    roles,
  }
}
