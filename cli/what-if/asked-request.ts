import { CommandFailed } from '../io.ts'
import type { ExplainOptions } from '../commands/explain.ts'
import { factsOfWritten, type RequestField, type WrittenRequest } from './written-request.ts'
import type { Facts } from '../../shared/domain/verdict.ts'

const optionOf: Readonly<Record<RequestField, string>> = {
  target: '--target',
  groupIds: '--group',
  requester: '--requester',
  endpoint: '--endpoint',
  proof: '--proof',
  tenant: '--tenant',
  managedTenant: '--managed-tenant',
  targetTags: '--tag',
  targetManagementGroups: '--management-group',
  requesterManagementGroups: '--requester-management-group',
  approvedConnections: '--approved',
}

/** The facts of a request that a call makes up by options. @throws CommandFailed (2) naming the option. */
export function askedFacts(options: ExplainOptions): Facts {
  const { facts, problem } = factsOfWritten(written(options))
  if (facts) return facts
  throw new CommandFailed(`${optionOf[problem.field]} ${problem.says}.`, 2)
}

/** True when any option says something of a request that is made up. */
export function isMadeUp(options: ExplainOptions): boolean {
  return Object.values(written(options)).some((value) => value !== undefined)
}

function written(options: ExplainOptions): WrittenRequest {
  return {
    target: options.target,
    groupIds: options.group,
    requester: options.requester,
    endpoint: options.endpoint,
    proof: options.proof,
    tenant: options.tenant,
    managedTenant: trueOrFalse(options.managedTenant),
    targetTags: options.tag && tagsOf(options.tag),
    targetManagementGroups: options.managementGroup,
    requesterManagementGroups: options.requesterManagementGroup,
    approvedConnections: numberOr(options.approved),
  }
}

/** `name=value` each; what is no such pair is left as it is, to be refused. */
function tagsOf(pairs: readonly string[]): unknown {
  const parts = pairs.map((pair) => /^([^=]+)=(.*)$/.exec(pair))
  return parts.includes(null)
    ? pairs.join(' ')
    : Object.fromEntries(parts.map((part) => [part?.[1], part?.[2]]))
}

function numberOr(text: string | undefined): unknown {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text
}

function trueOrFalse(text: string | undefined): unknown {
  return text === 'true' || text === 'false' ? text === 'true' : text
}
