import type { CaseHead } from '../../../shared/domain/case-head.ts'
import type { CaseMessage, DeliveryState } from '../../../shared/domain/case-message.ts'
import type { Group } from '../../../shared/domain/group.ts'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import type { Proof } from '../../../shared/domain/proof.ts'
import { parseResourceId } from '../../../shared/domain/resource-id.ts'
import { sampleEntry, sampleRequest } from '../../support/sample-request.ts'

export const start = Date.parse('2026-11-21T08:00:00.000Z')

/** Minutes after the start. */
export function at(minutes: number): Date {
  return new Date(start + minutes * 60_000)
}

export const group: Group = {
  ...{ kind: 'requester', name: 'factory', source: 'requester factory' },
  to: { kind: 'route', name: 'all', tags: [] },
}

export const timing = { windowMs: 60_000 }

export const factoryId = parseResourceId(
  '/subscriptions/c0ffee00-2222-4b7c-9d3e-e58b02b8a002/resourceGroups/rg-adf/providers/Microsoft.DataFactory/factories/adf-prod',
)

/** A proof that the requester is the sample factory. */
export function confirmed(): Proof {
  if (!factoryId) throw new Error('The id of the factory is no id.')
  return {
    level: 'confirmed',
    requester: { kind: 'data-factory', id: factoryId },
    ...{ endpointTenantId: undefined, isManagedTenant: undefined, groupIds: undefined, refusals: [] },
  }
}

/** A proof of nobody, for these reasons. */
export function unproven(...codes: Proof['refusals'][number]['code'][]): Proof {
  const refusals = codes.map((code) => ({ code, sentence: code }))
  return { ...confirmed(), level: 'none', requester: undefined, refusals }
}

export function entryWith(change: Partial<LogEntry> = {}): LogEntry {
  return { ...sampleEntry(sampleRequest('open')), sequence: 1, ...change }
}

/** A message that waits, with these states of channels. */
export function messageWith(
  states: Readonly<Record<string, DeliveryState>> = {},
  change: Partial<CaseMessage> = {},
): CaseMessage {
  return {
    ...{ number: 1, caseNumber: 1, firstMessage: 1, series: 'questions', kind: 'question', state: 'waiting' },
    ...{ openedAt: at(0).toISOString(), dueAt: at(1).toISOString(), settledAt: undefined, attempts: 1 },
    deliveries: Object.entries(states).map(([channel, state]) => ({ channel, state })),
    ...{ nobodyAt: undefined, problem: undefined, changes: [] },
    ...change,
  }
}

export function waiting(change: Partial<Extract<DeliveryState, { name: 'waiting' }>> = {}): DeliveryState {
  return {
    ...{ name: 'waiting', notBefore: at(0).toISOString(), attempts: 1, failingSince: at(0).toISOString() },
    ...{ isRefused: false, problem: 'down' },
    ...change,
  }
}

export type { CaseHead }
