import { isUtf8 } from 'node:buffer'
import { notText } from '../domain/printable.ts'
import { Misread } from './node.ts'

const maxMiB = 20
/** The largest file that is read. */
export const maxBytes = maxMiB * 2 ** 20
const hidden = new RegExp(`(?![\\t\\n])(?!\\r\\n)[${notText}]`, 'u')

/** The text of a file as far as it can be read, and why reading stopped. */
export interface Decoded {
  readonly text: string
  readonly misread: Misread | undefined
}

/**
 * Decodes UTF-8, with or without a byte order mark. More than 20 MiB, other encodings and characters that do not show
 * are refused.
 */
export function textOfBytes(bytes: Uint8Array): Decoded {
  if (bytes.length > maxBytes)
    return refused('', `The file is longer than ${maxMiB} MiB, which is the most that is read.`)
  if (begins(bytes, [0xff, 0xfe]) || begins(bytes, [0xfe, 0xff]))
    return refused('', 'The file is UTF-16; save it as UTF-8.')
  if (!isUtf8(bytes)) {
    const before = textBeforeFault(bytes)
    return refused(before, 'Here is a byte that is not UTF-8; save the file as UTF-8.', before.length)
  }
  const text = new TextDecoder('utf-8').decode(bytes)
  const at = text.search(hidden)
  return at < 0
    ? { text, misread: undefined }
    : refused(text, `Here is the character ${codePoint(text, at)}, which does not show; leave it out.`, at)
}

function refused(text: string, sentence: string, at = 0): Decoded {
  return { text, misread: new Misread(at, sentence) }
}

/** What is not UTF-8 decodes to U+FFFD, and that back to other bytes. */
function textBeforeFault(bytes: Uint8Array): string {
  const again = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), 'utf8')
  let at = 0
  while (bytes[at] === again[at]) at++
  return new TextDecoder('utf-8').decode(bytes.subarray(0, at)).replace(/\uFFFD$/, '')
}

function begins(bytes: Uint8Array, expected: readonly number[]): boolean {
  return expected.every((byte, index) => bytes[index] === byte)
}

function codePoint(text: string, at: number): string {
  return `U+${(text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
