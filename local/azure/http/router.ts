import type { Reply, Call } from './exchange.ts'

/** Handles one call. */
export type Handler = (call: Call) => Reply | Promise<Reply>

/** A method and a path template such as `/subscriptions/{subscription}`; fixed segments match in any case. */
export interface Route {
  readonly method: string
  readonly template: string
  readonly handle: Handler
}

/** The matching route, with the values of its parameters. */
export interface Match {
  readonly route: Route
  readonly params: ReadonlyMap<string, string>
}

/** Finds the first matching route of the table. If there is none, `pathKnown` distinguishes 405 from 404. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  path: string,
): { match: Match | undefined; pathKnown: boolean } {
  const segments = splitPath(path)
  let pathKnown = false
  for (const route of routes) {
    const params = matchTemplate(templateSegments(route.template), segments)
    if (params === undefined) continue
    pathKnown = true
    if (route.method === method) return { match: { route, params }, pathKnown }
  }
  return { match: undefined, pathKnown }
}

/** Every call tries most templates: each is split once. */
const splitTemplates = new Map<string, readonly string[]>()

function templateSegments(template: string): readonly string[] {
  const known = splitTemplates.get(template)
  if (known !== undefined) return known
  const segments = splitPath(template)
  splitTemplates.set(template, segments)
  return segments
}

function splitPath(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '')
}

function matchTemplate(
  template: readonly string[],
  segments: readonly string[],
): Map<string, string> | undefined {
  if (template.length !== segments.length) return undefined
  const params = new Map<string, string>()
  for (const [index, expected] of template.entries()) {
    const seen = segments[index] ?? ''
    if (expected.startsWith('{')) params.set(expected.slice(1, -1), seen)
    else if (expected.toLowerCase() !== seen.toLowerCase()) return undefined
  }
  return params
}
