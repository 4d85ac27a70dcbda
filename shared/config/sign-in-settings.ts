import { z } from 'zod'
import { isGuid } from '../domain/resource-id.ts'
import type { Cloud, ServiceAddress } from './clouds.ts'
import { httpsAddress, httpsOrLoopbackOrigin, scope } from './fields.ts'

/** What sign-in needs. */
export interface SignInSettings {
  readonly kind: 'complete'
  readonly tenantId: string
  readonly clientId: string
  /** Undefined: the app proves itself by a token of its managed identity. */
  readonly clientSecret: string | undefined
  /** The origin at which people reach the app. Nothing that a caller sends replaces it. */
  readonly publicOrigin: string
  readonly authority: string
  readonly assertionScope: string
  readonly graph: ServiceAddress
  readonly allowGuests: boolean
}

/** Sign-in is not set up. */
export interface MissingSignInSettings {
  readonly kind: 'missing'
  readonly names: readonly string[]
}

const tenantOrClient = (what: string) =>
  z
    .string()
    .refine(isGuid, what)
    .transform((text) => text.toLowerCase())

export const signInFields = {
  SIGN_IN_TENANT_ID: tenantOrClient('the id of the tenant whose people sign in').optional(),
  SIGN_IN_CLIENT_ID: tenantOrClient('the client id of the app registration').optional(),
  SIGN_IN_CLIENT_SECRET: z.string().optional(),
  SIGN_IN_AUTHORITY: httpsOrLoopbackOrigin.optional(),
  PUBLIC_ORIGIN: httpsOrLoopbackOrigin.optional(),
  ALLOW_GUESTS: z.enum(['true', 'false'], { error: 'true or false' }).default('false'),
  GRAPH_ENDPOINT: httpsAddress.optional(),
  GRAPH_SCOPE: scope.optional(),
}

type Values = z.output<z.ZodObject<typeof signInFields>>

/** Sign-in is set up when all three settings that have no default are there. */
export function signInSettings(values: Values, { signIn }: Cloud): SignInSettings | MissingSignInSettings {
  const { SIGN_IN_TENANT_ID, SIGN_IN_CLIENT_ID, PUBLIC_ORIGIN, GRAPH_ENDPOINT, GRAPH_SCOPE } = values
  const needed = { SIGN_IN_TENANT_ID, SIGN_IN_CLIENT_ID, PUBLIC_ORIGIN }
  if (SIGN_IN_TENANT_ID === undefined || SIGN_IN_CLIENT_ID === undefined || PUBLIC_ORIGIN === undefined) {
    return {
      kind: 'missing',
      names: Object.entries(needed).flatMap(([name, value]) => (value === undefined ? [name] : [])),
    }
  }
  return {
    kind: 'complete',
    tenantId: SIGN_IN_TENANT_ID,
    clientId: SIGN_IN_CLIENT_ID,
    clientSecret: values.SIGN_IN_CLIENT_SECRET,
    publicOrigin: new URL(PUBLIC_ORIGIN).origin,
    authority: new URL(values.SIGN_IN_AUTHORITY ?? signIn.authority).origin,
    assertionScope: signIn.assertionScope,
    graph: { endpoint: GRAPH_ENDPOINT ?? signIn.graph.endpoint, scope: GRAPH_SCOPE ?? signIn.graph.scope },
    allowGuests: values.ALLOW_GUESTS === 'true',
  }
}
