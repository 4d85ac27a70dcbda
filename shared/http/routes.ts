import type { AppRole } from '../domain/caller.ts'

export type Method = 'GET' | 'POST'

/** Who may call a route. A caller needs one of the roles that are listed. */
export type Guard = 'anonymous' | 'function-key' | 'signed-in' | readonly [AppRole, ...AppRole[]]

/** One HTTP function: the host takes no call for it that is not in its row. */
export interface RouteRow {
  /** The template, without a leading slash; empty for the first page. No two rows may fit the same call. */
  readonly route: string
  readonly methods: readonly [Method, ...Method[]]
  readonly guard: Guard
  /** Pages are for people, and problems (RFC 9457) for programs. */
  readonly replies: 'page' | 'problem'
  /** True for a page to which a sign-in may lead back. */
  readonly isReturnPlace?: true
  /** True for where the form of the page above is sent: what was typed is kept when the session has ended. */
  readonly isForm?: true
}

/**
 * Every HTTP function of the app by its name. Functions are registered from here only, so that none is open to everybody
 * because a line was forgotten.
 */
export const routes = {
  account: {
    route: 'account',
    methods: ['GET'],
    guard: 'signed-in',
    replies: 'page',
    isReturnPlace: true,
  },
  case: {
    route: 'cases/{id}',
    methods: ['GET'],
    guard: ['Reader', 'Approver'],
    replies: 'page',
    isReturnPlace: true,
  },
  caseDecision: {
    route: 'cases/{id}/decision',
    methods: ['POST'],
    guard: ['Approver'],
    replies: 'page',
    isForm: true,
  },
  healthz: { route: 'healthz', methods: ['GET'], guard: 'anonymous', replies: 'problem' },
  readyz: { route: 'readyz', methods: ['GET'], guard: 'function-key', replies: 'problem' },
  request: {
    route: 'requests/{id}',
    methods: ['GET'],
    guard: ['Reader', 'Approver'],
    replies: 'page',
    isReturnPlace: true,
  },
  decision: {
    route: 'requests/{id}/decision',
    methods: ['POST'],
    guard: ['Approver'],
    replies: 'page',
    isForm: true,
  },
  rule: {
    route: 'requests/{id}/rule',
    methods: ['POST'],
    guard: ['Approver'],
    replies: 'page',
    isForm: true,
  },
  reviewLink: {
    route: 'review/{token}',
    methods: ['GET'],
    guard: ['Reader', 'Approver'],
    replies: 'page',
    isReturnPlace: true,
  },
  signIn: { route: 'sign-in', methods: ['GET'], guard: 'anonymous', replies: 'page' },
  signInCallback: { route: 'sign-in/callback', methods: ['GET'], guard: 'anonymous', replies: 'page' },
  signOut: { route: 'sign-out', methods: ['POST'], guard: 'signed-in', replies: 'page' },
  signedOut: { route: 'signed-out', methods: ['GET'], guard: 'anonymous', replies: 'page' },
  stylesheet: { route: 'page.css', methods: ['GET'], guard: 'anonymous', replies: 'page' },
  waiting: { route: '', methods: ['GET'], guard: 'signed-in', replies: 'page', isReturnPlace: true },
} as const satisfies Record<string, RouteRow>

export type RouteName = keyof typeof routes

/** Where a sign-in leads when no other page asked for it. */
export const usualPlace = `/${routes.waiting.route}`

/** A value in a path: ids of cases and requests, tokens of links. */
const valueForm = '[A-Za-z0-9._~-]{1,512}'

/** The path, if it is a page to which a sign-in may lead back. Nothing else is ever redirected to. */
export function returnPlace(
  path: string | null | undefined,
  table: Readonly<Record<string, RouteRow>> = routes,
): string | undefined {
  if (path === undefined || path === null) return undefined
  const isPlace = Object.values(table).some(
    ({ route, isReturnPlace }) => isReturnPlace && patternOf(route).test(path),
  )
  return isPlace ? path : undefined
}

function patternOf(route: string): RegExp {
  const segments = route
    .split('/')
    .map((segment) => (segment.startsWith('{') ? valueForm : segment.replaceAll('.', String.raw`\.`)))
  return new RegExp(`^/${segments.join('/')}$`)
}
