import {
  isManagedKind,
  requesterKindOfType,
  requesterKinds,
  spokenRequester,
} from '../domain/requester-kind.ts'
import { asciiLowerCase, isSameName } from '../domain/resource-id.ts'
import { namedManagedRequester, namedRequester } from '../domain/rule.ts'
import { matchesName, parseScope } from '../domain/scope.ts'
import type { RuleRow } from './fields.ts'

/** Says what is wrong with a row whose columns are well-formed one by one; undefined when nothing is. */
type Check = (row: RuleRow) => string | undefined

/** What columns must not say beside each other: most would make a rule that never matches. */
const checks: readonly Check[] = [
  allowNamesARequester,
  proofIsForAllow,
  managedRequesterIsConfirmed,
  allowedScopeHoldsEndpoints,
  endsAfterItBegins,
  targetIsNotAConnection,
  typesLieUnderTarget,
  endpointNameFitsRequester,
]

/** The first contradiction within a row, as a sentence without the row's name. */
export function findContradiction(row: RuleRow): string | undefined {
  for (const check of checks) {
    const problem = check(row)
    if (problem !== undefined) return problem
  }
  return undefined
}

function allowNamesARequester(row: RuleRow): string | undefined {
  return row.effect === 'allow' && row.requester === undefined
    ? 'requester is missing; an allow must name who is allowed'
    : undefined
}

function proofIsForAllow(row: RuleRow): string | undefined {
  return row.effect !== 'allow' && row.proof !== undefined
    ? `proof is "${row.proof}"; only an allow asks for proof, so leave it out of a rule that says ${row.effect}`
    : undefined
}

function managedRequesterIsConfirmed(row: RuleRow): string | undefined {
  const managed = row.proof === 'platform' ? namedManagedRequester(row.requester) : undefined
  return managed === undefined
    ? undefined
    : `proof is "platform"; ${spokenRequester(managed.kind, managed.id.name)} can only be allowed with confirmed`
}

function allowedScopeHoldsEndpoints(row: RuleRow): string | undefined {
  if (row.effect !== 'allow' || row.requester?.kind !== 'scope') return undefined
  const type = parseScope(row.requester.pattern)?.type
  const kind = type === undefined ? undefined : requesterKindOfType(type)
  return kind !== undefined && isManagedKind(kind)
    ? `requester is "${row.requester.pattern}"; an allow must name each ${requesterKinds[kind].spoken} by its full id, without *`
    : undefined
}

function endsAfterItBegins(row: RuleRow): string | undefined {
  const { validFrom, validUntil } = row
  return validFrom !== undefined && validUntil !== undefined && validUntil <= validFrom
    ? `validUntil is "${validUntil}"; it must be later than validFrom, which is "${validFrom}"`
    : undefined
}

function targetIsNotAConnection(row: RuleRow): string | undefined {
  const lastType = parseScope(row.target)?.type?.split('/').at(-1)
  return lastType !== undefined && lastType.startsWith('privateendpointconnection')
    ? `target is a connection ("${row.target}"); it must be the resource that is connected to`
    : undefined
}

function typesLieUnderTarget(row: RuleRow): string | undefined {
  const targetType = parseScope(row.target)?.type
  if (targetType === undefined) return undefined
  const outside = row.targetTypes.find(
    (type) => !isSameName(type, targetType) && !asciiLowerCase(type).startsWith(`${targetType}/`),
  )
  return outside === undefined
    ? undefined
    : `targetTypes has "${outside}", which never occurs under a target of type ${targetType}`
}

function endpointNameFitsRequester(row: RuleRow): string | undefined {
  const { endpointName } = row
  const named = namedRequester(row.requester)
  if (endpointName === undefined || named === undefined) return undefined
  const { name } = named.id
  switch (requesterKinds[named.kind].endpointName) {
    case 'requester-dot-name':
      return canBeginWith(endpointName, `${name}.`)
        ? undefined
        : `endpointName is "${endpointName}"; endpoints of ${name} are all named ${name}.{name}`
    case 'is-the-requester':
      return matchesName(name, endpointName)
        ? undefined
        : `endpointName is "${endpointName}"; the endpoint that requester names is called ${name}`
    default:
      return undefined
  }
}

/** Whether any name that begins so fits the pattern. */
function canBeginWith(pattern: string, beginning: string): boolean {
  const [literal = '', ...rest] = asciiLowerCase(pattern).split('*')
  const wanted = asciiLowerCase(beginning)
  return literal.startsWith(wanted) || (rest.length > 0 && wanted.startsWith(literal))
}
