import { z } from 'zod'
import { atMostAhead } from '../domain/clock.ts'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import type { Series, ShownId, WorkState } from '../domain/target-work.ts'
import type { Row, StoredRow } from '../storage/guarded-table.ts'
import { readRow, schemaVersion } from './read-row.ts'
import { armId } from './schema-parts.ts'

/** A row of open work, as it was understood. */
export interface TargetWorkRow {
  readonly target: ResourceId
  readonly state: WorkState
}

const time = z.iso.datetime().transform((text) => Date.parse(text))
interface DatedLine {
  readonly at: string
  readonly id: string
  readonly since?: string | undefined
  readonly doubt?: string | undefined
}

const doubted = 'doubted'

/** Lines of a time, an id, which has neither a space nor a line break, and in some of them a second time and a doubt. */
const datedIds = z
  .string()
  .transform((text) =>
    text.split('\n').map((line): DatedLine => {
      const [at = '', id = '', since, doubt] = line.split(' ')
      return since === undefined ? { at, id } : { at, id, since, doubt }
    }),
  )
  .pipe(
    z.array(z.object({ at: time, id: armId, since: time.optional(), doubt: z.literal(doubted).optional() })),
  )
const attempt = z.int().min(0)
const common = {
  targetId: armId.transform((text) => parseResourceId(text) ?? z.NEVER),
  attempt,
  since: time.optional(),
  isFromEndpoint: z.boolean(),
  wordAttempt: attempt.optional(),
  passNumber: z.int().min(0).optional(),
  conflicts: z.int().min(0).optional(),
  claims: z.int().min(0).optional(),
  trouble: datedIds.optional(),
  recheckAt: time.optional(),
  evaluatedBy: z.string().max(200).optional(),
  shown: datedIds.optional(),
}

const schema = z.discriminatedUnion('kind', [
  z.object({ ...common, kind: z.literal('held'), holder: z.string().min(1), leaseUntil: time }),
  z.object({ ...common, kind: z.literal('due'), dueAt: time }),
  z.object({ ...common, kind: z.literal('resting'), dueAt: time }),
  z.object({ ...common, kind: z.literal('backoff'), dueAt: time, notBefore: time }),
])

const fix = 'Delete the row; the next review of its target writes another.'

/** Many times as long as a lease, and twice as long as the longest wait for a pass. */
const maxLeaseAheadMs = 300_000
const maxDueAheadMs = 7_200_000
/** Open requests are evaluated again once a day at least. */
const maxRestAheadMs = 90_000_000

/**
 * Reads a row, with times that are too far ahead taken for now.
 * @throws UnreadableRow
 */
export function targetWorkOf(table: string, row: StoredRow, now: Date): TargetWorkRow {
  const columns = readRow(table, row, schema, fix)
  const { targetId: target, attempt, since, isFromEndpoint, wordAttempt, ...others } = columns
  const { passNumber, conflicts, claims, trouble, recheckAt, evaluatedBy, shown, ...rest } = others
  const word = wordAttempt === undefined ? undefined : { attempt: wordAttempt }
  const at = now.getTime()
  const series = {
    ...{ attempt, since: atLatest(since, at), isFromEndpoint, word, passNumber, conflicts, claims },
    trouble: datedAtLatest(trouble, at),
    recheckAt: recheckAt === undefined ? undefined : atMostAhead(recheckAt, at, maxRestAheadMs),
    evaluatedBy,
    shown: datedAtLatest(shown, at),
  }
  return { target, state: stateOf(rest, series, at) }
}

function atLatest(time: number | undefined, at: number): number | undefined {
  return time === undefined ? undefined : Math.min(time, at)
}

function datedAtLatest(
  dated: z.infer<typeof datedIds> | undefined,
  at: number,
): readonly ShownId[] | undefined {
  return dated?.map(({ since, doubt, ...one }) => ({
    ...one,
    at: Math.min(one.at, at),
    ...(since !== undefined && { since: Math.min(since, at) }),
    ...(doubt && { isDoubted: true as const }),
  }))
}

type Own = WorkState extends infer State ? (State extends unknown ? Omit<State, 'series'> : never) : never

function stateOf(own: Own, series: Series, at: number): WorkState {
  if (own.kind === 'held')
    return { ...own, series, leaseUntil: atMostAhead(own.leaseUntil, at, maxLeaseAheadMs) }
  if (own.kind === 'resting') return { ...own, series, dueAt: atMostAhead(own.dueAt, at, maxRestAheadMs) }
  const dueAt = atMostAhead(own.dueAt, at, maxDueAheadMs)
  if (own.kind === 'due') return { ...own, series, dueAt }
  return { ...own, series, dueAt, notBefore: atMostAhead(own.notBefore, at, maxDueAheadMs) }
}

/** The columns that `targetWorkOf` reads. */
export function columnsOf(target: ResourceId, state: WorkState): Row['columns'] {
  const { attempt, since, isFromEndpoint, word, passNumber, conflicts, claims, ...others } = state.series
  const { trouble, recheckAt, evaluatedBy, shown } = others
  return {
    schemaVersion,
    targetId: target.id,
    kind: state.kind,
    attempt,
    ...(since !== undefined && { since: iso(since) }),
    isFromEndpoint,
    ...(word && { wordAttempt: word.attempt }),
    ...(passNumber && { passNumber }),
    ...(conflicts && { conflicts }),
    ...(claims && { claims }),
    ...(trouble && { trouble: linesOf(trouble) }),
    ...(recheckAt !== undefined && { recheckAt: iso(recheckAt) }),
    ...(evaluatedBy !== undefined && { evaluatedBy }),
    ...(shown && { shown: linesOf(shown) }),
    ...ownColumnsOf(state),
  }
}

function ownColumnsOf(state: WorkState): Row['columns'] {
  switch (state.kind) {
    case 'held':
      return { holder: state.holder, leaseUntil: iso(state.leaseUntil) }
    case 'due':
    case 'resting':
      return { dueAt: iso(state.dueAt) }
    case 'backoff':
      return { dueAt: iso(state.dueAt), notBefore: iso(state.notBefore) }
  }
}

function linesOf(dated: readonly ShownId[]): string {
  const lineOf = ({ id, at, since, isDoubted }: ShownId) => [
    ...[iso(at), id],
    ...(isDoubted || since !== undefined ? [iso(since ?? at)] : []),
    ...(isDoubted ? [doubted] : []),
  ]
  return dated.map((one) => lineOf(one).join(' ')).join('\n')
}

function iso(time: number): string {
  return new Date(time).toISOString()
}
