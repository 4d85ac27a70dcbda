import { STATUS_CODES } from 'node:http'
import { quoted, visible } from '../../domain/printable.ts'
import { asciiLowerCase } from '../../domain/resource-id.ts'
import type { Words } from '../../domain/words.ts'
import { ArmError } from './error.ts'

const maxWordsLength = 200

const guid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'
const ownerOfGuid = String.raw`(?:client|object id|objectid|subscriptions?|tenants?|application|principal)['"\s:/]*`

/** What differs from try to try: ids of calls, moments, waits. Ids of identities and subscriptions stay. */
const unsteady: readonly RegExp[] = [
  new RegExp(String.raw`(?<!${ownerOfGuid})\b${guid}\b`, 'gi'),
  /(?<=\b(?:activity|correlation|request|trace|tracking)(?: ?id)?["']?[:=]? ?["']?)[\w-]*\d[\w-]*/gi,
  /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)?/g,
  /\b(\d{1,2}\/\d{1,2}\/\d{4},? )?\d{1,2}:\d\d(:\d\d)?(\.\d+)?( [AP]M)?/g,
  /\b[0-9a-f]{16,}\b/gi,
  /\b\d+(\.\d+)?(?= (milliseconds?|seconds?|minutes?|ms)\b)/gi,
]
/** Azure repeats an id as it was sent, and events spell ids differently. */
const idInWords = /\/subscriptions\/[^\s'",;)]+/gi

/**
 * Why a call failed, in a few words: the status with its code, or its name where there is no code, and what Azure said.
 * The same failure gives the same words each time, so that nobody is notified anew of it.
 */
export function whyNot(error: unknown): string {
  if (!(error instanceof ArmError)) return quoted(error instanceof Error ? error.message : String(error))
  const { status, code } = error
  if (status === 0) return `no usable response (${quoted(code)})`
  const name = code === `Http${status}` ? (STATUS_CODES[status] ?? '') : quoted(code)
  return `${`${status} ${name}`.trim()}${saidBy(error)}`
}

/** The same in parts: code, and what Azure said. */
export function wordsOf(error: ArmError): Words {
  const said = steadyWords(error)
  return said === ''
    ? { code: error.code, message: whyNot(error), isOwn: true }
    : { code: error.code, message: said }
}

/** What Azure said, quoted, in brackets; nothing where it said nothing but the code. */
function saidBy(error: ArmError): string {
  const said = steadyWords(error)
  return said === '' ? '' : ` (${JSON.stringify(said)})`
}

function steadyWords({ code, words }: ArmError): string {
  if (words === undefined || words === code) return ''
  const lower = visibleLine(words).replaceAll(idInWords, asciiLowerCase)
  const steady = unsteady.reduce((text, pattern) => text.replaceAll(pattern, '…'), lower)
  const characters = Array.from(steady)
  return characters.length > maxWordsLength ? `${characters.slice(0, maxWordsLength - 1).join('')}…` : steady
}

function visibleLine(text: string): string {
  return visible(text.replaceAll(/\s+/g, ' ').trim())
}
