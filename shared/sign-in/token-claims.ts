import { z } from 'zod'
import { Refused } from '../http/refusals.ts'

const texts = z.array(z.string()).max(1_000).default([])

/** Claims of tokens as the v2 endpoint of Entra ID issues them. */
const claims = z.object({
  tid: z.guid(),
  oid: z.guid(),
  sub: z.string().min(1),
  ver: z.literal('2.0'),
  name: z.string().default(''),
  roles: texts,
  groups: texts,
  /** 0 for a member of the tenant, 1 for a guest. */
  acct: z.union([z.literal(0), z.literal(1)]).optional(),
  /** Scopes of a person's access token. */
  scp: z.string().optional(),
  /** The client of an access token. */
  azp: z.string().optional(),
  nonce: z.string().optional(),
  hasgroups: z.boolean().default(false),
  /** Names claims that did not fit into the token. Where they are to be had is not believed. */
  _claim_names: z.record(z.string(), z.string()).default({}),
})

export type TokenClaims = z.output<typeof claims>

/** @throws Refused naming the first claim that is missing or has another form. */
export function readClaims(payload: unknown): TokenClaims {
  const read = claims.safeParse(payload)
  if (read.success) return read.data
  const name = String(read.error.issues[0]?.path[0] ?? '')
  throw new Refused('token-claim-missing', `The claim "${name}" is missing or has another form.`)
}
