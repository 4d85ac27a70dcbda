import type { AskedQuestion, Request, Said } from '../domain/request.ts'
import { alarm, noticeOf, withdrawn } from './drafts.ts'
import { beginningOf, lastSaid, questionAbout, quietFrom, saidOfTarget, unnamedAt } from './said.ts'
import type { BurstCase, TargetProblem } from './step.ts'
import type { DraftParts } from './table.ts'

const maxNamed = 3

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
    ...troubleOf(problem, withNames(problem, lastSaid({ said }, questionAbout(problem)))),
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
  return { ...troubleOf(problem, problem.sentence), memory: { caseId }, asked }
}

/** With the connections that people do not know of yet. */
function withNames(problem: TargetProblem, said: Said | undefined): string {
  const { sentence } = problem
  const unnamed = unnamedAt(problem, said).map(({ name }) => name)
  if (unnamed.length === 0) return sentence
  const others = unnamed.length - maxNamed
  const names = unnamed.slice(0, maxNamed).join(', ') + (others > 0 ? ` and ${others} more` : '')
  return said
    ? `New since the last notification: ${names}. ${sentence}`
    : `${sentence} Connections: ${names}.`
}

function troubleOf({ kind, question }: TargetProblem, sentence: string) {
  return {
    state: { name: 'open', cause: { kind, question } },
    reason: { code: kind === 'unreadable' ? 'target-unreadable' : 'azure-fails', sentence },
    verdict: 'target-unreadable',
  } as const
}
