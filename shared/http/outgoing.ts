/** A cookie to set. The name carries the rules: see cookies.ts. */
export interface Cookie {
  readonly name: string
  readonly value: string
  readonly path: '/'
  readonly httpOnly: true
  readonly sameSite: 'Lax'
  readonly secure: boolean
  readonly maxAge: number
}

/** A response, as functions give it back. */
export interface Outgoing {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly cookies?: readonly Cookie[]
  readonly body?: string
  readonly jsonBody?: unknown
}

/** Leads on by GET, after whatever method. */
export function seeOther(location: string, cookies: readonly Cookie[] = []): Outgoing {
  return { status: 303, headers: { location }, cookies }
}
