import type { Facts, Match } from '../../../shared/domain/verdict.ts'

/** One condition of a rule, made ready to be held against many requests. */
export type Condition = (facts: Facts) => Match

/** A plain no weighs more than a fact not known. */
export function allOf(matches: readonly Match[]): Match {
  if (matches.includes('no')) return 'no'
  return matches.includes('unknown') ? 'unknown' : 'yes'
}

export function known(yes: boolean): Match {
  return yes ? 'yes' : 'no'
}
