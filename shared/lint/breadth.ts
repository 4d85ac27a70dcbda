import { requesterKinds, spokenRequester } from '../domain/requester-kind.ts'
import { isGuid } from '../domain/resource-id.ts'
import { namedRequester, type RequesterPattern, type RuleContent } from '../domain/rule.ts'
import { parseManagementGroup, parseScope } from '../domain/scope.ts'
import type { Remark } from './finding.ts'

/** An `allow` of everybody in a tenant. The root management group is named like its tenant unless that was changed. */
export function wholeTenant({ effect, requester }: RuleContent): Remark | undefined {
  if (effect !== 'allow') return undefined
  const tenant =
    requester?.kind === 'tenant'
      ? `tenant ${requester.tenantId}`
      : requester?.kind === 'management-group' && isGuid(requester.name)
        ? `management group ${requester.name}, which is named as a tenant's root group is,`
        : undefined
  return tenant === undefined
    ? undefined
    : {
        code: 'whole-tenant',
        sentence:
          `requester is ${tenant}: anybody who can make an endpoint in any subscription of the tenant is allowed.` +
          ' Name subscriptions, resource groups or endpoints.',
      }
}

/** An `allow` on every subscription under a management group, those that come later among them. */
export function wideTarget({ effect, target }: RuleContent): Remark | undefined {
  const group = effect === 'allow' ? parseManagementGroup(target) : undefined
  return group === undefined
    ? undefined
    : {
        code: 'wide-target',
        sentence:
          `target is management group ${group}: the allow counts in each subscription under it, also in those that` +
          ' are moved there later. Name subscriptions, resource groups or resources.',
      }
}

/** An `allow` without a second witness for everyone who can create an endpoint in one or more subscriptions. */
export function widePlatformProof({ effect, proof, requester }: RuleContent): Remark | undefined {
  if (effect !== 'allow' || proof !== 'platform' || requester === undefined) return undefined
  const place = wideRequester(requester)
  return place === undefined
    ? undefined
    : {
        code: 'wide-platform-proof',
        sentence:
          `proof is platform and requester is ${place}: no second witness is asked, and anybody who can make an endpoint` +
          ' there is allowed. Ask for confirmed, or name a resource group or an endpoint.',
      }
}

function wideRequester(requester: RequesterPattern): string | undefined {
  switch (requester.kind) {
    case 'tenant':
      return 'a whole tenant'
    case 'management-group':
      return `management group ${requester.name}`
    case 'scope':
      return parseScope(requester.pattern)?.segments.length === 2 ? 'a whole subscription' : undefined
    case 'resource':
      return undefined
  }
}

/** A `*` that is a whole name. In `endpointName` it has no effect, and elsewhere it matches every name. */
export function starAlone({ effect, target, requester, endpointName }: RuleContent): Remark | undefined {
  if (endpointName === '*')
    return remark('endpointName is *, which every name fits. Leave it out, or say more of the name.')
  if (effect !== 'allow') return undefined
  if (hasStarAlone(target))
    return remark(`target has * as a whole name (${target}). Say more of the name, or name the subscription.`)
  return requester?.kind === 'scope' && hasStarAlone(requester.pattern)
    ? remark(
        `requester has * as a whole name (${requester.pattern}). Say more of the name, or name the subscription.`,
      )
    : undefined
}

function hasStarAlone(scope: string): boolean {
  return scope.split('/').includes('*')
}

function remark(sentence: string): Remark {
  return { code: 'star-alone', sentence }
}

/** An `allow` of a requester that can never be confirmed. */
export function neverConfirmed({ effect, requester }: RuleContent): Remark | undefined {
  const named = effect === 'allow' ? namedRequester(requester) : undefined
  if (named === undefined || requesterKinds[named.kind].reach === 'confirmed') return undefined
  return {
    code: 'never-confirmed',
    sentence:
      `requester is ${spokenRequester(named.kind, named.id.name)}, which cannot say which endpoint is its own:` +
      ' this allow never approves; it makes the app ask, and notify the person who decides.',
  }
}
