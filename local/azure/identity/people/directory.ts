import { ownTenant } from '../../well-known.ts'

/** A person of the tenant, or a guest in it. */
export interface DirectoryPerson {
  /** Chosen on the page of the sign-in. */
  readonly key: string
  readonly objectId: string
  readonly name: string
  readonly userName: string
  /** App roles in the app registration of the approver. */
  readonly roles: readonly string[]
  /** Object ids of groups, nested membership included. */
  readonly groups: readonly string[]
  /** 1 for a guest. */
  readonly acct: 0 | 1
  /** True when the groups do not fit into a token. */
  readonly hasTooManyGroups: boolean
  /** What the person is here to show. */
  readonly about: string
}

/** Groups of the directory by what they stand for. */
export const groups = {
  dataApprovers: '6b0d2f10-0001-4c1e-8f21-d0a7a9920001',
  otherTeam: '6b0d2f10-0002-4c1e-8f21-d0a7a9920002',
} as const

/** The people who can sign in. */
export const people: readonly DirectoryPerson[] = [
  person('ann', 1, 'Ann Approver', ['Approver'], [groups.dataApprovers], 'approver'),
  {
    ...person('ben', 2, 'Ben Approver', ['Approver'], [groups.dataApprovers], 'approver, in too many groups'),
    hasTooManyGroups: true,
  },
  person('carla', 3, 'Carla Otherteam', ['Approver'], [groups.otherTeam], 'approver of another team'),
  person('rita', 4, 'Rita Ruleadmin', ['RuleAdmin', 'Approver'], [groups.dataApprovers], 'rule admin'),
  person('ron', 5, 'Ron Reader', ['Reader'], [], 'reader'),
  person('nora', 6, 'Nora Norole', [], [], 'has no role'),
  { ...person('gus', 7, 'Gus Guest', ['Approver'], [], 'guest of the tenant'), acct: 1 },
]

/** The person with this object id. */
export function personById(objectId: string): DirectoryPerson | undefined {
  return people.find((person) => person.objectId === objectId.toLowerCase())
}

/** The person of a tenant with this user name. */
export function personByName(tenantId: string, userName: string): DirectoryPerson | undefined {
  if (tenantId !== ownTenant.tenantId) return undefined
  return people.find((person) => person.userName === userName.toLowerCase())
}

function person(
  key: string,
  number: number,
  name: string,
  roles: readonly string[],
  memberOf: readonly string[],
  about: string,
): DirectoryPerson {
  return {
    ...{ key, name, roles, about },
    objectId: `a11ce000-${String(number).padStart(4, '0')}-4d2c-9b3a-c0de5e1f0001`,
    userName: `${key}@${ownTenant.domain}`,
    groups: memberOf,
    acct: 0,
    hasTooManyGroups: false,
  }
}
