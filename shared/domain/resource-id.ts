/** An ARM id of a resource in a resource group, or of a child of one. */
export interface ResourceId {
  /** As Azure or the caller spelled it. For display and for URLs. */
  readonly id: string
  /** ASCII lower case. The only form that is compared, hashed or used in keys. */
  readonly key: string
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

/**
 * Lower case for A–Z only. ARM compares ids without regard to case, but `toLowerCase` also folds look-alikes (the
 * Kelvin sign becomes `k`), which would make different names equal.
 */
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
  return {
    id: text,
    key: asciiLowerCase(text),
    subscriptionId: asciiLowerCase(subscriptionId),
    resourceGroup,
    type: [namespace, ...types].join('/'),
    name: rest[rest.length - 1] ?? '',
  }
}

/** True when both name the same resource. */
export function isSameResource(a: Pick<ResourceId, 'key'>, b: Pick<ResourceId, 'key'>): boolean {
  return a.key === b.key
}

/** True when two names of types, groups or resources are the same to ARM, which ignores ASCII case. */
export function isSameName(a: string, b: string): boolean {
  return asciiLowerCase(a) === asciiLowerCase(b)
}

/** Each resource once, in the spelling that came first. */
export function distinct<Id extends { readonly key: string }>(ids: readonly Id[]): readonly Id[] {
  return ids.filter((id, index) => ids.findIndex((other) => other.key === id.key) === index)
}
