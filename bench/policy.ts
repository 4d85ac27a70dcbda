/** How long one verdict takes with few and with many rules on other targets, beside a scan of every rule. */
import { parseArgs } from 'node:util'
import { readArguments } from '../local/arguments.ts'
import { parseResourceId, type ResourceId } from '../shared/domain/resource-id.ts'
import type { Rule } from '../shared/domain/rule.ts'
import { isWithin, parseScope } from '../shared/domain/scope.ts'
import { nothingKnown, type Facts } from '../shared/domain/verdict.ts'
import { evaluate, prepareRules } from '../shared/policy/index.ts'
import { plainRule } from '../test/support/sample-rule.ts'

const help = `Usage: npm run bench

Measures how long one verdict takes with 100 and with 100 000 rules, beside a scan of every rule.`

readArguments(help, () => parseArgs({ options: { help: { type: 'boolean' } } }))

const rounds = 2000
const scans = 30
const requester = idOf(`${inGroup(0)}/Microsoft.DataFactory/factories/adf-prod`)
const endpoint = idOf(`${inGroup(0)}/Microsoft.Network/privateEndpoints/adf-prod.mpe`)
const now = new Date('2026-11-21T12:00:00Z')

for (const count of [100, 100_000]) {
  const rules = Array.from({ length: count }, (_, index) => ruleOn(index))
  const begun = performance.now()
  const prepared = prepareRules({ complete: true, rules, hash: '' })
  const preparedIn = performance.now() - begun
  const scopes = rules.map((rule) => parseScope(rule.target))

  print(
    `${count} rules, evaluate`,
    measure(rounds, (round) => void evaluate(factsOn(round % count), prepared, now)),
  )
  print(
    `${count} rules, looking at each for its target`,
    measure(count > 1000 ? scans : rounds, (round) => {
      const { target } = factsOn(round % count).connection
      scopes.filter((scope) => scope !== undefined && isWithin(target, scope))
    }),
  )
  console.log(`${count} rules, prepared once per review in ${preparedIn.toFixed(1)} ms`)
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
      answering: 'with-description',
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
    surroundings: nothingKnown,
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

function measure(times: number, work: (round: number) => void): readonly number[] {
  for (let round = 0; round < times / 10; round++) work(round)
  return Array.from({ length: times }, (_, round) => {
    const begun = performance.now()
    work(round)
    return performance.now() - begun
  }).sort((a, b) => a - b)
}

function print(title: string, milliseconds: readonly number[]): void {
  const at = (share: number): string =>
    ((milliseconds[Math.floor(milliseconds.length * share)] ?? 0) * 1000).toFixed(1)
  console.log(`${title}: p50 ${at(0.5)} µs, p99 ${at(0.99)} µs`)
}
