import type { Facts } from '../../shared/domain/verdict.ts'
import { CommandFailed } from '../terminal/io.ts'
import { factsOfWritten, type RequestField, type WrittenRequest } from './written-request.ts'

/** Options that make a request up. */
export interface AskedRequestOptions {
  readonly target?: string
  readonly group?: readonly string[]
  readonly requester?: string
  readonly endpoint?: string
  readonly proof?: string
  readonly tenant?: string
  readonly managedTenant?: string
  readonly tag?: readonly string[]
  readonly managementGroup?: readonly string[]
  readonly requesterManagementGroup?: readonly string[]
  readonly approved?: string
}

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
export function askedFacts(options: AskedRequestOptions): Facts {
  const { facts, problem } = factsOfWritten(written(options))
  if (facts) return facts
  throw new CommandFailed(`${optionOf[problem.field]} ${problem.says}.`, 2)
}

/** True when any option describes a made-up request. */
export function isMadeUp(options: AskedRequestOptions): boolean {
  return Object.values(written(options)).some((value) => value !== undefined)
}

function written(options: AskedRequestOptions): WrittenRequest {
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

/** `name=value` each; other texts are passed on and refused later. */
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
