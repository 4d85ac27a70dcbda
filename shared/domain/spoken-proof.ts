import type { Proof, ProofLevel } from './proof.ts'
import { refusalCodes, witnessOf } from './refusal-codes.ts'
import type { Match } from './verdict.ts'

/** How far a requester is verified, for people. */
export interface SpokenProof {
  readonly sign: Match
  readonly label: string
  readonly sentence: string
}

const levels: Readonly<Record<ProofLevel, SpokenProof>> = {
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
  none: { sign: 'no', label: 'Not verified', sentence: 'It is not known who asks.' },
}

const nothing: SpokenProof = {
  sign: 'unknown',
  label: 'Not checked',
  sentence: 'Nobody was asked who the requester is.',
}

const contradicted: SpokenProof = {
  sign: 'no',
  label: 'Contradicted',
  sentence: 'Something was found that does not fit this request.',
}

/** What contradicts a request outweighs whatever confirms it. @param proof undefined: nobody was asked. */
export function spokenProof(proof: Proof | undefined): SpokenProof {
  if (isContradicted(proof)) return contradicted
  return proof ? levels[proof.level] : nothing
}

/** The same with what weighs most of what was found, where there is no room for all of it. */
export function proofInOneLine(proof: Proof | undefined): string {
  const { label, sentence } = spokenProof(proof)
  const codes = (proof?.refusals ?? []).map(({ code }) => code)
  const weightiest = codes.find((code) => refusalCodes[code].witness === witnessOf(codes))
  const found = weightiest === undefined ? [] : [refusalCodes[weightiest].meaning]
  return [`${label}.`, ...(isContradicted(proof) ? [] : [sentence]), ...found].join(' ')
}

function isContradicted(proof: Proof | undefined): boolean {
  return witnessOf((proof?.refusals ?? []).map(({ code }) => code)) === 'contradicts'
}
