import { quote } from '../../domain/quote.ts'
import {
  isManagedKind,
  requesterKindOfType,
  requesterKinds,
  spokenRequester,
} from '../../domain/requester-kind.ts'
import { foldCase } from '../../domain/fold-case.ts'
import { isSameName } from '../../domain/resource-id.ts'
import { namedManagedRequester, namedRequester } from '../../domain/rule.ts'
import { matchesName, parseScope } from '../../domain/scope.ts'
import { type CheckedContent, contentFieldNames, contentFields } from './fields.ts'
import type { Contradiction } from './form.ts'

/** Finds a problem in a rule whose fields are well-formed one by one; undefined if there is none. */
type Check = (rule: CheckedContent) => Contradiction | undefined

/** Combinations that are refused; most would make a rule that never matches. */
const checks: readonly Check[] = [
  allowNamesARequester,
  eachFieldFitsTheEffect,
  managedRequesterIsConfirmed,
  allowedScopeHoldsEndpoints,
  endsAfterItBegins,
  targetIsNotAConnection,
  typesLieUnderTarget,
  endpointNameFitsRequester,
]

/** The first contradiction within a rule; undefined if there is none. */
export function findContradiction(rule: CheckedContent): Contradiction | undefined {
  for (const check of checks) {
    const problem = check(rule)
    if (problem !== undefined) return problem
  }
  return undefined
}

function allowNamesARequester(rule: CheckedContent): Contradiction | undefined {
  return rule.effect === 'allow' && rule.requester === undefined
    ? { field: 'requester', sentence: 'requester is missing; an allow must name who is allowed' }
    : undefined
}

function eachFieldFitsTheEffect(rule: CheckedContent): Contradiction | undefined {
  for (const field of contentFieldNames) {
    const { onlyFor } = contentFields[field]
    if (onlyFor !== undefined && onlyFor.variant !== rule.effect && rule[field] !== undefined)
      return {
        field,
        sentence: `${field} is ${quote(rule[field])}; only an ${onlyFor.variant} ${onlyFor.does}, so leave it out of a rule that says ${rule.effect}`,
      }
  }
  return undefined
}

function managedRequesterIsConfirmed(rule: CheckedContent): Contradiction | undefined {
  const managed = rule.proof === 'platform' ? namedManagedRequester(rule.requester) : undefined
  return managed === undefined
    ? undefined
    : {
        field: 'proof',
        sentence: `proof is "platform"; ${spokenRequester(managed.kind, managed.id.name)} can only be allowed with confirmed`,
      }
}

function allowedScopeHoldsEndpoints(rule: CheckedContent): Contradiction | undefined {
  if (rule.effect !== 'allow' || rule.requester?.kind !== 'scope') return undefined
  const type = parseScope(rule.requester.pattern)?.type
  const kind = type === undefined ? undefined : requesterKindOfType(type)
  return kind !== undefined && isManagedKind(kind)
    ? {
        field: 'requester',
        sentence: `requester is "${rule.requester.pattern}"; an allow must name each ${requesterKinds[kind].spoken} by its full id, without *`,
      }
    : undefined
}

function endsAfterItBegins(rule: CheckedContent): Contradiction | undefined {
  const { validFrom, validUntil } = rule
  return validFrom !== undefined && validUntil !== undefined && validUntil <= validFrom
    ? {
        field: 'validUntil',
        sentence: `validUntil is "${validUntil}"; it must be later than validFrom, which is "${validFrom}"`,
      }
    : undefined
}

function targetIsNotAConnection(rule: CheckedContent): Contradiction | undefined {
  const lastType = parseScope(rule.target)?.type?.split('/').at(-1)
  return lastType !== undefined && lastType.startsWith('privateendpointconnection')
    ? {
        field: 'target',
        sentence: `target is a connection ("${rule.target}"); it must be the resource that is connected to`,
      }
    : undefined
}

function typesLieUnderTarget(rule: CheckedContent): Contradiction | undefined {
  const targetType = parseScope(rule.target)?.type
  if (targetType === undefined) return undefined
  const outside = rule.targetTypes?.find(
    (type) => !isSameName(type, targetType) && !foldCase(type).startsWith(`${targetType}/`),
  )
  return outside === undefined
    ? undefined
    : {
        field: 'targetTypes',
        sentence: `targetTypes has "${outside}", which never occurs under a target of type ${targetType}`,
      }
}

function endpointNameFitsRequester(rule: CheckedContent): Contradiction | undefined {
  const { endpointName } = rule
  const named = namedRequester(rule.requester)
  if (endpointName === undefined || named === undefined) return undefined
  const { name } = named.id
  switch (requesterKinds[named.kind].endpointName) {
    case 'requester-dot-name':
      return canBeginWith(endpointName, `${name}.`)
        ? undefined
        : {
            field: 'endpointName',
            sentence: `endpointName is "${endpointName}"; endpoints of ${name} are all named ${name}.{name}`,
          }
    case 'is-the-requester':
      return matchesName(name, endpointName)
        ? undefined
        : {
            field: 'endpointName',
            sentence: `endpointName is "${endpointName}"; the endpoint that requester names is called ${name}`,
          }
    default:
      return undefined
  }
}

/** Whether the pattern can match a name with this beginning. */
function canBeginWith(pattern: string, beginning: string): boolean {
  const [literal = '', ...rest] = foldCase(pattern).split('*')
  const expected = foldCase(beginning)
  return literal.startsWith(expected) || (rest.length > 0 && expected.startsWith(literal))
}
