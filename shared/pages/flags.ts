import type { LogEntry } from '../domain/log-entry.ts'
import { visible } from '../domain/printable.ts'
import { type RefusalCode } from '../domain/refusal-codes.ts'
import { endpointIdOf, type OpenCause, type Request } from '../domain/request.ts'
import { parseResourceId } from '../domain/resource-id.ts'
import type { ReasonCode } from '../domain/verdict.ts'
import type { PageSettings } from './settings.ts'

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

const causeFlags: Partial<Record<OpenCause['kind'], string>> = {
  refused: reasonFlags['refused-by-azure'] ?? '',
  'endpoint-changed': reasonFlags['endpoint-changed'] ?? '',
  'shown-late': reasonFlags['shown-late'] ?? '',
  'changed-outside': reasonFlags['changed-outside'] ?? '',
  'azure-fails': reasonFlags['azure-fails'] ?? '',
}

const refusalFlags: Partial<Record<RefusalCode, string>> = {
  'competing-claim': 'Two connections claim the same endpoint name.',
  'competing-claim-hidden': 'A connection whose endpoint Azure does not show may be the true one.',
  'competing-claims-unknown': 'Other connections could not be read; one may claim the same name.',
  'endpoint-id-unreadable': 'Azure shows something in place of the endpoint that is no id.',
  'endpoint-id-differs': 'The requester says that its endpoint is another one.',
  'group-ids-differ': 'The requester states other group ids.',
  'requester-not-found': 'The requester that is named does not exist.',
}

/** Addresses, with and without a scheme. */
const link = /\b[a-z][a-z0-9+.-]*:\/\/|\bwww\.|\S@\S+\.\S|\b(?:[a-z0-9-]+\.)+(?:com|net|org|io|example)\b/i

/**
 * What an approver should notice, in words; the worst first.
 * @param isBurst true where the page itself says that more came than the burst limit allows.
 */
export function flagsOf(
  entry: LogEntry,
  { state, reason, hold }: Request,
  { ownTenantId }: Pick<PageSettings, 'ownTenantId'>,
  isBurst = false,
): readonly string[] {
  const message = entry.requesterSaid ?? ''
  const flags = [
    ...(entry.proof?.refusals ?? []).map(({ code }) => refusalFlags[code]),
    state.name === 'open' ? causeFlags[state.cause.kind] : undefined,
    reasonFlags[reason.code],
    hold ? reasonFlags['burst-limit'] : undefined,
    tenantFlag(entry, ownTenantId),
    isPlain(entry) ? undefined : 'Names hold letters that look like others.',
    link.test(message) ? 'The message contains a link.' : undefined,
    visible(message) === message ? undefined : 'The message contains invisible characters.',
  ]
  const known = [...new Set(flags.filter((flag) => flag !== undefined))]
  return isBurst ? known.filter((flag) => flag !== reasonFlags['burst-limit']) : known
}

function tenantFlag({ proof, subject }: LogEntry, ownTenantId: string | undefined): string | undefined {
  if (subject.kind === 'target' || !proof) return undefined
  const { endpointTenantId: tenant, isManagedTenant } = proof
  if (tenant === undefined) return 'It is not known which tenant the endpoint belongs to.'
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
