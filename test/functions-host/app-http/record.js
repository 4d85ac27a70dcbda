import { appendFileSync } from 'node:fs'

/** Appends what a handler saw to the file that the test reads. */
export function record(kind, seen) {
  appendFileSync(process.env.RECORD, JSON.stringify({ kind, ...seen }) + '\n')
}
