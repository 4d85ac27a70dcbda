import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { Proof, Refusal } from '../../../shared/domain/proof.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import { nothingKnown, type Facts } from '../../../shared/domain/verdict.ts'
import { evaluate, prepareRules } from '../../../shared/policy/index.ts'
import { suggest, type Approval, type SuggestOptions } from '../../../shared/what-if/suggest.ts'
import { distinctIds } from '../../../shared/what-if/suggest-ids.ts'
import { confirmed, connection, factory, id, target } from '../../support/fake-review.ts'
import { plainRule } from '../../support/sample-rule.ts'

const own = '7f3d1c52-6a0b-4e6f-9d57-2b8c4a1e0f10'
const foreign = 'e15e0000-9b7a-4c3d-a1f2-5c6d7e8f9a32'
const now = new Date('2026-11-21T12:00:00Z')
const options: SuggestOptions = {
  by: 'endpoint',
  includeForeign: false,
  includeCovered: false,
  validUntil: '2027-11-21',
  rules: undefined,
  takenIds: [],
  now,
}

const approved = (name: string, change: Partial<Connection> = {}): Connection =>
  connection(name, { status: 'Approved', ...change })

function approval(connection: Connection, proof: Partial<Proof> = {}): Approval {
  return {
    facts: { connection, proof: { ...confirmed, ...proof }, context: nothingKnown },
    ownTenantId: own,
  }
}

/** An ordinary endpoint in a resource group. */
function ordinary(name: string, group = 'rg-app', subscription = '0a5e6f10-2222-4a6b-8c2d-a4a191c50002') {
  return id(
    `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Network/privateEndpoints/${name}`,
  )
}

function ordinaryApproval(name: string, change: Partial<Proof> = {}, group = 'rg-app'): Approval {
  const endpoint = ordinary(name, group)
  return approval(approved(name, { endpoint }), {
    requester: { kind: 'private-endpoint', id: endpoint },
    endpointTenantId: own,
    isManagedTenant: false,
    ...change,
  })
}

const foreignProof: Partial<Proof> = {
  level: 'platform',
  requester: undefined,
  endpointTenantId: foreign,
  isManagedTenant: false,
  groupIds: undefined,
  refusals: [{ code: 'endpoint-not-readable', sentence: 'It lies where this app cannot read it.' }],
}

function ruleOf(change: Partial<Rule>): Rule {
  return {
    ...plainRule,
    id: 'present',
    effect: 'allow',
    target: target.id,
    requester: { kind: 'resource', id: factory.id },
    ...change,
  }
}

const rulesOf = (...rules: Rule[]) => prepareRules({ complete: true, rules, hash: 'h' })

describe('a managed requester that says so itself', () => {
  it('gets one rule for the target, with all its groups', () => {
    const { proposals, notProposed } = suggest(
      [approval(approved('b'), { groupIds: ['dfs'] }), approval(approved('a'), { groupIds: ['blob'] })],
      options,
    )
    expect(notProposed).toEqual([])
    expect(proposals).toHaveLength(1)
    expect(proposals[0]).toMatchObject({
      isForeign: false,
      remarks: [],
      because:
        'Data Factory adf-sales is connected to stlake by adf-sales.b, adf-sales.a and says so itself.',
      rule: {
        id: 'adf-sales-to-stlake',
        effect: 'allow',
        mode: 'enforce',
        target: target.id,
        requester: { kind: 'resource', id: factory.id },
        groupIds: ['blob', 'dfs'],
        proof: 'confirmed',
        validUntil: '2027-11-21',
        owner: undefined,
        justification: 'Found Approved on 2026-11-21, before the allow-list; proposed by suggest.',
      },
    })
    expect(proposals[0]?.supports.map(({ id }) => id.name)).toEqual(['b', 'a'])
  })

  it('gets a rule that names no group when one is not known, and that says so', () => {
    const { proposals } = suggest(
      [approval(approved('a')), approval(approved('b'), { groupIds: undefined })],
      options,
    )
    expect(proposals[0]?.rule.groupIds).toEqual([])
    expect(proposals[0]?.rule.justification).toContain('Not every group is known, so none is named.')
    expect(proposals[0]?.remarks).toEqual([
      'It names no groups, because not all are known: every group is allowed.',
    ])
  })

  it('gets a rule of its own for each target', () => {
    const vault = id(target.id.replace('storageAccounts/stlake', 'storageAccounts/stother'))
    const { proposals } = suggest(
      [approval(approved('a')), approval(approved('b', { target: vault }))],
      options,
    )
    expect(proposals.map(({ rule }) => rule.id)).toEqual(['adf-sales-to-stlake', 'adf-sales-to-stother'])
  })
})

