import type { LogEntry } from '../domain/log-entry.ts'
import type { OpenCause, Request } from '../domain/request.ts'
import { riskFlags } from '../domain/risk-flags.ts'
import type { ReasonCode } from '../domain/verdict.ts'
import type { PageSettings } from './settings.ts'

const causes: Partial<Record<OpenCause['kind'], ReasonCode>> = {
  refused: 'refused-by-azure',
  'endpoint-changed': 'endpoint-changed',
  'shown-late': 'shown-late',
  'changed-outside': 'changed-outside',
  'azure-fails': 'azure-fails',
}

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
  const cause = state.name === 'open' ? causes[state.cause.kind] : undefined
  const held: ReasonCode | undefined = hold && 'burst-limit'
  const codes = [cause, reason.code, held].filter((code) => code !== undefined)
  const shown = isBurst ? codes.filter((code) => code !== 'burst-limit') : codes
  return riskFlags({ codes: shown, entry, ownTenantId })
}
