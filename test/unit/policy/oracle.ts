import type { RequesterPattern, Rule } from '../../../shared/domain/rule.ts'
import type { Facts, Match, Outcome } from '../../../shared/domain/verdict.ts'

/**
 * The policy once more, told as plainly as possible and without any of its parts: rule after rule, by regular
 * expressions over lower-cased text. Only for the ids of `arbitrary.ts`, which are all ASCII.
 */
export function expectedOutcome(rules: readonly Rule[], facts: Facts, now: Date): Outcome {
  const enforced = rules.filter((rule) => rule.mode === 'enforce')
  function some(effect: Rule['effect'], match: Match): boolean {
    return enforced.some((rule) => rule.effect === effect && matchOf(rule, facts, now) === match)
  }
  if (some('deny', 'yes')) return 'reject'
  if (some('deny', 'unknown') || some('ask', 'yes') || some('ask', 'unknown')) return 'escalate'
  return some('allow', 'yes') ? 'approve' : 'escalate'
}

function matchOf(rule: Rule, facts: Facts, now: Date): Match {
  const all: Match[] = [
    known(covers(rule.target, facts.connection.target.id)),
    known(
      rule.targetTypes.length === 0 ||
        rule.targetTypes.some((type) => same(type, facts.connection.target.type)),
    ),
    groups(rule, facts),
    rule.requester === undefined ? known(rule.effect !== 'allow') : who(rule.effect, rule.requester, facts),
    rule.endpointName === undefined ? 'yes' : name(rule.endpointName, facts),
    known(
      rule.effect !== 'allow' ||
        ['confirmed', ...(rule.proof === 'platform' ? ['platform'] : [])].includes(facts.proof.level),
    ),
    known(rule.validFrom === undefined || rule.validFrom <= now.toISOString()),
    known(rule.validUntil === undefined || now.toISOString() < rule.validUntil),
  ]
  if (all.includes('no')) return 'no'
  return all.includes('unknown') ? 'unknown' : 'yes'
}

function groups(rule: Rule, { connection, proof }: Facts): Match {
  if (rule.groupIds.length === 0) return 'yes'
  const seen = connection.groupIds?.length ? connection.groupIds : proof.groupIds
  if (!seen?.length) return 'unknown'
  const listed = seen.filter((group) => rule.groupIds.includes(group)).length
  return known(rule.effect === 'allow' ? listed === seen.length : listed > 0)
}

function name(pattern: string, { connection }: Facts): Match {
  return connection.endpoint === undefined ? 'unknown' : known(glob(pattern).test(connection.endpoint.name))
}

function who(effect: Rule['effect'], pattern: RequesterPattern, { connection, proof }: Facts): Match {
  const endpoint = connection.endpoint?.id
  const requester = proof.level === 'confirmed' ? proof.requester?.id.id : undefined
  if (pattern.kind === 'tenant') {
    if (proof.endpointTenantId === undefined) return 'unknown'
    return known(
      proof.endpointTenantId === pattern.tenantId && (effect !== 'allow' || proof.isManagedTenant === false),
    )
  }
  const wanted = pattern.kind === 'resource' ? pattern.id : pattern.pattern
  const isFactory = /\/factories\//.test(wanted)
  if (isFactory && requester !== undefined) return known(same(requester, wanted))
  if (endpoint === undefined) return 'unknown'
  if (isFactory) {
    const factory = /[^/]+$/.exec(wanted)?.[0] ?? ''
    const endpointName = /[^/]+$/.exec(endpoint)?.[0] ?? ''
    if (!endpointName.includes('.')) return proof.isManagedTenant === false ? 'no' : 'unknown'
    return endpointName.startsWith(`${factory}.`) ? 'unknown' : 'no'
  }
  const fits = pattern.kind === 'resource' ? same(endpoint, wanted) : covers(wanted, endpoint)
  if (effect === 'allow')
    return fits
      ? ({ true: 'no', false: 'yes', undefined: 'unknown' } as const)[`${proof.isManagedTenant}`]
      : 'no'
  if (fits) return 'yes'
  if (pattern.kind === 'resource') return 'no'
  if (requester !== undefined) return known(covers(wanted, requester))
  return proof.isManagedTenant === false ? 'no' : 'unknown'
}

function covers(scope: string, id: string): boolean {
  return new RegExp(`^${source(scope)}(/|$)`, 'i').test(id)
}

function glob(pattern: string): RegExp {
  return new RegExp(`^${source(pattern)}$`, 'i')
}

function source(pattern: string): string {
  return pattern.replace(/[.()]/g, '\\$&').replaceAll('*', '[^/]*')
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

function known(yes: boolean): Match {
  return yes ? 'yes' : 'no'
}
