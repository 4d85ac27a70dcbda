import { createHash, randomUUID } from 'node:crypto'

/** The parts of an ARM resource id below a resource group. */
export interface ResourceId {
  readonly text: string
  readonly subscriptionId: string
  readonly resourceGroup: string
  /** `Namespace/type` or `Namespace/type/subtype`, as written. */
  readonly type: string
  readonly name: string
}

/** ARM ids are equal without regard to case: the form for comparing and as a key. */
export function idKey(id: string): string {
  return `/${nameKey(id.replace(/^\/+/, '').replace(/\/+$/, ''))}`
}

/** As `idKey`, for one name. Case is ignored letter by letter, as .NET does when it compares ordinally. */
export function nameKey(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase()).replace(/\P{ASCII}/gu, inOneCase)
}

/** The capital, unless it is one of A to Z or more letters than one: `toUpperCase` does more than .NET. */
function inOneCase(letter: string): string {
  const capital = letter.toUpperCase()
  if (capital.length !== letter.length) return letter.toLowerCase()
  return /[A-Z]/.test(capital) ? letter : capital
}

/** Parses `/subscriptions/{s}/resourceGroups/{g}/providers/{namespace}/{type}/{name}…`; undefined for anything else. */
export function parseResourceId(id: string): ResourceId | undefined {
  const parts = id.split('/').filter((part) => part !== '')
  const [subscriptions, subscriptionId, groups, resourceGroup, providers, namespace, ...rest] = parts
  if (subscriptions?.toLowerCase() !== 'subscriptions' || groups?.toLowerCase() !== 'resourcegroups') {
    return undefined
  }
  if (providers?.toLowerCase() !== 'providers' || rest.length < 2 || rest.length % 2 !== 0) return undefined
  if (subscriptionId === undefined || resourceGroup === undefined || namespace === undefined) return undefined
  const types = rest.filter((_, index) => index % 2 === 0)
  return {
    text: `/${parts.join('/')}`,
    subscriptionId,
    resourceGroup,
    type: [namespace, ...types].join('/'),
    name: rest.at(-1) ?? '',
  }
}

/** The subscription id in any ARM path or id; undefined when there is none. */
export function subscriptionOf(id: string): string | undefined {
  return /^\/+subscriptions\/([^/]+)/i.exec(id)?.[1]
}

/** Builds the id of a resource. Of a nested type, such as `Microsoft.Web/sites/slots`, the name is `site/slot`. */
export function resourceId(subscriptionId: string, group: string, type: string, name: string): string {
  const [namespace = '', ...types] = type.split('/')
  const path = name.split('/').flatMap((part, level) => [types[level] ?? '', part])
  return `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/${[namespace, ...path].join('/')}`
}

/** True when two ids name the same thing. */
export function sameId(a: string, b: string): boolean {
  return idKey(a) === idKey(b)
}

/** A GUID that is always the same for the same text. */
export function stableGuid(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** An ETag without its quotes, as Data Factory writes it into bodies. */
export function bareEtag(etag: string): string {
  return etag.slice('W/"'.length, -1)
}

/** An ETag like Azure's: a quoted GUID with W/ before it. */
export function newEtag(): string {
  return `W/"${randomUUID()}"`
}
