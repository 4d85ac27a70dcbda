import type { Rule } from '../../../shared/domain/rule.ts'
import { lintRules, type Finding, type LintCode } from '../../../shared/lint/index.ts'
import { plainRule } from '../../support/sample-rule.ts'

export const now = new Date('2026-11-21T12:00:00Z')
export const subscription = '/subscriptions/11111111-1111-1111-1111-111111111111'
export const otherSubscription = '/subscriptions/22222222-2222-2222-2222-222222222222'
export const tenantId = 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'
export const group = `${subscription}/resourceGroups/rg-data`
export const factory = named('Microsoft.DataFactory/factories/adf-prod')
export const endpoint = named('Microsoft.Network/privateEndpoints/pe-app')

/** The id of a resource in the group. */
export function named(typeAndName: string): string {
  return `${group}/providers/${typeAndName}`
}

export function account(name: string): string {
  return named(`Microsoft.Storage/storageAccounts/${name}`)
}

export function one(id: string): Rule['requester'] {
  return { kind: 'resource', id }
}

export function within(pattern: string): Rule['requester'] {
  return { kind: 'scope', pattern }
}

/** An enforced `allow` of the factory on one account, of which nothing is to be said. */
export function rule(change: Partial<Rule> = {}): Rule {
  return {
    ...plainRule,
    id: 'the-rule',
    effect: 'allow',
    target: account('st'),
    requester: one(factory),
    validUntil: '2027-06-01T00:00:00.000Z',
    owner: 'data-platform@contoso.example',
    ...change,
  }
}

/** A `deny` of anybody on the account, of which nothing is to be said. */
export function deny(change: Partial<Rule> = {}): Rule {
  return rule({ id: 'the-deny', effect: 'deny', requester: undefined, ...change })
}

/** Some rules of the same content, with ids of their own, each on an account of its own. */
export function many(count: number, change: Partial<Rule> = {}): readonly Rule[] {
  return Array.from({ length: count }, (_, index) =>
    rule({ id: `narrow-${index}`, target: account(`st${index}`), ...change }),
  )
}

export function codesOf(...rules: readonly Rule[]): readonly LintCode[] {
  return lintRules(rules, now).map(({ code }) => code)
}

/** What is said of which rule, and about which. */
export function findingsOf(rules: readonly Rule[], code: LintCode): readonly string[] {
  return lintRules(rules, now)
    .filter((finding) => finding.code === code)
    .map(({ ruleId, about }) => (about === undefined ? ruleId : `${ruleId} by ${about}`))
}

/** The only finding. */
export function only(rules: readonly Rule[]): Finding {
  const [finding, ...others] = lintRules(rules, now)
  if (finding === undefined || others.length > 0) throw new Error('There is not one finding.')
  return finding
}
