import type { Proof, ProofLevel, Refusal } from '../domain/proof.ts'
import { refusalCodes } from '../domain/refusal-codes.ts'
import type { Match } from '../domain/verdict.ts'
import { maxSentence, shown } from './shown.ts'

/** Something found about the requester, and what to do about it. */
export interface Finding {
  readonly sentence: string
  readonly advice: string
}

/** How far the requester is verified. */
export interface Verification {
  readonly sign: Match
  readonly label: string
  readonly sentence: string
  /** What contradicts the request. */
  readonly contradictions: readonly Finding[]
  /** What could not be found out. */
  readonly gaps: readonly Finding[]
}

const levels: Readonly<Record<ProofLevel, Pick<Verification, 'sign' | 'label' | 'sentence'>>> = {
  confirmed: {
    sign: 'yes',
    label: 'Verified',
    sentence: 'A second witness agrees: the list of the requester itself, or its endpoint.',
  },
  platform: {
    sign: 'unknown',
    label: 'Partly verified',
    sentence: 'Azure shows the endpoint and the tenant that owns it. No second witness confirmed it.',
  },
  none: {
    sign: 'no',
    label: 'Not verified',
    sentence: 'It is not known who asks.',
  },
}

const nothing = {
  sign: 'unknown',
  label: 'Not checked',
  sentence: 'Nobody was asked who the requester is.',
} as const

const contradicted = {
  sign: 'no',
  label: 'Contradicted',
  sentence: 'Something was found that does not fit this request.',
} as const

export function verificationOf(proof: Proof | undefined): Verification {
  const refusals = proof?.refusals ?? []
  const isContradiction = ({ code }: Refusal) => refusalCodes[code].witness === 'contradicts'
  const contradictions = refusals.filter(isContradiction).map(findingOf)
  const level = proof ? levels[proof.level] : nothing
  return {
    ...(contradictions.length > 0 ? contradicted : level),
    contradictions,
    gaps: refusals.filter((refusal) => !isContradiction(refusal)).map(findingOf),
  }
}

function findingOf({ code, sentence }: Refusal): Finding {
  return { sentence: shown(sentence, maxSentence), advice: refusalCodes[code].advice.replaceAll('`', '') }
}
