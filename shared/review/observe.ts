import type { Connection } from '../domain/connection.ts'
import { subjectId } from '../domain/request.ts'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import type { RequestRecord, SubjectKey } from '../ports/ledger.ts'
import type { LifeEvent, TargetProblem } from '../request/step.ts'
import { episodeOf } from '../request/entry.ts'
import { countUnreadable } from './burst.ts'
import { type Driven, drive, type WorkingEffect } from './drive.ts'
import { done, type Pass } from './pass.ts'
import type { PassEnd } from './next-pass.ts'

/** How long a target in trouble gets passes of its own while no request is known there. */
export const unknownTargetSeconds = 24 * 3600

/**
 * Records what became of a connection on which a request is unfinished.
 * @param live as Azure shows it, decided; undefined: it is gone.
 */
export function observe(pass: Pass, record: RequestRecord, live: Connection | undefined): Promise<PassEnd> {
  const event: LifeEvent = live
    ? { kind: 'decided', connection: live, progress: pass.ports.connections.progressOf(live) }
    : { kind: 'gone' }
  return drive(pass, recordsOnly(keyOf(record), record.request.subject), record, event)
}

/** The target can be read again: its connections have their own records from here on. */
export function observeReadable(pass: Pass, record: RequestRecord): Promise<PassEnd> {
  return drive(pass, recordsOnly(keyOf(record), record.request.subject), record, { kind: 'readable' })
}

/**
 * Opens one request about a target in trouble; about one that cannot be read after the passes that may still find it
 * readable. A target that only an endpoint of ours names may belong to another tenant, and the app need not be able to
 * read it. Ids of targets cost nothing: the questions about them are counted, and beyond the limit they are one burst
 * case.
 */
export async function observeProblem(
  pass: Pass,
  target: ResourceId,
  problem: TargetProblem,
): Promise<PassEnd> {
  const { ledger, log } = pass.ports
  if (pass.isFromEndpoint) {
    log.info('An endpoint names a target that is not ours to read.', { target: target.id })
    return done
  }
  const key: SubjectKey = { kind: 'target', id: target }
  const record = await ledger.read(key)
  const driven: Driven = {
    key,
    subject: { kind: 'target', targetId: target.id },
    carryOut: async (effect, recorded) => {
      if (effect.kind !== 'count') throw leadTo(effect)
      const episode = episodeOf(recorded?.request)
      const entryId = ledger.nextEntryId(key, recorded, episode)
      const burst = await countUnreadable(pass.ports, { target, episode, entryId })
      return burst ? { kind: 'target-over-limit', problem, burst } : { kind: 'target-within-limits', problem }
    },
  }
  const end = await drive(pass, driven, record, { kind: 'target-problem', problem })
  const isOver = isOldQuestion(pass, record) && !(await isKnown(pass, target))
  return isOver ? { ...end, recheckSeconds: undefined } : end
}

/** True when a request of a connection of the target is unfinished. */
export async function isKnown({ ports }: Pass, target: ResourceId): Promise<boolean> {
  const unfinished = await ports.ledger.unfinishedOn(target)
  return unfinished.some(({ request }) => request.subject.kind === 'connection')
}

/** Of an older question, where no request is known, an event or the search shows when there is something to do. */
function isOldQuestion({ ports }: Pass, record: RequestRecord | undefined): boolean {
  const state = record?.request.state
  if (state?.name !== 'open') return false
  return ports.now().getTime() - Date.parse(state.since) >= unknownTargetSeconds * 1000
}

/** Nothing is done in Azure about what is only observed. */
function recordsOnly(key: SubjectKey, subject: Driven['subject']): Driven {
  return {
    key,
    subject,
    carryOut: (effect) => Promise.reject(leadTo(effect)),
  }
}

function leadTo({ kind }: WorkingEffect): Error {
  return new Error(`An observation led to "${kind}".`)
}

/** @throws RangeError for a record whose id is no ARM id. */
function keyOf({ request: { subject } }: RequestRecord): SubjectKey {
  const text = subjectId(subject)
  const id = parseResourceId(text)
  if (!id) throw new RangeError(`The ledger holds "${text}", which is no ARM id.`)
  return { kind: subject.kind, id }
}