describe('an ordinary endpoint of one’s own', () => {
  it('is named by its full id, however many lie beside it', () => {
    const { proposals } = suggest([ordinaryApproval('pe-a'), ordinaryApproval('pe-b')], options)
    expect(proposals.map(({ rule }) => rule.requester)).toEqual([
      { kind: 'resource', id: ordinary('pe-a').id },
      { kind: 'resource', id: ordinary('pe-b').id },
    ])
    expect(proposals.map(({ rule }) => rule.proof)).toEqual(['confirmed', 'confirmed'])
  })

  it.each([
    ['resource-group', '/resourceGroups/rg-app', 'rg-app-to-stlake'],
    ['subscription', '', '0a5e6f10-2222-4a6b-8c2d-a4a191c50002-to-stlake'],
  ] as const)('is allowed by its %s where that is wanted', (by, path, ruleId) => {
    const approvals = [ordinaryApproval('pe-a'), ordinaryApproval('pe-b')]
    const { proposals } = suggest(approvals, { ...options, by })
    expect(proposals.map(({ rule }) => [rule.id, rule.requester])).toEqual([
      [ruleId, { kind: 'scope', pattern: `/subscriptions/0a5e6f10-2222-4a6b-8c2d-a4a191c50002${path}` }],
    ])
  })

  it('that cannot be read is not proposed', () => {
    const refusals: Refusal[] = [{ code: 'endpoint-not-readable', sentence: 'It cannot be read.' }]
    const { proposals, notProposed } = suggest(
      [ordinaryApproval('pe', { level: 'platform', requester: undefined, refusals })],
      options,
    )
    expect(proposals).toEqual([])
    expect(notProposed).toMatchObject([{ kind: 'unproven', why: 'It cannot be read.' }])
  })
})

describe('an endpoint of another tenant', () => {
  const theirs = approval(approved('pe', { endpoint: ordinary('pe-visitor') }), foreignProof)

  it('is not proposed, and its tenant is named', () => {
    const { proposals, notProposed } = suggest([theirs], options)
    expect(proposals).toEqual([])
    expect(notProposed).toMatchObject([
      {
        kind: 'foreign',
        why: expect.stringContaining(foreign) as string,
        connection: { id: { name: 'pe' } },
      },
    ])
  })

  it('is not proposed even when this app could read it', () => {
    const readable = approval(theirs.facts.connection, { ...foreignProof, level: 'confirmed' })
    expect(suggest([readable], options).notProposed).toMatchObject([{ kind: 'foreign' }])
  })

  it('is proposed by its full id where that is wanted, and stands out', () => {
    for (const by of ['endpoint', 'resource-group', 'subscription'] as const) {
      const { proposals } = suggest([theirs], { ...options, includeForeign: true, by })
      expect(proposals).toMatchObject([
        {
          isForeign: true,
          rule: { proof: 'platform', requester: { kind: 'resource', id: ordinary('pe-visitor').id } },
        },
      ])
      expect(proposals[0]?.remarks[0]).toMatch(`FOREIGN: the endpoint belongs to tenant ${foreign}`)
    }
  })

  it('is never proposed while nobody knows the own tenant', () => {
    const approvals = [{ ...theirs, ownTenantId: undefined }]
    const { notProposed } = suggest(approvals, { ...options, includeForeign: true })
    expect(notProposed).toMatchObject([{ kind: 'foreign' }])
  })
})

