import { StartFailure } from '../failure.ts'

/** Values by parameter name, or undefined when the path does not match. */
export type RouteMatcher = (path: string) => Record<string, string> | undefined

// The values that ASP.NET's inline constraints allow, as regular expressions; only constraints that make sense in a
// template.
const constraints: Record<string, string> = {
  alpha: '[a-zA-Z]+',
  bool: '(?:true|false)',
  guid: '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}',
  int: '[+-]?\\d+',
  long: '[+-]?\\d+',
}

interface Parameter {
  name: string
  fallback: string | undefined
}

/**
 * Makes a matcher of a route template: literals, `{name}`, `{name?}`, `{name=value}`, `{name:constraint}` and
 * `{*rest}`; several parameters in a segment are allowed. Case and one trailing slash are ignored; a catch-all returns
 * the rest of the path unchanged (seen with host 4.1037; constraints and defaults: ASP.NET documentation).
 * @throws StartFailure when the template cannot be read or has a constraint that this host does not support
 */
export function createRouteMatcher(template: string): RouteMatcher {
  const parameters: Parameter[] = []
  const segments = template
    .replace(/^\/+|\/+$/g, '')
    .split('/')
    .filter((segment) => segment !== '')
  const source = segments.map((segment) => segmentPattern(segment, template, parameters)).join('')
  const pattern = new RegExp(`^${source}/?$`, 'isu')
  return (path) => {
    const match = pattern.exec(path)
    if (!match) return undefined
    const values = parameters.map(({ name, fallback }, index) => [name, match[index + 1] || fallback])
    return Object.fromEntries(values.filter(([, value]) => value !== undefined)) as Record<string, string>
  }
}

function segmentPattern(segment: string, template: string, parameters: Parameter[]): string {
  const parts = segment.split(/(\{[^{}]*\})/).filter((part) => part !== '')
  if (parts.some((part) => !part.startsWith('{') && /[{}]/.test(part))) {
    throw new StartFailure(`The route template "${template}" has a brace that is not closed or not opened.`)
  }
  const only = parts.length === 1 ? parts[0] : undefined
  if (only?.startsWith('{*')) {
    parameters.push({ name: only.slice(1, -1).replace(/^\*+/, ''), fallback: undefined })
    return '(?:/(.*))?'
  }
  const patterns = parts.map((part) =>
    part.startsWith('{') ? parameterPattern(part.slice(1, -1), template, parameters) : escapeLiteral(part),
  )
  const optional = only !== undefined && patterns[0]?.endsWith('?') === true
  return optional ? `(?:/${patterns.join('')})?` : `/${patterns.join('')}`
}

function parameterPattern(text: string, template: string, parameters: Parameter[]): string {
  const match = /^([^:?=]+)((?::[^:?=]+)*)(\?|=.*)?$/.exec(text)
  if (!match?.[1])
    throw new StartFailure(
      `The route template "${template}" has the parameter "{${text}}", which cannot be read.`,
    )
  const [, name, constraintList = '', suffix] = match
  const expected = constraintList.split(':').filter((each) => each !== '')
  const unknown = expected.find((each) => constraints[each] === undefined)
  if (unknown !== undefined) {
    throw new StartFailure(
      `The route template "${template}" has the constraint "${unknown}", which this host does not know.`,
    )
  }
  parameters.push({ name, fallback: suffix?.startsWith('=') ? suffix.slice(1) : undefined })
  const ahead = expected.map((each) => `(?=${constraints[each] ?? ''}(?:/|$))`).join('')
  return `${ahead}([^/]+)${suffix === undefined ? '' : '?'}`
}

function escapeLiteral(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
