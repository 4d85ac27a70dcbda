import type { Effect, Rule } from '../../../shared/domain/rule.ts'
import {
  anyBrokenRequester,
  anyBrokenTarget,
  anyEndpointName,
  anyGroups,
  anyRequester,
  anyTarget,
  anyTime,
  anyTypes,
  unreadableTimes,
} from './corpus-conditions.ts'
import type { Places } from './corpus-places.ts'
import type { Random } from './corpus-random.ts'
import { anyTags, maxConnections } from './corpus-context.ts'
import { rule } from './given.ts'

const sizes = [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 6]
const allowShares = [0.95, 0.9, 0.75, 0.5, 0.2]
const prefixesOfIds = ['r', 'R', 'a-', 'Z.', '_', '9', 'rule-']
/** Rules with ids of their own, in no order, that apply to the same few places. */
export function anyRuleSet(places: Places, random: Random): readonly Rule[] {
  const size = random.chance(0.01) ? random.pick([0, 15, 40]) : random.pick(sizes)
  const allowShare = random.pick(allowShares)
  const rules: Rule[] = []
  for (let index = 0; index < size; index++) {
    const id = `${random.pick(prefixesOfIds)}${index}`
    const isTwin = index > 0 && random.chance(0.5)
    rules.push(
      isTwin
        ? twinOf(random.pick(rules), id, places, random)
        : anyRule(id, anyEffect(allowShare, random), places, random),
    )
  }
  const last = random.chance(0.02) ? rules.pop() : undefined
  if (last !== undefined) rules.push({ ...last, target: anyBrokenTarget(places, random) })
  return random.shuffled(rules)
}

/** A rule that differs from another in effect and one condition: where one matches, the other nearly does. */
function twinOf(other: Rule, id: string, places: Places, random: Random): Rule {
  const effect = random.pick(['allow', 'ask', 'ask', 'deny'] as const)
  const requester = other.requester ?? anyRequester(effect, places, random)
  return {
    ...other,
    id,
    effect,
    requester,
    ...random.pick<() => Partial<Rule>>([
      () => ({}),
      () => ({ target: anyTarget(places, random) }),
      () => ({ requester: anyRequester(effect, places, random) }),
      () => ({ requester: anyBrokenRequester(places, random) }),
      () => ({ groupIds: anyGroups(places, random) }),
      () => ({ endpointName: anyEndpointName(requester, places, random) }),
      () => ({ targetTags: anyTags(random) }),
      () => ({ maxConnections: anyNumber(random) }),
      () => ({ validFrom: anyTime(random) }),
      () => ({ validFrom: random.pick(unreadableTimes) }),
      () => ({ validUntil: anyTime(random) }),
    ])(),
  }
}

function anyNumber(random: Random): number {
  return 1 + random.below(maxConnections)
}

function anyEffect(allowShare: number, random: Random): Effect {
  return random.chance(allowShare) ? 'allow' : random.pick(['ask', 'deny'] as const)
}

function anyRule(id: string, effect: Effect, places: Places, random: Random): Rule {
  const requester = anyRequester(effect, places, random)
  const takesPlatform = requester?.kind === 'resource' ? 0.3 : 0.7
  return rule({
    id,
    effect,
    mode: random.chance(0.12) ? 'audit' : 'enforce',
    target: anyTarget(places, random),
    targetTypes: random.chance(0.2) ? anyTypes(places, random) : [],
    targetTags: random.chance(0.15) ? anyTags(random) : [],
    groupIds: random.chance(0.35) ? anyGroups(places, random) : [],
    requester,
    endpointName: random.chance(0.19) ? anyEndpointName(requester, places, random) : undefined,
    maxConnections: random.chance(0.15) ? anyNumber(random) : undefined,
    proof: random.chance(takesPlatform) ? 'platform' : 'confirmed',
    validFrom: random.chance(0.15) ? anyTime(random) : undefined,
    validUntil: random.chance(0.15) ? anyTime(random) : undefined,
  })
}
