import { quoted, visible } from './printable.ts'

/** Why a call to Azure failed, or what Azure shows that is not as meant. */
export interface Words {
  /** Azure's code; a stable word of this app where it has none. */
  readonly code: string
  /** What Azure said. Empty where it said nothing but the code. */
  readonly message: string
  /** True for a message of this app. */
  readonly isOwn?: true
}

const differing: readonly RegExp[] = [
  /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi,
  /\b\d{1,3}(?:\.\d{1,3}){3}\b/g,
  /(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi,
  /\b[0-9a-f]{16,}\b/gi,
  /(?<![\w-])[\d.,:]*\d(?![\w-])/g,
]

/** Words of Azure without addresses, times, ids and numbers: those that differ in them only are the same. */
export function sameWords(text: string): string {
  return differing.reduce((same, pattern) => same.replaceAll(pattern, '…'), text)
}

/** As part of a sentence: words of Azure stand in quotes behind their code. */
export function spokenWords({ code, message, isOwn }: Words): string {
  if (isOwn) return message
  if (message === '' || message === code) return quoted(code)
  return `${quoted(code)} ("${visible(message).replaceAll('"', "'")}")`
}
