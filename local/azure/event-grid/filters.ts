import { idKey } from '../ids.ts'
import type { AdvancedFilter, EventSubscription, GridEvent } from '../state.ts'

const notifications = 'Microsoft.ResourceNotifications.Resources.'

/** True when the event subscription matches the event: scope, types, subject and all advanced filters. */
export function matchesFilter(subscription: EventSubscription, event: GridEvent): boolean {
  return (
    subscription.provisioningState === 'Succeeded' &&
    inScope(subscription.scope, event.subject) &&
    matchesType(subscription, event.eventType) &&
    matchesSubject(subscription, event.subject) &&
    subscription.advancedFilters.every((filter) => passes(filter, event))
  )
}

function inScope(scope: string, uri: string): boolean {
  return idKey(uri) === idKey(scope) || idKey(uri).startsWith(`${idKey(scope)}/`)
}

/** A subscription without a list of types gets the types of its own source. */
function matchesType(subscription: EventSubscription, eventType: string): boolean {
  const included = subscription.includedEventTypes
  if (included !== null && included.length > 0) {
    return included.some((type) => type.toLowerCase() === eventType.toLowerCase())
  }
  const isNotification = subscription.topicType.toLowerCase().startsWith('microsoft.resourcenotifications')
  return eventType.startsWith(notifications) === isNotification
}

function matchesSubject(subscription: EventSubscription, subject: string): boolean {
  const fold = (text: string): string => (subscription.caseSensitive ? text : text.toLowerCase())
  return (
    fold(subject).startsWith(fold(subscription.subjectBeginsWith)) &&
    fold(subject).endsWith(fold(subscription.subjectEndsWith))
  )
}

type Test = (seen: string, value: string) => boolean

const stringTests: Readonly<Record<string, Test>> = {
  StringIn: (seen, value) => seen === value,
  StringBeginsWith: (seen, value) => seen.startsWith(value),
  StringEndsWith: (seen, value) => seen.endsWith(value),
  StringContains: (seen, value) => seen.includes(value),
}

/** Whether an operator of advanced filters is supported, apart from the `StringNot…` forms of string operators. */
export function isKnownOperator(operator: string): boolean {
  return operator === 'IsNotNull' || operator === 'IsNullOrUndefined' || stringTest(operator) !== undefined
}

function stringTest(operator: string): { test: Test; negated: boolean } | undefined {
  const negated = operator.startsWith('StringNot')
  const test = stringTests[negated ? operator.replace('StringNot', 'String') : operator]
  return test === undefined ? undefined : { test, negated }
}

function passes(filter: AdvancedFilter, event: GridEvent): boolean {
  const seen = valueAt(event, filter.key)
  if (filter.operatorType === 'IsNotNull') return seen !== undefined
  if (filter.operatorType === 'IsNullOrUndefined') return seen === undefined
  const found = stringTest(filter.operatorType)
  if (found === undefined) return false
  if (seen === undefined) return found.negated
  const values = (filter.values ?? []).map((value) => String(value).toLowerCase())
  const hit = values.some((value) => found.test(seen.toLowerCase(), value))
  return hit !== found.negated
}

/** The value at `data.operationName`, `subject`, … Top-level names of both schemas are supported. */
function valueAt(event: GridEvent, key: string): string | undefined {
  const top: Record<string, unknown> = {
    ...event,
    source: event.topic,
    type: event.eventType,
    time: event.eventTime,
  }
  let value: unknown = top
  for (const part of key.split('.')) {
    if (typeof value !== 'object' || value === null) return undefined
    const entry = Object.entries(value).find(([name]) => name.toLowerCase() === part.toLowerCase())
    value = entry?.[1]
  }
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
