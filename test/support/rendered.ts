import { createRequire } from 'node:module'
import { type DefaultTreeAdapterMap, parse } from 'parse5'

type Node = DefaultTreeAdapterMap['node']
type Element = DefaultTreeAdapterMap['element']

/** Every element of an HTML text, as a browser reads it. */
export function elementsOf(html: string): readonly Element[] {
  return nodesOf(parse(html)).filter((node): node is Element => 'tagName' in node)
}

/** The text that an element shows, without its own spaces at line ends. */
export function textOf(node: Node): string {
  return nodesOf(node)
    .flatMap((one) => ('value' in one ? [one.value] : []))
    .join('')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

function nodesOf(node: Node): readonly Node[] {
  return [node, ...('childNodes' in node ? node.childNodes.flatMap(nodesOf) : [])]
}

/** The value of an attribute. */
export function attribute(element: Element, name: string): string | undefined {
  return element.attrs.find((one) => one.name === name)?.value
}

interface Parsed {
  validateProperties(): { readonly validationEvents: readonly { readonly message: string }[] }
}

interface Library {
  readonly AdaptiveCard: new () => Parsed & { parse(card: unknown, context: unknown): void }
  readonly SerializationContext: new () => {
    readonly eventCount: number
    getEventAt(index: number): { message: string }
  }
}

// The ES modules of the package do not resolve under Node.
const library = createRequire(import.meta.url)('adaptivecards/dist/adaptivecards.js') as Library

/** What the official parser of Adaptive Cards objects to. */
export function objectionsTo(card: unknown): readonly string[] {
  const parsed = new library.AdaptiveCard()
  const context = new library.SerializationContext()
  parsed.parse(card, context)
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message)
  // The parser keeps a place in its pattern for languages, and refuses every second right one.
  const refused = events.filter((event) => event !== 'Invalid value "en" for property "lang".')
  return [...refused, ...parsed.validateProperties().validationEvents.map(({ message }) => message)]
}

export interface CardObject {
  readonly [key: string]: unknown
  readonly type: string
}

/** Every object with a type in a card. */
export function objectsOf(value: unknown): readonly CardObject[] {
  if (Array.isArray(value)) return value.flatMap(objectsOf)
  if (typeof value !== 'object' || value === null) return []
  const below = Object.values(value).flatMap(objectsOf)
  return 'type' in value && typeof value.type === 'string' ? [value as CardObject, ...below] : below
}
