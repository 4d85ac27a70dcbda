import { STATUS_CODES } from 'node:http'
import { quoted } from '../../domain/printable.ts'
import { ArmError } from './error.ts'

/** Why a call failed, in a few words: the status with its code, or its name where there is no code. */
export function whyNot(error: unknown): string {
  if (!(error instanceof ArmError)) return quoted(error instanceof Error ? error.message : String(error))
  const { status, code } = error
  if (status === 0) return `no usable response (${quoted(code)})`
  return `${status} ${code === `Http${status}` ? (STATUS_CODES[status] ?? '') : quoted(code)}`.trim()
}
