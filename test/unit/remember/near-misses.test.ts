import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Facts } from '../../../shared/domain/verdict.ts'
import { nearMisses } from '../../../shared/remember/near-misses.ts'
import {
  confirmed,
  endpointIdIn,
  facts,
  factoryId,
  foreignEndpointId,
  managedSubscription,
  noProof,
  otherSubscription,
  ownEndpointId,
  ownTenant,
  platform,
  provenFactory,
  storageId,
  subscription,
  verdictOf,
} from '../policy/given.ts'
import { nearMisses as spellings, nearMissKinds } from '../policy/corpus-names.ts'
import { randomOf } from '../policy/corpus-random.ts'
import { ordinary, ruleFor } from './given.ts'

function outcome(of: Facts, about: Facts): string {
  const rule = { ...ruleFor(of).content, version: 1, changedBy: undefined, changedAt: undefined }
  return verdictOf([rule], about).outcome
}

const subjects: Readonly<Record<string, Facts>> = {
  'a factory': provenFactory,
  'an ordinary endpoint': ordinary,
  'an endpoint that the app may not read': facts(platform('foreign'), {
    endpoint: foreignEndpointId,
    groupIds: ['blob'],
  }),
  'a site': facts(confirmed(factoryId), {
    target: `/subscriptions/${subscription}/resourceGroups/rg-data/providers/Microsoft.Web/sites/shop`,
  }),
  'letters beyond A to Z': facts(confirmed(factoryId.replace('rg-adf', 'rg-Ärzte')), {
    target: storageId.replace('rg-data', 'rg-ö'),
  }),
}

describe.each(Object.entries(subjects))('the rule for %s alone', (_, subject) => {
  it('approves the request', () => {
    expect(outcome(subject, subject)).toBe('approve')
  })

  it.each(nearMisses(ruleFor(subject).facts).map(({ what, facts: about }) => [what, about] as const))(
    'does not approve %s',
    (_what, about) => {
      expect(outcome(subject, about)).not.toBe('approve')
    },
  )
})

it('what lies near a request has each kind, and none is the request', () => {
  for (const subject of Object.values(subjects)) {
    const near = nearMisses(subject)
    expect(near.length).toBeGreaterThan(15)
    expect(near.map(({ facts: about }) => about)).not.toContainEqual(subject)
    const words = near.map(({ what }) => what).join('; ')
    for (const part of ['a target', 'an endpoint', 'requester', 'group id', 'subscription'])
      expect(words).toContain(part)
  }
})

/** Requests of a factory and its names, spelled by the corpus of the policy. */
const names = fc.record({
  factory: fc.constantFrom('adf-prod', 'silk', 'ski\u00E4', 'kiosk', '\u0414isk'),
  endpoint: fc.constantFrom('mpe-blob', 'risk', 'S\u00C4k-i', 'task-i', 'iks\u03C2'),
  account: fc.constantFrom('stdata', 'sink', 'ki\u01C5s', 'skid', 'sik\u1F80'),
  group: fc.constantFrom('blob', 'dfs', 'sqlServer'),
})

interface Names {
  readonly factory: string
  readonly endpoint: string
  readonly account: string
  readonly group: string
  readonly subscription?: string
  readonly place?: string
}

function requestOf({
  factory,
  endpoint,
  account,
  group,
  subscription: own = subscription,
  place = 'rg-data',
}: Names): Facts {
  const requester = factoryId.replace('adf-prod', factory).replace(subscription, own)
  return facts(confirmed(requester, 'data-factory', [group]), {
    endpoint: endpointIdIn(managedSubscription, 'vnet-rg', `${factory}.${endpoint}`),
    target: storageId.replace('stdata', account).replace(subscription, own).replace('rg-data', place),
  })
}

it('no other spelling of any name is approved, whatever the names', () => {
  fc.assert(
    fc.property(
      names,
      fc.constantFrom('factory', 'endpoint', 'account', 'group'),
      fc.constantFrom(...nearMissKinds),
      fc.nat(),
      (asked, part, kind, seed) => {
        const other = spellings[kind](asked[part], randomOf(seed, 0))
        fc.pre(other !== '' && other !== asked[part] && canBeRead({ ...asked, [part]: other }))
        expect(outcome(requestOf(asked), requestOf({ ...asked, [part]: other }))).not.toBe('approve')
      },
    ),
    { numRuns: 1_000 },
  )
})

it('no two requests with other names are approved by each other’s rule, and each is by its own', () => {
  const places = fc.record({
    subscription: fc.constantFrom(subscription, otherSubscription),
    place: fc.constantFrom('rg-data', 'rg-d\u00E4ta'),
  })
  fc.assert(
    fc.property(names, places, names, places, (one, here, another, there) => {
      const [a, b] = [
        { ...one, ...here },
        { ...another, ...there },
      ]
      const isSame = JSON.stringify(a) === JSON.stringify(b)
      expect(outcome(requestOf(a), requestOf(b)) === 'approve').toBe(isSame)
    }),
    { numRuns: 1_000 },
  )
})

it('the same names in another case of A to Z are the same request', () => {
  const loud = facts(confirmed(factoryId.toUpperCase()), {
    target: storageId.toUpperCase(),
    endpoint: endpointIdIn(managedSubscription, 'VNET', 'ADF-PROD.MPE-BLOB'),
  })
  expect(outcome(provenFactory, loud)).toBe('approve')
})

it('a factory of the same name in another tenant is not approved', () => {
  const theirs = facts(confirmed(factoryId.replace(subscription, otherSubscription)))
  expect(outcome(provenFactory, theirs)).not.toBe('approve')
})

it.each([
  ['nobody proves', noProof],
  ['only the platform names', platform('managed')],
  ['lies in our own tenant', { ...platform('foreign'), endpointTenantId: ownTenant }],
])('the endpoint of the factory that %s is not approved', (_, proof) => {
  expect(outcome(provenFactory, facts(proof, { groupIds: ['blob'] }))).not.toBe('approve')
})

it('an ordinary endpoint of the same name in another subscription is not approved', () => {
  const theirs = ownEndpointId.replace(subscription, otherSubscription)
  const about = facts(confirmed(theirs, 'private-endpoint'), { endpoint: theirs })
  expect(outcome(ordinary, about)).not.toBe('approve')
})

/** Some spellings are no names in Azure. */
function canBeRead(asked: Names): boolean {
  try {
    requestOf(asked)
    return /^[\w.-]+$/.test(asked.group)
  } catch {
    return false
  }
}
