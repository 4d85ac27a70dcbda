import type { Log } from '../../ports/log.ts'
import type { ArmClient } from '../arm/client.ts'
import { ArmError } from '../arm/error.ts'
import { whyNot } from '../arm/why-not.ts'
import { type TenantFinding, tenantOfChallenge } from './tenant-challenge.ts'

/** Reading the owner of a subscription is one quick call; a slow response counts as none. */
export const tenantMilliseconds = 5_000

const apiVersion = '2020-01-01'
const keepMilliseconds = 60 * 60 * 1000
const keepProblemMilliseconds = 30 * 1000
const rememberMilliseconds = 2 * keepMilliseconds
const maxKept = 1_000

export interface Tenants {
  /** Tenant that owns a subscription, in lower case, or why it is unknown. Never throws. */
  ownerOf(subscriptionId: string): Promise<TenantFinding>
}

interface Learned {
  readonly tenantId: string
  readonly at: number
}

interface Kept {
  readonly finding: TenantFinding
  readonly until: number
  /** Outlives failures, so that another owner after them is noticed. */
  readonly learned: Learned | undefined
}

const twoOwners: TenantFinding = { problem: 'Azure named two different tenants within two hours' }

/**
 * Reads the owner of a subscription from ARM: a GET without a token gives a 401, and its `WWW-Authenticate` names the
 * owning tenant (reported by users' audit scripts; the same for tenants the app can not read). A tenant is kept for an
 * hour, a failure for half a minute. Concurrent calls for one subscription share one. A subscription whose owner
 * differs from that of less than two hours before has no owner for an hour: one of the two responses is wrong.
 * @param anonymousArm a client without a credential.
 * @param loginHosts as for `tenantOfChallenge`.
 */
export function createTenants(
  anonymousArm: ArmClient,
  loginHosts: readonly string[],
  log: Log,
  now: () => Date,
): Tenants {
  const kept = new Map<string, Kept>()
  const underWay = new Map<string, Promise<TenantFinding>>()

  async function ask(subscriptionId: string): Promise<TenantFinding> {
    try {
      await anonymousArm.request('GET', `/subscriptions/${subscriptionId}`, apiVersion)
      return { problem: 'Azure accepted a call without a token' }
    } catch (error) {
      return error instanceof ArmError && error.status === 401
        ? tenantOfChallenge(error.challenge, loginHosts)
        : { problem: `Azure gave ${whyNot(error)}` }
    }
  }

  async function renew(subscriptionId: string): Promise<TenantFinding> {
    const said = await ask(subscriptionId)
    const fresh = evaluate(said, kept.get(subscriptionId)?.learned, now().getTime())
    if ('problem' in fresh.finding) {
      log.warn('Nobody said which tenant owns a subscription', { subscriptionId, ...fresh.finding })
    }
    kept.delete(subscriptionId)
    kept.set(subscriptionId, fresh)
    const [oldest] = kept.keys()
    if (kept.size > maxKept && oldest !== undefined) kept.delete(oldest)
    return fresh.finding
  }

  return {
    ownerOf(subscriptionId) {
      const known = kept.get(subscriptionId)
      if (known && isFresh(known, now().getTime())) return Promise.resolve(known.finding)
      const asked = underWay.get(subscriptionId) ?? renew(subscriptionId)
      underWay.set(subscriptionId, asked)
      return asked.finally(() => underWay.delete(subscriptionId))
    },
  }
}

/** One that ends later than it can was kept before the clock was set back. */
function isFresh({ until }: Kept, at: number): boolean {
  return at < until && until - at <= keepMilliseconds
}

function evaluate(finding: TenantFinding, learned: Learned | undefined, at: number): Kept {
  const remembered = learned && at - learned.at < rememberMilliseconds ? learned : undefined
  if ('problem' in finding) return { finding, until: at + keepProblemMilliseconds, learned: remembered }
  const until = at + keepMilliseconds
  if (remembered && remembered.tenantId !== finding.tenantId) {
    return { finding: twoOwners, until, learned: undefined }
  }
  return { finding, until, learned: { tenantId: finding.tenantId, at } }
}
