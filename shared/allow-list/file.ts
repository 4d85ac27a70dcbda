import type { RuleContent } from '../domain/rule.ts'

/** A rule of a file, and the line it begins in, counted from 1. */
export interface LocatedRule {
  readonly content: RuleContent
  readonly line: number
}

/** What is wrong with a file, and where; lines and columns are counted from 1. The sentence is fit to be shown. */
export interface FileProblem {
  readonly line: number
  readonly column: number
  readonly sentence: string
}

/** A file read whole, or what is wrong with it, in order of line. */
export type FileReading =
  | { readonly rules: readonly LocatedRule[]; readonly sha256: string; readonly problems?: undefined }
  | { readonly rules?: undefined; readonly problems: readonly FileProblem[] }

/** Reads a rule file. Stub. */
export function readRuleFile(bytes: Uint8Array, name: string): FileReading {
  return { problems: [{ line: 1, column: 1, sentence: `${name}: ${bytes.length} bytes are not read yet.` }] }
}

/** Writes a rule file. Stub. */
export function writeRuleFile(rules: readonly RuleContent[]): string {
  return `${rules.length}`
}
