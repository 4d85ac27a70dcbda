/** What is wrong with a file, and where; lines and columns are counted from 1. The sentence is fit to be shown. */
export interface FileProblem {
  readonly line: number
  readonly column: number
  readonly sentence: string
}
