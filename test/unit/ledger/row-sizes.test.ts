import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BurstWindow } from '../../../shared/domain/burst.ts'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Proof, Refusal } from '../../../shared/domain/proof.ts'
import { parseResourceId, type ResourceId } from '../../../shared/domain/resource-id.ts'
import { conditions, nothingKnown, type RuleExplanation } from '../../../shared/domain/verdict.ts'
import type { WorkState } from '../../../shared/domain/target-work.ts'
import { Bursts } from '../../../shared/ledger/bursts.ts'
import { TargetWork } from '../../../shared/ledger/target-work.ts'
import { countRequest } from '../../../shared/policy/index.ts'
import {
  asked,
  deferred,
  endpointChanged,
  heldOver,
  intent,
  refused,
} from '../../../shared/request/drafts.ts'
import { inTrouble } from '../../../shared/request/target-drafts.ts'
import { changeOf, episodeOf } from '../../../shared/request/entry.ts'
import type { Draft, Evaluated } from '../../../shared/request/step.ts'
import type { At } from '../../../shared/request/table.ts'
import type { RequestRecord } from '../../../shared/ports/ledger.ts'
import { unreadableProblem } from '../../../shared/review/failing.ts'
import { contentSchema } from '../../../shared/allow-list/rule/fields.ts'
import { recordedItem, rowOfEntry } from '../../../shared/allow-list/change/log.ts'
import { forms } from '../../../shared/allow-list/routing/forms.ts'
import { columnsOfItem } from '../../../shared/allow-list/table/columns.ts'
import { plainContent, type Rule } from '../../../shared/domain/rule.ts'
import { checkedEntity } from '../../../shared/storage/sizes.ts'
import { maxShown } from '../../../shared/review/shown-pending.ts'
import { maxTrouble } from '../../../shared/review/trouble.ts'
import { MemoryLedger } from '../../support/memory-ledger.ts'
import { MemoryTable } from '../../support/memory-table.ts'

const at = new Date('2026-11-21T08:00:00.000Z')
const maxColumn = 32_000
const maxRow = 1_048_576
const subscription = '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001'

/** What others may write: text that JSON stores as itself, doubled, or six times as long. */
const filler = fc.constantFrom('x', 'ä', '🔒', '"', '\\', '\n', '\u0000', '\u202E', '\uD800')
const long = (unit: string, length: number) => unit.repeat(Math.ceil(length / unit.length))
const many = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, index) => make(index))

/** The longest id that is read as one. */
function longId(type: string, letter = 'n'): ResourceId {
  const start = `${subscription}/resourceGroups/rg/providers/${type}/`
  const id = parseResourceId(start + letter.repeat(1024 - start.length))
  if (!id) throw new Error(`No id of type ${type}.`)
  return id
}

const target = longId('Microsoft.Storage/storageAccounts', 't')
const connectionId = longId('Microsoft.Storage/storageAccounts/a/privateEndpointConnections')
const endpoint = longId('Microsoft.Network/privateEndpoints', 'é')

interface Size {
  readonly unit: string
  readonly rules: number
}

function explained(text: string, index: number): RuleExplanation {
  return {
    ruleId: `${'r'.repeat(96)}${String(index).padStart(4, '0')}`,
    ruleVersion: 999_999_999,
    effect: 'allow',
    mode: 'enforce',
    match: 'unknown',
    conditions: Object.keys(conditions).map((name) => ({
      name: name as keyof typeof conditions,
      match: 'unknown',
      expected: text,
      actual: text,
    })),
  }
}

