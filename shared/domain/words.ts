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

/** As part of a sentence: words of Azure stand in quotes behind their code. */
export function spokenWords({ code, message, isOwn }: Words): string {
  if (isOwn) return message
  if (message === '' || message === code) return quoted(code)
  return `${quoted(code)} ("${visible(message).replaceAll('"', "'")}")`
}
