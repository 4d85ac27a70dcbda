import { asObject } from '../../azure/http/exchange.ts'
import { propertiesOf, readingProblems } from './adaptive-cards.ts'

/** Actions that work on a card that came by a webhook: no bot is there to take the others. */
const workingActions = ['Action.OpenUrl', 'Action.ShowCard', 'Action.ToggleVisibility']
const cardType = 'application/vnd.microsoft.card.adaptive'
/** Values of these are data of the sender, not elements. */
const opaque = ['msteams', 'data', 'requires', '$data', 'metadata']
const texts = ['text', 'title', 'value', 'url', 'fallbackText', 'altText']

/**
 * Why Teams would not show a message as it was sent, although the trigger has accepted it; empty if it would. The sender
 * never learns it: in Azure it stands in the run history of the flow.
 */
export function messageProblems(message: Record<string, unknown>): readonly string[] {
  const { type, attachments } = message
  const typeProblems = type === 'message' ? [] : [`type is ${quoted(type)}; expected: "message".`]
  if (!Array.isArray(attachments)) {
    return [
      ...typeProblems,
      "The flow fails: the result of 'foreach' is of type 'Null'; attachments is missing.",
    ]
  }
  if (attachments.length === 0) return [...typeProblems, 'attachments is empty, so there is no card to show.']
  return [...typeProblems, ...(attachments as unknown[]).flatMap(attachmentProblems)]
}

/** The first card of the message; undefined if there is none. */
export function firstCard({ attachments }: Record<string, unknown>): unknown {
  if (!Array.isArray(attachments)) return undefined
  return (attachments as unknown[])
    .map((one) => asObject(one))
    .find(({ contentType }) => contentType === cardType)?.['content']
}

function attachmentProblems(attachment: unknown): readonly string[] {
  const { contentType, content } = asObject(attachment)
  if (contentType !== cardType) {
    return [`contentType is ${quoted(contentType)}; expected: "${cardType}".`]
  }
  const card = asObject(content)
  if (card['type'] !== 'AdaptiveCard')
    return [`Property 'type' must be 'AdaptiveCard'; it is ${quoted(card['type'])}.`]
  return [...versionProblems(card['version']), ...readingProblems(card), ...objectProblems(card)]
}

function versionProblems(version: unknown): readonly string[] {
  const [, minor] = /^1\.(\d+)$/.exec(typeof version === 'string' ? version : '') ?? []
  if (minor === undefined) return [`version is ${quoted(version)}; expected: "1.0" to "1.4".`]
  return Number(minor) <= 4
    ? []
    : [`version is "1.${minor}"; older clients of Teams show cards up to 1.4 only.`]
}

/** The problems of an object of the card and of everything in it, where the renderer is silent. */
function objectProblems(object: Record<string, unknown>): readonly string[] {
  const { type } = object
  const own = typeof type === 'string' ? elementProblems(type, object) : []
  const inside = Object.entries(object).filter(([name]) => !opaque.includes(name))
  return [...own, ...inside.flatMap(([, value]) => [value].flat().filter(isObject).flatMap(objectProblems))]
}

function elementProblems(type: string, object: Record<string, unknown>): readonly string[] {
  const known = propertiesOf(type)
  if (known === undefined) return []
  const unknownNames = Object.keys(object).filter((name) => !known.has(name))
  return [
    ...unknownNames.map((name) => `${type} has no property "${name}" in version 1.4.`),
    ...textProblems(type, object),
    ...(type === 'FactSet' ? factProblems(object['facts']) : []),
    ...(type === 'Action.OpenUrl' ? urlProblems(object['url']) : []),
    ...(type.startsWith('Action.') && !workingActions.includes(type)
      ? [`${type} does nothing on a card that came by a webhook; expected: ${workingActions.join(', ')}.`]
      : []),
  ]
}

function textProblems(type: string, object: Record<string, unknown>): readonly string[] {
  const wrong = texts.filter((name) => name in object && typeof object[name] !== 'string')
  const missing = ['TextBlock', 'TextRun'].includes(type) && !('text' in object)
  return [
    ...wrong.map((name) => `${name} of ${type} is ${quoted(object[name])}; expected: a text.`),
    ...(missing ? [`${type} has no text.`] : []),
  ]
}

function factProblems(facts: unknown): readonly string[] {
  if (!Array.isArray(facts)) return ['FactSet has no list of facts.']
  const isFact = (fact: Record<string, unknown>) =>
    Object.keys(fact).toSorted().join() === 'title,value' &&
    Object.values(fact).every((one) => typeof one === 'string')
  return (facts as unknown[])
    .filter((fact) => !isFact(asObject(fact)))
    .map((fact) => `A fact is ${quoted(fact)}; expected: {title, value}, both texts.`)
}

function urlProblems(url: unknown): readonly string[] {
  const isWeb = typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
  return isWeb ? [] : [`url of Action.OpenUrl is ${quoted(url)}; expected: an address with https.`]
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function quoted(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 200)
}
