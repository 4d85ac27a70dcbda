import { createRequire } from 'node:module'

interface Version {
  compareTo(other: Version): number
}

interface Property {
  readonly name: string
  readonly targetVersion: Version
}

interface CardObject {
  getSchema(): { getCount(): number; getItemAt(index: number): Property }
}

type CardClass = new () => CardObject

interface Registry {
  findByName(name: string): { readonly objectType: CardClass } | undefined
}

/** What this project uses of the official renderer of Adaptive Cards; its types need those of a browser. */
interface AdaptiveCardsModule {
  readonly AdaptiveCard: new () => CardObject & { parse(card: unknown, context: Context): void }
  readonly CardElement: { readonly langProperty: { regEx: RegExp } }
  readonly Column: CardClass
  readonly GlobalRegistry: { readonly elements: Registry; readonly actions: Registry }
  readonly SerializationContext: new (version: Version) => Context
  readonly Versions: { readonly v1_4: Version }
}

interface Context {
  readonly eventCount: number
  getEventAt(index: number): { readonly message: string }
}

const bundle = 'adaptivecards/dist/adaptivecards.js'
const require = createRequire(import.meta.url)
const cards = require(bundle) as AdaptiveCardsModule
const { v1_4 } = cards.Versions
const { langProperty } = cards.CardElement
// With its flag g the pattern goes on where it ended at the element before.
langProperty.regEx = new RegExp(langProperty.regEx, 'i')

/** The file that draws cards in a browser. */
export const browserBundle = require.resolve('adaptivecards/dist/adaptivecards.min.js')

/** What the renderer reads besides the properties of its schemas. */
const parts: Readonly<Record<string, readonly string[]>> = {
  AdaptiveCard: ['body', 'actions', 'msteams'],
  Container: ['items'],
  Column: ['items'],
  ColumnSet: ['columns'],
  RichTextBlock: ['inlines'],
  ActionSet: ['actions'],
  'Action.ShowCard': ['card'],
}

/** What the renderer reports when it reads the card as one of version 1.4. */
export function readingProblems(card: unknown): readonly string[] {
  const context = new cards.SerializationContext(v1_4)
  new cards.AdaptiveCard().parse(card, context)
  return Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message)
}

/** The properties that a type of the card's language has in version 1.4; undefined for an unknown type. */
export function propertiesOf(type: string): ReadonlySet<string> | undefined {
  const known = classOf(type)
  if (known === undefined) return undefined
  const schema = new known().getSchema()
  const properties = Array.from({ length: schema.getCount() }, (_, index) => schema.getItemAt(index))
  const named = properties
    .filter(({ targetVersion }) => targetVersion.compareTo(v1_4) !== 1)
    .map(({ name }) => name)
  return new Set([...named, ...(parts[type] ?? []), 'fallback'])
}

function classOf(type: string): CardClass | undefined {
  if (type === 'AdaptiveCard') return cards.AdaptiveCard
  if (type === 'Column') return cards.Column
  const { elements, actions } = cards.GlobalRegistry
  return (elements.findByName(type) ?? actions.findByName(type))?.objectType
}
