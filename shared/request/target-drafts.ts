import type { AskedQuestion, Request } from '../domain/request.ts'
import { alarm, noticeOf, withdrawn } from './drafts.ts'
import { beginningOf, quietFrom, saidOfTarget } from './said.ts'
import type { BurstCase, TargetProblem } from './step.ts'
import type { DraftParts } from './table.ts'

/** The target can be read and decided again. */
export function readable(at: Date): DraftParts<'withdrawn'> {
  const draft = withdrawn('The target can be read and decided again.')
  return { ...draft, memory: { quietUntil: quietFrom(at) } }
}

/** A whole target is in trouble: it is unknown which of its connections wait, or they cannot be decided. */
export function inTrouble(
  before: Request | undefined,
  problem: TargetProblem,
  at: Date,
  burst?: BurstCase,
): DraftParts<'open'> {
  const said = saidOfTarget(before, at)
  return {
    ...troubleOf(problem),
    notice: burst ? noticeOf(burst) : alarm,
    memory: burst ? { caseId: burst.caseId } : {},
    since: beginningOf(said),
  }
}

/** A target is in trouble again as people know: it is open as before. */
export function inKnownTrouble(
  { caseId }: Request,
  problem: TargetProblem,
  asked: AskedQuestion | undefined,
): DraftParts<'open'> {
  return { ...troubleOf(problem), memory: { caseId }, asked }
}

function troubleOf({ kind, question, sentence }: TargetProblem) {
  return {
    state: { name: 'open', cause: { kind, question } },
    reason: { code: kind === 'unreadable' ? 'target-unreadable' : 'azure-fails', sentence },
    verdict: 'target-unreadable',
  } as const
}
