import type { Proof, Refusal } from '../domain/proof.ts'
import { refusalCodes } from '../domain/refusal-codes.ts'
import { type SpokenProof, spokenProof } from '../domain/spoken-proof.ts'
import { maxSentence, shown } from './shown.ts'

/** Something found about the requester, and what to do about it. */
export interface Finding {
  readonly sentence: string
  readonly advice: string
}

/** How far the requester is verified. */
export interface Verification extends SpokenProof {
  /** What contradicts the request. */
  readonly contradictions: readonly Finding[]
  /** What could not be found out. */
  readonly gaps: readonly Finding[]
}

export function verificationOf(proof: Proof | undefined): Verification {
  const refusals = proof?.refusals ?? []
  const isContradiction = ({ code }: Refusal) => refusalCodes[code].witness === 'contradicts'
  return {
    ...spokenProof(proof),
    contradictions: refusals.filter(isContradiction).map(findingOf),
    gaps: refusals.filter((refusal) => !isContradiction(refusal)).map(findingOf),
  }
}

function findingOf({ code, sentence }: Refusal): Finding {
  return { sentence: shown(sentence, maxSentence), advice: refusalCodes[code].advice.replaceAll('`', '') }
}