describe('one that passes for something it is not', () => {
  it.each([
    ['a competing claim beside it', 'competing-claim', undefined],
    ['no managed network around it', 'tenant-not-managed', undefined],
    ['a requester that knows nothing of it', 'no-such-managed-endpoint', factory.key],
    ['another endpoint at the requester', 'endpoint-id-differs', factory.key],
  ] as const)('is not proposed with %s, foreign ones included or not', (_, code, about) => {
    const refusals: Refusal[] = [{ code, sentence: 'Beware.', ...(about && { about }) }]
    for (const isManagedTenant of [true, false]) {
      const proof: Partial<Proof> = { ...foreignProof, isManagedTenant, refusals }
      const { proposals, notProposed } = suggest([approval(approved('mpe'), proof)], {
        ...options,
        includeForeign: true,
      })
      expect(proposals).toEqual([])
      expect(notProposed).toMatchObject([{ kind: 'look-alike', why: 'Beware.' }])
    }
  })

  it('is only unproven when a requester that it is not named after knows nothing of it', () => {
    const about = '/databricks/accounts/a/networkConnectivityConfigs/b'
    const refusals: Refusal[] = [{ code: 'no-such-managed-endpoint', sentence: 'Not mine.', about }]
    const proof: Partial<Proof> = { level: 'platform', requester: undefined, refusals }
    expect(suggest([approval(approved('mpe'), proof)], options).notProposed).toMatchObject([
      { kind: 'unproven', why: 'Not mine.' },
    ])
  })
})

describe('the rules of today', () => {
  it('leave out what they allow, and are named', () => {
    const { proposals, notProposed } = suggest([approval(approved('mpe'))], {
      ...options,
      rules: rulesOf(ruleOf({})),
    })
    expect(proposals).toEqual([])
    expect(notProposed).toMatchObject([{ kind: 'covered', why: 'Rule present allows it already.' }])
  })

  it('may be left aside; then the proposal says which rule allows the same, and takes no id of theirs', () => {
    const { proposals } = suggest([approval(approved('mpe'))], {
      ...options,
      rules: rulesOf(ruleOf({ id: 'Adf-sales-to-stlake' })),
      takenIds: ['Adf-sales-to-stlake'],
      includeCovered: true,
    })
    expect(proposals[0]?.remarks).toEqual(['Rule Adf-sales-to-stlake allows the same already.'])
    expect(proposals[0]?.rule.id).toBe('adf-sales.rg-analytics-to-stlake.rg-lake')
  })

  it.each(['deny', 'ask'] as const)('that %s it keep it from being proposed', (effect) => {
    const rules = rulesOf(ruleOf({ effect, requester: undefined }))
    for (const includeCovered of [false, true]) {
      const { proposals, notProposed } = suggest([approval(approved('mpe'))], {
        ...options,
        rules,
        includeCovered,
      })
      expect(proposals).toEqual([])
      expect(notProposed).toMatchObject([{ kind: 'overruled' }])
    }
  })

  it('that are not in force leave it to be proposed', () => {
    const rules = rulesOf(ruleOf({ validUntil: '2026-01-01' }), ruleOf({ id: 'audited', mode: 'audit' }))
    expect(suggest([approval(approved('mpe'))], { ...options, rules }).proposals).toHaveLength(1)
  })
})

