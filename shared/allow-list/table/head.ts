import { z } from 'zod'
import { printable } from '../../domain/printable.ts'
import { chainStart } from '../../storage/chain.ts'
import type { Row } from '../../storage/guarded-table.ts'

export const headKey = '~head'

/** The state of the list and of its log. Replaced under its ETag by every transaction that changes rules. */
export interface Head {
  /** Increases by one with each transaction. */
  readonly version: number
  /** Of the last entry of the log; 0 before the first. */
  readonly sequence: number
  /** Of the last entry of the log. */
  readonly hash: string
  /** Id of the last apply. */
  readonly applyId: string
  readonly who: string
  /** ISO 8601. */
  readonly at: string
  readonly fileName: string
  readonly fileSha256: string
  /** ISO 8601: when an apply of several transactions began that is still running or unfinished. */
  readonly applyingSince: string | undefined
}

/** Before the first apply. */
export const firstHead: Pick<Head, 'version' | 'sequence' | 'hash'> = {
  version: 0,
  sequence: 0,
  hash: chainStart,
}

const nobody = ''
/** Keys of the log have eight digits. */
export const highestSequence = 99_999_999
const count = z.number().int().min(0).max(highestSequence)
const sha256 = z.string().refine(isSha256)
const time = z.iso.datetime()

/** True for a hash as it is written: 64 hex digits in lower case. */
export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

const schema = z.object({
  version: count,
  sequence: count,
  hash: sha256,
  applyId: z.string(),
  who: z.string(),
  at: time,
  fileName: z.string(),
  fileSha256: sha256,
  applyingSince: z.union([z.literal(nobody), time]),
})

/** The head in a row, or a sentence that says why the row has none. */
export function headOfRow(
  columns: Readonly<Record<string, unknown>>,
):
  | { readonly head: Head; readonly problem?: undefined }
  | { readonly head?: undefined; readonly problem: string } {
  const read = schema.safeParse(columns)
  if (read.success) {
    const { applyingSince, ...rest } = read.data
    return { head: { ...rest, applyingSince: applyingSince === nobody ? undefined : applyingSince } }
  }
  const column = String(read.error.issues[0]?.path[0])
  return {
    problem:
      `Row "${headKey}": ${column} is not as apply writes it; ` +
      'it says where the log of changes ends, and running apply again fixes it.',
  }
}

export function columnsOfHead(head: Head): Row['columns'] {
  return { ...head, applyingSince: head.applyingSince ?? nobody }
}

/** `"jo" with "rules.yaml" since 2026-11-21T10:00:00.000Z`. */
export function spokenApply({ who, fileName, applyingSince, at }: Head): string {
  return `by ${quoted(who)} with ${quoted(fileName)}, begun ${applyingSince ?? at}, last written to ${at}`
}

function quoted(text: string): string {
  return `"${printable(text)}"`
}
