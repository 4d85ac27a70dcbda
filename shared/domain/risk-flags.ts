import type { LogEntry } from './log-entry.ts'
import { visible } from './printable.ts'
import type { RefusalCode } from './refusal-codes.ts'
import { endpointIdOf } from './request.ts'
import { parseResourceId } from './resource-id.ts'
import type { ReasonCode } from './verdict.ts'

const unknownTenant = 'It is not known which tenant the endpoint belongs to.'

const refusalFlags: Partial<Record<RefusalCode, string>> = {
  'competing-claim': 'Two connections claim the same endpoint name.',
  'competing-claim-hidden': 'A connection whose endpoint Azure does not show may be the true one.',
  'competing-claims-unknown': 'Other connections could not be read; one may claim the same name.',
  'endpoint-id-unreadable': 'Azure shows something in place of the endpoint that is no id.',
  'endpoint-id-differs': 'The requester says that its endpoint is another one.',
  'group-ids-differ': 'The requester states other group ids.',
  'requester-not-found': 'The requester that is named does not exist.',
  'tenant-not-managed': 'It is named like an endpoint of a listed requester, and lies in another tenant.',
  'tenant-unknown': unknownTenant,
  'no-endpoint-id': 'Azure does not show which endpoint asks.',
}

const reasonFlags: Partial<Record<ReasonCode, string>> = {
  'competing-claim-before': 'Another endpoint has claimed this name here before.',
  'rejected-before': 'A person has said no to this endpoint before.',
  'endpoint-changed': 'Another endpoint or other group ids appeared while it was decided.',
  'shown-late': 'A decision of this app appeared in Azure after it was given up.',
  'changed-outside': 'Somebody changed a decision of this app outside of it.',
  'burst-limit': 'More requests came at once than the burst limit allows.',
  'azure-fails': 'Azure fails at this target.',
  'refused-by-azure': 'Azure refused the decision of this app.',
}

/**
 * What programs make a link of, or people follow: a scheme, `www.`, an address of mail, a host with a path, a host with
 * a common ending, and `\\server`.
 */
const link =
  /\b[a-z][a-z0-9+.-]*:\/\/|\bhttps?:|\bmailto:|\bwww\.|\\\\\w|\S@\S+\.\S|\b(?:[a-z0-9-]+\.)+(?:[a-z]{2,}\/\S|(?:com|net|org|io|example)\b)/i

/** What is known of a request beside its record. */
export interface FlaggedRequest {
  /** Why it waits: every reason that counts now. */
  readonly codes: readonly ReasonCode[]
  /** Its decision; undefined: it cannot be read. */
  readonly entry: LogEntry | undefined
  /** The tenant whose people sign in; undefined: not known. */
  readonly ownTenantId: string | undefined
}

/** What an approver should notice, one sentence each, the worst first. Only our own words. */
export function riskFlags({ codes, entry, ownTenantId }: FlaggedRequest): readonly string[] {
  const flags = [
    ...(entry?.proof?.refusals ?? []).map(({ code }) => refusalFlags[code]),
    ...codes.map((code) => reasonFlags[code]),
    ...(entry ? flagsOfEntry(entry, ownTenantId) : []),
  ]
  return [...new Set(flags.filter((flag) => flag !== undefined))]
}

/** True where what a requester wrote holds something that leads elsewhere. */
export function holdsLink(said: string): boolean {
  return link.test(said)
}

function flagsOfEntry(entry: LogEntry, ownTenantId: string | undefined): readonly (string | undefined)[] {
  const said = entry.requesterSaid ?? ''
  return [
    tenantFlag(entry, ownTenantId),
    isPlain(entry) ? undefined : 'Names hold letters that look like others.',
    holdsLink(said) ? "The requester's message contains a link." : undefined,
    visible(said) === said ? undefined : "The requester's message contains invisible characters.",
  ]
}

function tenantFlag({ proof, subject }: LogEntry, ownTenantId: string | undefined): string | undefined {
  if (subject.kind === 'target' || !proof) return undefined
  const { endpointTenantId: tenant, isManagedTenant } = proof
  if (tenant === undefined) return unknownTenant
  const isOther = isManagedTenant !== true && ownTenantId !== undefined && tenant !== ownTenantId
  return isOther ? 'The endpoint belongs to another tenant.' : undefined
}

function isPlain({ subject, proof }: LogEntry): boolean {
  const names = [
    parseResourceId(subject.targetId)?.name,
    parseResourceId(endpointIdOf(subject))?.name,
    subject.kind === 'connection' ? parseResourceId(subject.connectionId)?.name : undefined,
    proof?.requester?.id.name,
  ]
  return names.every((name = '') => /^[ -~]*$/.test(name))
}
