import { foldCase } from './fold-case.ts'

/** An ARM id of a resource in a resource group, or of a child of one. */
export interface ResourceId {
  /** As Azure or the caller spelled it. For display and for URLs. */
  readonly id: string
  /** The same for all ids that Azure takes for this one: for everything but what confirms. See `foldCase`. */
  readonly key: string
  /** ASCII lower case: for what confirms or allows. Two that differ may have the same `key`. */
  readonly strictKey: string
  readonly subscriptionId: string
  readonly resourceGroup: string
  /** Provider and type names, `Microsoft.Storage/storageAccounts/privateEndpointConnections`. */
  readonly type: string
  /** The last name in the id. */
  readonly name: string
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const segment = /^[\p{L}\p{N}._()-]+$/u
const ascii = /^\p{ASCII}*$/u
const maxIdLength = 1024

/** Lower case for A–Z only: texts that are the same in it are certainly the same to Azure. */
export function asciiLowerCase(text: string): string {
  return ascii.test(text) ? text.toLowerCase() : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** True for a subscription or tenant id in the usual 8-4-4-4-12 form. */
export function isGuid(text: string): boolean {
  return guid.test(text)
}

/**
 * Reads `/subscriptions/{guid}/resourceGroups/{name}/providers/{namespace}/{type}/{name}[/{type}/{name}…]`.
 * Returns undefined for anything else: empty or dot segments, escapes, a query, another host, a missing name.
 */
export function parseResourceId(text: unknown): ResourceId | undefined {
  if (typeof text !== 'string' || text.length > maxIdLength || !text.startsWith('/')) return undefined
  const parts = text.slice(1).split('/')
  const [subscriptions, subscriptionId, groups, resourceGroup, providers, namespace, ...rest] = parts
  if (!subscriptionId || !resourceGroup || !namespace) return undefined
  if (asciiLowerCase(subscriptions ?? '') !== 'subscriptions' || !isGuid(subscriptionId)) return undefined
  if (asciiLowerCase(groups ?? '') !== 'resourcegroups') return undefined
  if (asciiLowerCase(providers ?? '') !== 'providers') return undefined
  if (rest.length === 0 || rest.length % 2 !== 0) return undefined
  if (!parts.every((part) => segment.test(part) && part !== '.' && part !== '..')) return undefined
  const types = rest.filter((_, index) => index % 2 === 0)
  const strictKey = asciiLowerCase(text)
  return {
    id: text,
    key: foldCase(strictKey),
    strictKey,
    subscriptionId: asciiLowerCase(subscriptionId),
    resourceGroup,
    type: [namespace, ...types].join('/'),
    name: rest[rest.length - 1] ?? '',
  }
}

/** True when both name the same resource to Azure, as far as is known. */
export function isSameResource(a: Pick<ResourceId, 'key'>, b: Pick<ResourceId, 'key'>): boolean {
  return a.key === b.key
}

/** As `isSameResource`, and nothing but the case of A–Z differs: for what confirms or allows. */
export function isCertainlySameResource(
  a: Pick<ResourceId, 'strictKey'>,
  b: Pick<ResourceId, 'strictKey'>,
): boolean {
  return a.strictKey === b.strictKey
}

/** True when two names of types, groups or resources are the same to Azure, as far as is known. */
export function isSameName(a: string, b: string): boolean {
  return a === b || foldCase(a) === foldCase(b)
}

/** As `isSameName`, and nothing but the case of A–Z differs: for what confirms or allows. */
export function isCertainlySameName(a: string, b: string): boolean {
  return a === b || asciiLowerCase(a) === asciiLowerCase(b)
}

/** Each resource once, in the spelling that came first. */
export function distinct<Id extends { readonly key: string }>(ids: readonly Id[]): readonly Id[] {
  return ids.filter((id, index) => ids.findIndex((other) => other.key === id.key) === index)
}
