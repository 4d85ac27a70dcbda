import type { HeldBack, Request } from '../domain/decision.ts'
import type { RefusalCode } from '../domain/refusal-codes.ts'
import type { Reason, Verdict } from '../domain/verdict.ts'
import { type Judged, nameOfRule } from './entries.ts'
import { countAtSources } from './flood.ts'
import type { Look } from './look.ts'
import type { ConnectionRecord } from '../ports/ledger.ts'

/** What keeps an automatic answer back: a flood that the request came in, or the rival it had before. */
export interface Hold {
  readonly caseId: string | undefined
  readonly reason: Reason
  /** The answer that is kept back; undefined when a person is asked anyway. */
  readonly heldBack: HeldBack | undefined
}

/**
 * What keeps an automatic answer back; undefined when nothing does. An answer that was kept back once, by a flood or
 * by a rival that claimed the same, is not given later in the same episode, unless people have changed the rules
 * since so that another rule, or another version of it, decides; and then only within the limits of its sources.
 */
export async function holdOf(
  look: Look,
  record: ConnectionRecord | undefined,
  judged: Judged,
): Promise<Hold | undefined> {
  const { verdict, episode } = judged
  const request = record?.request.episode === episode ? record.request : undefined
  const held = request?.heldBack
  if (held && !isLetGo(held, verdict)) return staying(request.caseId, byDecidingRule(held, verdict))
  const flood = await countAtSources(look, record, judged, held !== undefined)
  if (!flood) return undefined
  if (held?.why === 'rival') return { ...flood, heldBack: held }
  return held ? staying(request.caseId, held) : { ...flood, heldBack: heldBackNow('flood', verdict) }
}

function staying(caseId: string | undefined, heldBack: HeldBack): Hold {
  if (heldBack.why === 'rival') return { caseId, reason: rivalBefore, heldBack }
  const release = heldBack.known
    ? 'a rule, or a version of one, that is new since lets it go.'
    : 'too many rules speak of it to tell a new one.'
  const sentence = `The request came in the flood of case ${caseId ?? 'unknown'} and stays with a person; ${release}`
  return { caseId, reason: { code: 'flood', sentence }, heldBack }
}

const rivalBefore: Reason = {
  code: 'rival-claimed-before',
  sentence:
    'Another connection claimed the same endpoint name before; a person has to say which of the two was meant.',
}

/** As many as fit beside the rest of a request. One that more rules speak of stays with people. */
const mostKnown = 200

/** What is kept of an answer that is not given: the rules as they are now. */
export function heldBackNow(why: 'flood' | 'rival', verdict: Verdict): HeldBack {
  const { looked, decidedBy } = verdict
  const known = looked.length <= mostKnown ? looked.map(nameOfRule) : undefined
  return { why, known, isGuess: decidedBy === undefined }
}

/** True when the request goes to a person while another claims the same, and that is not kept yet. */
export function hasNewRival({ proof }: Judged, before: Request | undefined): boolean {
  return before?.heldBack?.why !== 'rival' && proof.refusals.some(({ code }) => keptBack.includes(code))
}

const toldAtOnce: readonly RefusalCode[] = ['rival-claims-the-same', 'rival-hides-its-endpoint']
const keptBack: readonly RefusalCode[] = [...toldAtOnce, 'rival-unexplained']

/** True when another connection claims the same endpoint name just now, or may and does not show it. */
export function claimsTheSame({ refusals }: Judged['proof']): boolean {
  return refusals.some(({ code }) => toldAtOnce.includes(code))
}

/**
 * True when a person has let the request go, by another rule or another version of it. That a rule runs out, and so lets
 * another one decide that spoke of the target before, is no act of a person.
 */
function isLetGo(held: HeldBack, { decidedBy }: Verdict): boolean {
  return (
    !isGuess(held) &&
    held.known !== undefined &&
    decidedBy !== undefined &&
    !held.known.includes(nameOfRule(decidedBy))
  )
}

/** The same by the rule that decides now, which a rival kept from deciding then. */
function byDecidingRule(held: HeldBack, verdict: Verdict): HeldBack {
  return isGuess(held) ? heldBackNow('rival', verdict) : held
}

/** While a rival stands, no rule decides; the nearest one is a guess, until one would decide. */
function isGuess({ why, isGuess: told }: HeldBack): boolean {
  return why === 'rival' && (told ?? true)
}
