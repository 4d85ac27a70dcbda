import type { EntryKind } from '../domain/log-entry.ts'
import type { Request, StateName } from '../domain/request.ts'
import type { Draft, EffectKind, EventKind, LifeEvent, Moment, NewState } from './step.ts'

/** The state of a subject's record, or `unseen` when it has none. */
export type Phase = 'unseen' | StateName

/** The record in one of the phases. */
export type At<P extends Phase> = P extends 'unseen'
  ? undefined
  : Request & { readonly state: Extract<Request['state'], { name: P }> }

export type EventOf<K extends EventKind> = Extract<LifeEvent, { kind: K }>

type Given<P extends Phase, K extends EventKind, T> = (request: At<P>, event: EventOf<K>, moment: Moment) => T

/** A draft without the kind of its entry, which the row states; what is left out has the usual value. */
export type DraftParts<S extends StateName> = Pick<Draft, 'reason'> &
  Partial<Pick<Draft, 'actor' | 'verdict' | 'memory' | 'notice' | 'asked' | 'change' | 'since'>> & {
    readonly state: Extract<NewState, { name: S }>
  }

interface Spec<P extends Phase, K extends EventKind, S extends StateName> {
  /** When the row applies, for the table in the documentation; left out: always. */
  readonly when?: string
  readonly holds?: Given<P, K, boolean>
  readonly writes?: {
    readonly entry: EntryKind
    readonly to: S
    readonly draft: Given<P, K, DraftParts<S>>
  }
  readonly effect: EffectKind
  /** For `retry-after`. */
  readonly afterSeconds?: Given<P, K, number>
}

/** One row of the table. The first row that applies decides. */
export interface Row {
  readonly from: readonly Phase[]
  readonly on: EventKind
  readonly when: string
  readonly writes: { readonly entry: EntryKind; readonly to: StateName } | undefined
  readonly effect: EffectKind
  readonly applies: (request: Request | undefined, event: LifeEvent, moment: Moment) => boolean
  readonly draft: (request: Request | undefined, event: LifeEvent, moment: Moment) => Draft | undefined
  readonly afterSeconds: (request: Request | undefined, event: LifeEvent, moment: Moment) => number
}

/** True while a request waits for manual review. */
export function isOpen(request: Request): request is At<'open'> {
  return request.state.name === 'open'
}

/** The phase of the record. */
function phaseOf(request: Request | undefined): Phase {
  return request?.state.name ?? 'unseen'
}

/** One row: from these phases, on this event. */
export function row<P extends Phase, K extends EventKind, S extends StateName>(
  from: readonly P[],
  on: K,
  spec: Spec<P, K, S>,
): Row {
  const { when = '', writes, effect, afterSeconds = () => 0, holds = () => true } = spec
  const fits = (request: Request | undefined, event: LifeEvent): boolean =>
    event.kind === on && (from as readonly Phase[]).includes(phaseOf(request))
  // Phase and kind were compared, so the narrower types are correct.
  const given =
    <T>(ask: Given<P, K, T>) =>
    (request: Request | undefined, event: LifeEvent, moment: Moment): T =>
      ask(request as At<P>, event as EventOf<K>, moment)
  return {
    from,
    on,
    when,
    writes,
    effect,
    applies: (request, event, moment) => fits(request, event) && given(holds)(request, event, moment),
    draft: (request, event, moment) => {
      if (!writes) return undefined
      const usual = {
        ...({ actor: { kind: 'policy' }, verdict: undefined, memory: {} } as const),
        ...{ notice: question, asked: undefined, change: undefined, since: undefined },
      }
      return { ...usual, ...given(writes.draft)(request, event, moment), kind: writes.entry }
    },
    afterSeconds: given(afterSeconds),
  }
}

const question = { severity: 'question', isOfCase: false } as const

/** Names a row, for tests and logs. */
export function rowName({ on, when, from }: Row): string {
  return `${from.join(' | ')} · ${on}${when && ` · ${when}`}`
}
