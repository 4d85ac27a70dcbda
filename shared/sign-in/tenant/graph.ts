import type { TokenCredential } from '@azure/core-auth'
import { z } from 'zod'
import { Refused } from '../../http/refusals.ts'

export interface GraphOptions {
  readonly endpoint: string
  readonly scope: string
}

/** The most that one call takes. */
const maxGroups = 20
const timeoutMs = 10_000

const body = z.object({ value: z.array(z.string()) })

/**
 * Which of the groups a person is in, by Microsoft Graph `checkMemberGroups`: for a person whose groups do not fit into
 * a token. The address is the cloud's own, never one that a token names.
 * @throws Refused where the app has no permission, or Graph does not respond.
 */
export async function memberGroups(
  { endpoint, scope }: GraphOptions,
  credential: TokenCredential,
  objectId: string,
  groups: readonly string[],
): Promise<readonly string[]> {
  const pages = Array.from({ length: Math.ceil(groups.length / maxGroups) }, (_, index) =>
    groups.slice(index * maxGroups, (index + 1) * maxGroups),
  )
  try {
    const token = await credential.getToken(scope)
    const found: string[] = []
    for (const groupIds of pages) {
      const response = await fetch(`${endpoint}/v1.0/users/${objectId}/checkMemberGroups`, {
        method: 'POST',
        redirect: 'error',
        headers: { authorization: `Bearer ${token?.token ?? ''}`, 'content-type': 'application/json' },
        body: JSON.stringify({ groupIds }),
        signal: AbortSignal.timeout(timeoutMs),
      })
      if (response.status === 403) throw new Refused('groups-unreadable')
      if (!response.ok) throw new Error(`Microsoft Graph responded ${response.status}.`)
      found.push(...body.parse(await response.json()).value)
    }
    return found
  } catch (error) {
    throw error instanceof Refused ? error : new Refused('tenant-unavailable', '', { cause: error })
  }
}
