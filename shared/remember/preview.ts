import { areTags, shortTime } from '../allow-list/rule/content.ts'
import { contentFieldNames, type ContentField } from '../allow-list/rule/fields.ts'
import { requesterText } from '../allow-list/rule/scopes.ts'
import { visibleLines } from '../domain/printable.ts'
import type { RequesterPattern, RuleContent, Tag } from '../domain/rule.ts'

/** A field of a rule as files call it, and what it says. */
export interface PreviewLine {
  readonly label: ContentField
  /** Text from outside may be in it: escape it for where it is shown. Only a justification has several lines. */
  readonly value: string
}

/**
 * What a rule says, field by field in the order of a file, defaults included; fields that say nothing are left out. Two
 * pinned rules that differ have different lines, because every character in them shows.
 */
export function previewOf(content: RuleContent): readonly PreviewLine[] {
  return contentFieldNames.flatMap((label) => {
    const value = isOfQuestion(label) ? '' : textOf(content[label])
    return value === '' ? [] : [{ label, value: visibleLines(value) }]
  })
}

/** Fields that only a rule has which asks people; a pinned rule never does. */
function isOfQuestion(label: ContentField): label is 'reasonRequired' | 'expiresAfter' | 'atExpiry' {
  return label === 'reasonRequired' || label === 'expiresAfter' || label === 'atExpiry'
}

type FieldValue = string | number | readonly string[] | readonly Tag[] | RequesterPattern | undefined

function textOf(value: FieldValue): string {
  if (value === undefined) return ''
  if (typeof value === 'string') return shortTime(value)
  if (typeof value === 'number') return String(value)
  if ('kind' in value) return requesterText(value)
  return areTags(value) ? value.map((tag) => `${tag.name}=${tag.value}`).join(', ') : value.join(', ')
}
