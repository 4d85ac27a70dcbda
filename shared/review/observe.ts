import type { Connection } from '../domain/connection.ts'
import { subjectId } from '../domain/request.ts'
import { parseResourceId, type ResourceId } from '../domain/resource-id.ts'
import { type RequestRecord, StoredUnreadable, type SubjectKey } from '../ports/ledger.ts'
import type { LifeEvent, TargetProblem } from '../request/step.ts'
import { episodeOf } from '../request/entry.ts'
import { countUnreadable } from './burst.ts'
import { type Driven, drive, type WorkingEffect } from './drive.ts'
import { waitingAt } from './failing.ts'
import { both, done, type Pass } from './pass.ts'
import { endOf } from './parts.ts'
import type { PassEnd } from './next-pass.ts'
import { waitsUnlisted } from './unlisted.ts'

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
 * @param listed what a part of the list shows, where it can be read in part.
 */
export async function observeProblem(
  pass: Pass,
  target: ResourceId,
  problem: TargetProblem,
  listed: readonly Connection[] = [],
): Promise<PassEnd> {
  const { log } = pass.ports
  if (pass.isFromEndpoint) {
    log.info('An endpoint names a target that is not ours to read.', { target: target.id })
    return done
  }
  try {
    return await askAbout(pass, target, await withConnections(pass, target, problem, listed))
  } catch (error) {
    if (!(error instanceof StoredUnreadable)) throw error
    const facts = { metric: 'ledger.unreadable', target: target.id, problem: error.message }
    log.error(
      'What is stored about a target cannot be read: nobody is notified that it is in trouble.',
      facts,
    )
    return done
  }
}

/** While no list shows which connections wait, what is known of them may. */
async function withConnections(
  pass: Pass,
  target: ResourceId,
  problem: TargetProblem,
  listed: readonly Connection[],
): Promise<TargetProblem> {
  if (problem.connections?.length) return problem
  return { ...problem, connections: waitingAt(await waitsUnlisted(pass, target, listed)) }
}

async function askAbout(pass: Pass, target: ResourceId, problem: TargetProblem): Promise<PassEnd> {
  const { ledger } = pass.ports
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
  const isUnreadable = problem.kind === 'unreadable'
  return { ...end, isUnreadable, ...(isOver && { recheckSeconds: undefined }) }
}

/** Several problems at once: one that cannot be written down keeps no other from people. */
export async function observeProblems(
  pass: Pass,
  target: ResourceId,
  problems: readonly TargetProblem[],
): Promise<PassEnd> {
  let end: PassEnd = done
  for (const problem of problems) {
    try {
      end = both(end, await endOf(pass, target.id, () => observeProblem(pass, target, problem)))
    } catch (error) {
      end = both(end, { errors: [error] })
    }
  }
  return end
}

/** True when a request of a connection of the target is unfinished. */
export async function isKnown({ ports }: Pass, target: ResourceId): Promise<boolean> {
  const unfinished = await ports.ledger.unfinishedOn(target)
  return unfinished.some(({ request }) => request.subject.kind === 'connection')
}

/** Of an older question, where no request is known or shown, an event or the search shows when there is something to do. */
function isOldQuestion({ ports, shown }: Pass, record: RequestRecord | undefined): boolean {
  const state = record?.request.state
  if (state?.name !== 'open' || shown.length > 0) return false
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