describe('every proposal', () => {
  const anApproval = fc.record({
    name: fc.constantFrom('pe-a', 'pe-b', 'pe.c'),
    group: fc.constantFrom('rg-app', 'rg-app-2'),
    managed: fc.boolean(),
    isForeign: fc.boolean(),
    shown: fc.constantFrom(undefined, ['blob'], ['dfs']),
    stated: fc.constantFrom(undefined, ['blob'], ['file']),
  })

  it('approves what it is made from, were it asked for today, and nothing of another name', () => {
    const by = fc.constantFrom('endpoint', 'resource-group', 'subscription')
    fc.assert(
      fc.property(fc.array(anApproval, { minLength: 1, maxLength: 8 }), by, (drawn, width) => {
        const approvals = drawn.map(({ name, group, managed, isForeign, shown, stated }, index) => {
          const made = managed
            ? approval(approved(name, { groupIds: shown }), { groupIds: stated })
            : ordinaryApproval(name, isForeign ? foreignProof : { groupIds: stated }, group)
          const { facts } = made
          const connectionId = id(`${target.id}/privateEndpointConnections/c${index}`)
          return {
            ...made,
            facts: { ...facts, connection: { ...facts.connection, id: connectionId, groupIds: shown } },
          }
        })
        const { proposals } = suggest(approvals, { ...options, by: width, includeForeign: true })
        expect(proposals.flatMap(({ supports }) => supports)).toHaveLength(approvals.length)
        expect(new Set(proposals.map(({ rule }) => rule.id)).size).toBe(proposals.length)
        for (const { rule, supports } of proposals) {
          const rules = rulesOf({ ...plainRule, ...rule, version: 1 })
          for (const { facts } of approvals) {
            const { connection } = facts
            const isSupported = supports.some(({ id }) => id.key === connection.id.key)
            if (isSupported) expect(evaluate(waiting(facts), rules, now).outcome).toBe('approve')
            const strange = { ...connection, endpoint: ordinary('unknown', 'rg-elsewhere') }
            const unknownOnes = { ...facts, connection: strange, proof: { ...facts.proof, ...foreignProof } }
            if (width === 'endpoint') expect(evaluate(unknownOnes, rules, now).outcome).toBe('escalate')
          }
        }
      }),
    )
  })

  it('has the same id and groups in whatever order things are found', () => {
    const found = [
      approval(approved('a'), { groupIds: ['blob'] }),
      ordinaryApproval('pe', {}, 'rg-one'),
      ordinaryApproval('pe', {}, 'rg-two'),
      approval(approved('b'), { groupIds: ['dfs'] }),
    ]
    const rules = (approvals: readonly Approval[]) =>
      suggest(approvals, options).proposals.map(({ rule }) => rule)
    expect(rules(found.toReversed())).toEqual(rules(found))
    expect(rules(found).map(({ id }) => id)).toEqual([
      'adf-sales-to-stlake',
      'pe.rg-one-to-stlake.rg-lake',
      'pe.rg-two-to-stlake.rg-lake',
    ])
  })
})

describe('the ids of rules', () => {
  const named = (requesterId: string) => ({
    requesterName: requesterId.slice(requesterId.lastIndexOf('/') + 1),
    requesterKey: requesterId.toLowerCase(),
    target,
  })

  it('hold nothing but plain characters, at most a hundred', () => {
    expect(distinctIds([named(`/x/${'ä'.repeat(20)} \n"${'n'.repeat(120)}`)], [])[0]).toMatch(
      /^[A-Za-z0-9._-]{100}$/,
    )
  })

  it('tell two of a name apart by group, then by subscription, then by number', () => {
    const one = named(ordinary('pe', 'rg', '11111111-2222-4a6b-8c2d-a4a191c50002').id)
    const other = named(ordinary('pe', 'rg', '22222222-2222-4a6b-8c2d-a4a191c50002').id)
    expect(distinctIds([one, other], [])).toEqual([
      'pe.rg-to-stlake.rg-lake.11111111.0a5e6f10',
      'pe.rg-to-stlake.rg-lake.22222222.0a5e6f10',
    ])
    expect(distinctIds([one, one], [])).toEqual([
      'pe.rg-to-stlake.rg-lake.11111111.0a5e6f10.2',
      'pe.rg-to-stlake.rg-lake.11111111.0a5e6f10.3',
    ])
  })
})

function waiting(facts: Facts): Facts {
  return { ...facts, connection: { ...facts.connection, status: 'Pending' } }
}
