import { asciiLowerCase, isGuid } from '../domain/resource-id.ts'
import type { Log } from '../review/ports.ts'
import type { ArmClient } from './arm-client.ts'
import { ArmError } from './arm-error.ts'

const apiVersion = '2020-01-01'
const keepMilliseconds = 60 * 60 * 1000
const mostKept = 1_000

export interface Tenants {
  /** Tenant that owns a subscription, in lower case; undefined when nobody could say. Never throws. */
  ownerOf(subscriptionId: string): Promise<string | undefined>
}

/**
 * Asks ARM who owns a subscription: a GET without a token is answered with 401, and its `WWW-Authenticate` names
 * the owning tenant (reported by users' audit scripts; the same for tenants the app can not read). A subscription
 * does not change hands often, so a tenant once learned is kept for an hour; a failure is not kept.
 * @param anonymousArm a client without a credential.
 */
export function createTenants(anonymousArm: ArmClient, log: Log, now: () => Date): Tenants {
  const kept = new Map<string, { readonly tenantId: string; readonly until: number }>()

  async function ask(subscriptionId: string): Promise<string | undefined> {
    try {
      await anonymousArm.request('GET', `/subscriptions/${subscriptionId}`, apiVersion)
      return undefined
    } catch (error) {
      if (!(error instanceof ArmError)) throw error
      const tenantId = error.status === 401 ? tenantOfChallenge(error.challenge) : undefined
      if (tenantId === undefined) {
        log.warn('Nobody said which tenant owns a subscription', { subscriptionId, status: error.status })
      }
      return tenantId
    }
  }

  return {
    async ownerOf(subscriptionId) {
      const at = now().getTime()
      const known = kept.get(subscriptionId)
      if (known && at < known.until) return known.tenantId
      const tenantId = await ask(subscriptionId)
      if (tenantId !== undefined) {
        if (kept.size >= mostKept) kept.clear()
        kept.set(subscriptionId, { tenantId, until: at + keepMilliseconds })
      }
      return tenantId
    },
  }
}

/**
 * The tenant in a challenge such as `Bearer authorization_uri="https://login.windows.net/{tenant}", error=…`.
 * Undefined for anything odd: no or several addresses, an address that is none, a first segment that is no GUID.
 */
export function tenantOfChallenge(challenge: string | undefined): string | undefined {
  const found = [...(challenge ?? '').matchAll(/\bauthorization_uri="([^"]*)"/gi)]
  const address = found.length === 1 ? found[0]?.[1] : undefined
  if (address === undefined || !URL.canParse(address)) return undefined
  const tenantId = new URL(address).pathname.split('/')[1]
  return tenantId !== undefined && isGuid(tenantId) ? asciiLowerCase(tenantId) : undefined
}
