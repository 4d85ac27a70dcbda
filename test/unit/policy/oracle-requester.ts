import type { Effect, RequesterPattern, Rule } from '../../../shared/domain/rule.ts'
import type { Facts, Match } from '../../../shared/domain/verdict.ts'
import { allOf, known, type Condition } from './oracle-match.ts'
import { isEndpoint, isNamedByEndpoints, isNeverNamed } from './oracle-kinds.ts'
import { under } from './oracle-context.ts'
import { alike, isScope, lastNameOf, type Spelling, strict, type TextTest } from './oracle-text.ts'

/** Who asks, against whom the rule applies to. */
export function requesterOf({ effect, requester }: Rule, spelling: Spelling): Condition {
  if (requester === undefined) return () => known(effect !== 'allow')
  if (requester.kind === 'management-group') return groupOf(effect, requester.name, spelling)
  if (requester.kind === 'tenant') return tenantOf(effect, requester.tenantId)
  const expected = textOf(requester)
  if (requester.kind === 'resource' && isNamedByEndpoints(expected))
    return managedOf(spelling.oneOf([expected]), namedAfter(alike.oneOf([lastNameOf(expected)])))
  if (requester.kind === 'resource' && isNeverNamed(expected))
    return managedOf(spelling.oneOf([expected]), inManagedNetwork)
  const isUnderstood = requester.kind === 'resource' ? isEndpoint(expected) : isScope(expected)
  if (!isUnderstood) return () => 'unknown'
  const covers = requester.kind === 'resource' ? spelling.oneOf([expected]) : spelling.coveredBy(expected)
  if (effect === 'allow') return ordinary(({ connection }) => known(covers(connection.endpoint?.id ?? '')))
  if (requester.kind === 'scope') return anybodyIn(expected)
  return ({ connection: { endpoint } }) => (endpoint === undefined ? 'unknown' : known(covers(endpoint.id)))
}

function textOf(pattern: Exclude<RequesterPattern, { kind: 'tenant' | 'management-group' }>): string {
  return pattern.kind === 'resource' ? pattern.id : pattern.pattern
}

function tenantOf(effect: Effect, tenantId: string): Condition {
  const isRequired = alike.oneOf([tenantId])
  const lies: Condition = ({ proof }) =>
    proof.endpointTenantId === undefined ? 'unknown' : known(isRequired(proof.endpointTenantId))
  return effect === 'allow' ? ordinary(lies) : lies
}

/** Ordinary endpoints by where they lie; behind one in a managed network, whoever is confirmed there. */
function groupOf(effect: Effect, name: string, spelling: Spelling): Condition {
  const lies: Condition = ({ context }) => under(context.endpointGroups, name, spelling)
  if (effect === 'allow') return ordinary(lies)
  return (facts) => {
    const { connection, proof, context } = facts
    if (connection.endpoint === undefined) return 'unknown'
    if (proof.isManagedTenant !== true) return lies(facts)
    const requester = confirmedOf(facts)
    if (requester === undefined) return 'unknown'
    return /^[/]subscriptions[/]/i.test(requester) ? under(context.requesterGroups, name, spelling) : 'no'
  }
}

/** Approved as such are only endpoints that are certainly in no managed network, and themselves who asks. */
function ordinary(fits: Condition): Condition {
  return (facts) => {
    const { connection, proof } = facts
    if (connection.endpoint === undefined) return 'unknown'
    const isNobodyElse =
      proof.level !== 'confirmed' ||
      (proof.requester?.kind === 'private-endpoint' &&
        strict.isSame(proof.requester.id.id, connection.endpoint.id))
    const isOrdinary = proof.isManagedTenant === undefined ? 'unknown' : known(!proof.isManagedTenant)
    return allOf([fits(facts), known(isNobodyElse), isOrdinary])
  }
}

function managedOf(isRequired: TextTest, whileUnconfirmed: Condition): Condition {
  return (facts) => {
    const requester = confirmedOf(facts)
    return requester === undefined ? whileUnconfirmed(facts) : known(isRequired(requester))
  }
}

/** What the endpoint's name leaves possible while nobody confirmed who stands behind it. */
function namedAfter(isName: TextTest): Condition {
  return (facts) => {
    const claimed = /^([^.]*)\./.exec(lastNameOf(facts.connection.endpoint?.id ?? ''))?.[1]
    if (claimed === undefined) return inManagedNetwork(facts)
    return isName(claimed) ? 'unknown' : 'no'
  }
}

/** Whoever lives in managed networks may stand behind an endpoint there, and behind one that does not show. */
function inManagedNetwork({ connection: { endpoint }, proof }: Facts): Match {
  return endpoint === undefined || proof.isManagedTenant !== false ? 'unknown' : 'no'
}

function anybodyIn(expected: string): Condition {
  const covers = alike.coveredBy(expected)
  const isOfType = /\/providers\//i.test(expected)
  const isForEndpoints = isEndpoint(expected.replaceAll('*', 'x'))
  const isOfNeverNamed = isNeverNamed(expected.replaceAll('*', 'x'))
  const whileUnconfirmed =
    isOfType && !isOfNeverNamed ? namedAfter(alike.fitting(lastNameOf(expected))) : inManagedNetwork
  return (facts) => {
    const requester = confirmedOf(facts)
    const { endpoint } = facts.connection
    if (endpoint === undefined) return 'unknown'
    if (covers(endpoint.id) || (requester !== undefined && covers(requester))) return 'yes'
    if (requester !== undefined || facts.proof.isManagedTenant === false || isForEndpoints) return 'no'
    return whileUnconfirmed(facts)
  }
}

function confirmedOf({ proof }: Facts): string | undefined {
  return proof.level === 'confirmed' ? proof.requester?.id.id : undefined
}
