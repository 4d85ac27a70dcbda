/** How long one verdict takes with few and with many rules on other targets, beside a plain scan of every rule. */
import { parseArgs } from 'node:util'
import { readArguments } from '../local/arguments.ts'
import { parseResourceId, type ResourceId } from '../shared/domain/resource-id.ts'
import type { Rule } from '../shared/domain/rule.ts'
import { isWithin, parseScope } from '../shared/domain/scope.ts'
import { nothingKnown, type Facts } from '../shared/domain/verdict.ts'
import { evaluate, prepareRules } from '../shared/policy/index.ts'
import { plainRule } from '../test/support/sample-rule.ts'

const help = `Usage: npm run bench -- policy [--quick]

Measures how long one verdict takes with 100 and with 100,000 rules, beside a plain scan of every rule for those whose
target holds the request's. Each verdict is about another target. Run it on a machine that does nothing else.

  --quick  with 1,000 rules in place of 100,000, and few rounds`

const { quick = false } = readArguments(help, () =>
  parseArgs({ options: { help: { type: 'boolean' }, quick: { type: 'boolean' } } }),
)

const rounds = quick ? 500 : 20_000
const warmUpRounds = quick ? 500 : 20_000
const scanRounds = 30
const maxTargets = 10_000
const expectedP99 = 50
const expectedRatio = 2
const sizes = [100, quick ? 1_000 : 100_000] as const
const now = new Date('2026-11-21T12:00:00Z')
const requester = idOf(`${inGroup(0)}/Microsoft.DataFactory/factories/adf-prod`)
const endpoint = idOf(`${inGroup(0)}/Microsoft.Network/privateEndpoints/adf-prod.mpe`)

const [few, many] = sizes.map(measureSize)
const ratio = (many?.p50 ?? NaN) / (few?.p50 ?? NaN)
console.log(
  `p99 with ${sizes[1].toLocaleString('en')} rules: ${shown(many?.p99)} µs (expected: under ${expectedP99}). ` +
    `Time against that with 100 rules, at p50: ${ratio.toFixed(2)} times (expected: at most ${expectedRatio}).`,
)

interface Times {
  readonly p50: number
  readonly p99: number
}

function measureSize(count: number): Times {
  const rules = Array.from({ length: count }, (_, index) => ruleOn(index))
  const begun = performance.now()
  const prepared = prepareRules({ complete: true, rules, hash: '' })
  const preparedIn = performance.now() - begun
  const scopes = rules.map((rule) => parseScope(rule.target))
  // Spread over all rules, so that what is asked for is not what was used last.
  const targets = Math.min(count, maxTargets)
  const asked = Array.from({ length: targets }, (_, index) => factsOn(Math.floor((index * count) / targets)))
  const factsOf = (round: number): Facts => asked[(round * 37) % targets] ?? factsOn(0)

  const times = measure(rounds, warmUpRounds, (round) => void evaluate(factsOf(round), prepared, now))
  const scan = measure(count > 1000 ? scanRounds : rounds, 10, (round) => {
    const { target } = factsOf(round).connection
    scopes.filter((scope) => scope !== undefined && isWithin(target, scope))
  })
  const words = `${count.toLocaleString('en')} rules`
  console.log(`${words}, verdict:    p50 ${shown(times.p50)} µs, p99 ${shown(times.p99)} µs`)
  console.log(`${words}, plain scan: p50 ${shown(scan.p50)} µs, p99 ${shown(scan.p99)} µs`)
  console.log(`${words}, prepared once per change of the allow-list in ${preparedIn.toFixed(1)} ms`)
  return times
}

/** Three of four rules lie on a resource of their own, the fourth on a resource group. */
function ruleOn(index: number): Rule {
  const target = targetOf(index).id
  return {
    ...plainRule,
    id: `rule-${String(index)}`,
    effect: 'allow',
    target: index % 4 === 0 ? target.split('/').slice(0, 5).join('/') : target,
    targetTypes: ['Microsoft.Storage/storageAccounts'],
    groupIds: ['blob'],
    requester: { kind: 'resource', id: requester.id },
  }
}

function factsOn(index: number): Facts {
  const target = targetOf(index)
  return {
    connection: {
      id: idOf(`${target.id}/privateEndpointConnections/st.1`),
      target,
      list: 'connections',
      writeSupport: 'with-description',
      etag: undefined,
      status: 'Pending',
      description: '',
      endpoint,
      groupIds: undefined,
      provisioningState: 'Succeeded',
    },
    proof: {
      level: 'confirmed',
      requester: { kind: 'data-factory', id: requester },
      endpointTenantId: undefined,
      isManagedTenant: true,
      groupIds: ['blob'],
      refusals: [],
    },
    context: nothingKnown,
  }
}

function targetOf(index: number): ResourceId {
  return idOf(`${inGroup(index)}/Microsoft.Storage/storageAccounts/st${String(index)}`)
}

function inGroup(index: number): string {
  return `/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-${String(index)}/providers`
}

function idOf(text: string): ResourceId {
  const id = parseResourceId(text)
  if (id === undefined) throw new Error(`not a resource id: ${text}`)
  return id
}

/** Microseconds of each round, after some that are not counted. */
function measure(times: number, warmUp: number, work: (round: number) => void): Times {
  for (let round = 0; round < warmUp; round++) work(round)
  const taken = Array.from({ length: times }, (_, round) => {
    const begun = performance.now()
    work(round)
    return (performance.now() - begun) * 1000
  }).sort((a, b) => a - b)
  const at = (share: number): number => taken[Math.floor(taken.length * share)] ?? NaN
  return { p50: at(0.5), p99: at(0.99) }
}

function shown(microseconds: number | undefined): string {
  return (microseconds ?? NaN).toFixed(1)
}