function evaluated(size: Size, outcome: Evaluated['verdict']['outcome'], code: Refusal['code']): Evaluated {
  const { unit, rules } = size
  const groupIds = many(300, () => long(unit, 300))
  const text = long(unit, 20_000)
  const explanation = many(rules, (index) => explained(text, index))
  const connection: Connection = {
    ...{ id: connectionId, target, list: 'connections', writeSupport: 'with-description', status: 'Pending' },
    ...{ description: long(unit, 64_000), endpoint, groupIds, provisioningState: undefined, etag: undefined },
  }
  const proof: Proof = {
    level: 'confirmed',
    requester: { kind: 'data-factory', id: longId('Microsoft.DataFactory/factories', 'é') },
    endpointTenantId: 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa',
    isManagedTenant: true,
    groupIds,
    refusals: many(60, () => ({ code, sentence: long(unit, 5000), about: endpoint.key })),
  }
  return {
    connection,
    proof,
    context: {
      ...nothingKnown,
      targetTags: many(50, () => ({ name: long(unit, 512), value: long(unit, 256) })),
      targetGroups: { names: many(6, () => long(unit, 250)), isWhole: true },
      endpointGroups: { names: many(6, () => long(unit, 250)), isWhole: true },
      requesterGroups: { names: many(6, () => long(unit, 250)), isWhole: true },
    },
    verdict: {
      outcome,
      reason: { code: 'allowed-by-rule', sentence: long(unit, 30_000) },
      decidedBy: explanation[0],
      terms: {
        approvalEndsAfter: 'P3650D',
        approvers: many(54, () => 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'),
        requiredApprovals: 20,
        reasonRequired: true,
        expiresAfter: 'PT1440H',
        atExpiry: 'stay-pending',
      },
      explanation,
      rulesOver: explanation,
      nearest: explanation[1],
      audited: explanation,
      ruleSetHash: 'a'.repeat(64),
    },
  }
}

type Parts = Omit<Partial<Draft>, 'kind'> & Pick<Draft, 'state' | 'reason'>
const drafted = (kind: Draft['kind'], parts: Parts): Draft => ({
  actor: { kind: 'policy' },
  verdict: undefined,
  memory: {},
  notice: { severity: 'question', isOfCase: true },
  asked: undefined,
  change: undefined,
  since: undefined,
  ...parts,
  kind,
})

/** Every way in which a record grows, one step after the other, through the ledger itself. */
async function writeAll(size: Size): Promise<MemoryLedger> {
  const memory = new MemoryLedger(() => at)
  const key = { kind: 'connection', id: connectionId } as const
  const { unit } = size
  let record: RequestRecord | undefined
  const step = async (draft: Draft): Promise<void> => {
    const entryId = memory.ledger.nextEntryId(key, record, episodeOf(record?.request))
    const subject = {
      kind: 'connection',
      connectionId: connectionId.id,
      targetId: target.id,
      endpointId: endpoint.id,
    } as const
    const stamp = { subject, at, correlationId: long(unit, 5000), entryId }
    record = await memory.ledger.write(key, record, changeOf(record, draft, stamp))
  }
  const request = (): At<'applying'> => record?.request as At<'applying'>
  const burst = {
    caseId: 'c0ffee00c0ffee00c0ff.999999.999999',
    reason: { code: 'burst-limit', sentence: long(unit, 5000) },
    isJoining: false,
  } as const
  const approve = evaluated(size, 'approve', 'could-not-ask')
  const words = { code: long(unit, 5000), message: long(unit, 64_000) }
  for (let round = 0; round < 9; round += 1) {
    await step(drafted('intent', intent(record?.request, approve, { at, isFollowed: false })))
    await step(drafted('deferred', deferred(request(), words, at)))
    await step(drafted('result', refused(request(), words, true, at)))
  }
  await step(drafted('abandoned', endpointChanged(request())))
  await step(drafted('escalated', heldOver(record?.request, approve, burst)))
  await step(drafted('escalated', asked(evaluated(size, 'escalate', 'competing-claim'))))
  const ofTarget = { kind: 'target', id: target } as const
  const entryId = memory.ledger.nextEntryId(ofTarget, undefined, 1)
  const stamp = {
    subject: { kind: 'target', targetId: target.id },
    at,
    correlationId: long(unit, 5000),
    entryId,
  } as const
  const sentence = long(unit, 1000).slice(0, 1000)
  const problem = unreadableProblem(sentence)
  const cannotRead = drafted('escalated', inTrouble(undefined, problem, stamp.at))
  await memory.ledger.write(ofTarget, undefined, changeOf(undefined, cannotRead, stamp))
  return memory
}

function bytesOf(columns: Readonly<Record<string, unknown>>): number {
  return Object.entries(columns).reduce(
    (sum, [name, value]) => sum + 2 * name.length + (typeof value === 'string' ? 2 * value.length : 8),
    0,
  )
}

function checkRows(rows: ReturnType<MemoryTable['rows']>): void {
  expect(rows.length).toBeGreaterThan(0)
  for (const { rowKey, columns } of rows) {
    for (const [name, value] of Object.entries(columns))
      if (typeof value === 'string')
        expect(value.length, `${name} of ${rowKey}`).toBeLessThanOrEqual(maxColumn)
    expect(bytesOf(columns), rowKey).toBeLessThan(maxRow)
  }
}

describe('every column of every row fits, whatever others write:', () => {
  it.each([1, 199, 200, 201, 400])(
    'of a record, its log, its notifications and its index, %d rules',
    (rules) =>
      fc.assert(
        fc.asyncProperty(filler, async (unit) => {
          const { requests, index, outbox, ledger } = await writeAll({ unit, rules })
          checkRows(requests.rows())
          checkRows(index.rows())
          const [ref] = await outbox.due(1)
          const claimed = ref === undefined ? undefined : await outbox.claim(ref)
          if (!claimed) throw new Error('Nothing is due.')
          await outbox.failed(claimed, 30, long(unit, 64_000))
          checkRows(requests.rows())
          const back = await ledger.read({ kind: 'connection', id: connectionId })
          expect(back?.request.state.name).toBe('open')
        }),
        { numRuns: 9, examples: [['\u0000'], ['\uD800'], ['"']] },
      ),
  )

  it('of bursts, at the largest limit that can be set', async () => {
    const table = new MemoryTable(
      'bursts',
      () => at,
      () => undefined,
    )
    const bursts = new Bursts(table)
    for (let count = 0; count < 1100; count += 1) {
      const decide = (before: BurstWindow | undefined) =>
        countRequest(
          before,
          {
            key: bursts.requestKey(connectionId, count),
            at: at.getTime() + count,
            decisionId: 'c0ffee00c0ffee00c0ff.999999.999999',
            isRelease: false,
          },
          { max: 1000, windowMs: 86_400_000 },
        )
      await bursts.change({ source: `requester:${endpoint.key}`, outcome: 'escalate' }, decide)
    }
    checkRows(table.rows())
  })

  it('of the work on a target', async () => {
    const table = new MemoryTable(
      'targetwork',
      () => at,
      () => undefined,
    )
    const work = new TargetWork(table, () => at)
    const time = at.getTime()
    const series = {
      ...{ attempt: 7, since: time, isFromEndpoint: true, word: { attempt: 0 } },
      ...{ conflicts: 9999, claims: 9999, recheckAt: time },
      trouble: many(maxTrouble, () => ({ id: connectionId.id, at: time })),
      shown: many(maxShown, () => ({ id: connectionId.id, at: time })),
    }
    const states: readonly WorkState[] = [
      { kind: 'held', series, holder: 'h'.repeat(100), leaseUntil: at.getTime() },
      { kind: 'backoff', series, dueAt: at.getTime(), notBefore: at.getTime() },
      { kind: 'resting', series, dueAt: at.getTime() },
    ]
    for (const state of states) {
      await work.change(target, () => ({ write: state, result: undefined }))
      checkRows(table.rows())
    }
  })

  it('of the allow-list and the log of its changes', () => {
    const word = (length: number) => 'w'.repeat(length)
    const content = contentSchema.parse({
      id: word(100),
      effect: 'ask',
      target: target.id,
      targetTypes: many(30, () => `Microsoft.Storage/${word(45)}`),
      targetTags: many(15, (index) => ({
        name: `${'"'.repeat(500)}${index}`,
        value: '"'.repeat(256),
      })),
      groupIds: many(24, () => word(80)),
      requester: longId('Microsoft.DataFactory/factories').id,
      endpointName: word(200),
      approvers: many(52, () => 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa'),
      requiredApprovals: 2,
      reasonRequired: true,
      expiresAfter: 'PT1440H',
      atExpiry: 'reject',
      owner: '"'.repeat(200),
      justification: '"'.repeat(1000),
      ticket: '\\'.repeat(200),
    })
    const rule = {
      ...plainContent,
      ...content,
      version: 999_999_999,
      changedBy: '"'.repeat(200),
      changedAt: at.toISOString(),
    } as unknown as Rule
    const row = { partitionKey: 'rule', rowKey: rule.id, columns: columnsOfItem(forms.rules, rule) }
    expect(() => checkedEntity(row)).not.toThrow()
    const entry = {
      action: 'changed' as const,
      ...{ ruleId: rule.id, before: recordedItem(forms.rules, rule), after: recordedItem(forms.rules, rule) },
      ...{ sequence: 1, version: 1, who: '"'.repeat(200), at: at.toISOString(), fileName: '"'.repeat(1000) },
      ...{ fileSha256: 'a'.repeat(64), applyId: 'a'.repeat(36) },
    } as const
    const log = rowOfEntry(entry, 'a'.repeat(64)).row
    expect(() => checkedEntity(log)).not.toThrow()
    checkRows([row, log])
  })
})
