import type { Subject } from '../domain/request.ts'
import type { RequestRecord, SubjectKey } from '../ports/ledger.ts'
import { isEscalated, mayChange } from '../request/conditions.ts'
import { changeOf, episodeOf } from '../request/entry.ts'
import { next } from '../request/life.ts'
import { untilExpired, untilRecheck } from '../request/deadline.ts'
import { isOpen } from '../request/table.ts'
import type { Draft, Effect, LifeEvent } from '../request/step.ts'
import { requeue, done, type Pass } from './pass.ts'
import type { PassEnd } from './next-pass.ts'

/** Between two rechecks of the open requests of a target. */
const minRecheckSeconds = 900

/** What a drive is about, and how its effects are carried out. */
export interface Driven {
  readonly key: SubjectKey
  readonly subject: Subject
  /** Carries out an effect; returns the event that results. */
  carryOut(effect: WorkingEffect, record: RequestRecord | undefined): Promise<LifeEvent>
}

/** The effects that lead to a next event. */
export type WorkingEffect = Exclude<Effect, { kind: 'end' | 'retry-after' }>

/**
 * Drives a request from one event until nothing is left to do now: decide, write the change, carry out the effect,
 * repeat with its result.
 * @throws LedgerConflict on a concurrent write, AzureBusy when Azure asks for a retry later.
 */
export async function drive(
  pass: Pass,
  driven: Driven,
  found: RequestRecord | undefined,
  first: LifeEvent,
): Promise<PassEnd> {
  const { now } = pass.ports
  let record = found
  let event = first
  for (;;) {
    const { draft, effect } = next(record?.request, event, { at: now(), isFollowed: pass.isFollowed })
    if (draft) record = await write(pass, driven, record, draft)
    if (effect.kind === 'end') return { ...endOf(record, event, pass), isTried: isTried(event) }
    if (effect.kind === 'retry-after') return { ...requeue(effect.afterSeconds), isTried: isTried(event) }
    event = await driven.carryOut(effect, record)
  }
}

/** True when more was asked of Azure than the list. */
function isTried({ kind }: LifeEvent): boolean {
  return kind !== 'waiting'
}

/**
 * An open request is evaluated again. A recheck is one of all open requests of a target: those that came at different times
 * share it. A decision that Azure refused is sent again in time, and a question expires in time. A request that is not recorded yet waits for the next
 * pass; so does one that later passes may find otherwise, while they follow.
 */
function endOf(record: RequestRecord | undefined, event: LifeEvent, pass: Pass): PassEnd {
  const { ports, isRecheck, isFollowed } = pass
  if (!record || !isOpen(record.request))
    return event.kind === 'evaluated' || event.kind === 'waiting' ? { needsSeries: true } : done
  const seconds = untilRecheck(record.request, ports.now())
  const isInTime = record.request.state.cause.kind === 'refused' || !isRecheck
  const sharedSeconds = Math.min(
    Math.max(seconds, minRecheckSeconds),
    untilExpired(record.request, ports.now()),
  )
  const needsSeries =
    isFollowed && event.kind === 'evaluated' && isEscalated(event.evaluated) && mayChange(event.evaluated)
  return { recheckSeconds: isInTime ? seconds : sharedSeconds, needsSeries }
}

/** State, log entry and notification are written together; the hint only makes the notification come sooner. */
async function write(
  { ports, correlationId }: Pass,
  { key, subject }: Driven,
  record: RequestRecord | undefined,
  draft: Draft,
): Promise<RequestRecord> {
  const { ledger, now, questionExpiresAfter: expiresAfter } = ports
  const isSameEpisode = record !== undefined && draft.verdict === undefined
  const episode = isSameEpisode ? record.request.episode : episodeOf(record?.request)
  const entryId = ledger.nextEntryId(key, record, episode)
  const change = changeOf(record, draft, { subject, at: now(), correlationId, entryId, expiresAfter })
  const written = await ledger.write(key, record, change)
  if (written.notificationRef !== undefined) await ports.hints.hint(written.notificationRef)
  return written
}
