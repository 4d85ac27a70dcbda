import { describe, expect, it } from 'vitest'
import { planCounts, planText } from '../../../cli/allow-list/changes-view.ts'
import { forms } from '../../../shared/allow-list/routing/forms.ts'
import type { Rule } from '../../../shared/domain/rule.ts'
import { plainRule } from '../../support/sample-rule.ts'
import { route, teams } from '../allow-list/given-routing.ts'

const subscription = '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001'
const lake = `${subscription}/resourceGroups/rg-lake/providers/Microsoft.Storage/storageAccounts/stlake`
const factory = `${subscription}/resourceGroups/rg-a/providers/Microsoft.DataFactory/factories/adf-sales`

const rule = (change: Partial<Rule> = {}): Rule => ({
  ...plainRule,
  id: 'sales-to-lake',
  effect: 'allow',
  target: subscription,
  requester: { kind: 'resource', id: factory },
  ...change,
})

const plain = { coloured: (text: string) => text, width: 100 }
const revision = { version: 1, changedBy: undefined, changedAt: undefined }
const nothing = { added: [], changed: [], removed: [], unchanged: [] }

describe('the plan on a terminal', () => {
  it('shows what is added and removed with all that the rule states', () => {
    const added = rule({
      target: lake,
      groupIds: ['blob', 'dfs'],
      targetTags: [{ name: 'environment', value: 'prod' }],
      maxConnections: 2,
      mode: 'audit',
      owner: 'Jo',
    })
    const removed = rule({ id: 'payroll', effect: 'deny', requester: undefined })
    expect(planText(plain, forms.rules, { ...nothing, added: [added], removed: [removed] }, false)).toBe(
      `+ sales-to-lake  allow
    mode               audit
    target             ${lake}
    targetTags         environment=prod
    groupIds           blob, dfs
    requester          ${factory}
    maxConnections     2
    owner              Jo
- payroll  deny
    target             ${subscription}`,
    )
  })

  it('shows a change field by field, old and new', () => {
    const before = rule({ groupIds: ['blob'], validUntil: '2027-01-31T00:00:00.000Z' })
    const after = rule({ groupIds: ['blob', 'dfs'], proof: 'platform', mode: 'audit', target: lake })
    const fields = ['mode', 'target', 'groupIds', 'proof', 'validUntil'] as const
    expect(planText(plain, forms.rules, { ...nothing, changed: [{ before, after, fields }] }, false)).toBe(
      `~ sales-to-lake
    mode               enforce → audit
    target             ${subscription}
                       → ${lake}
    groupIds           blob → blob, dfs
    proof              confirmed → platform
    validUntil         2027-01-31 → (none)`,
    )
  })

  it('shows the question of an ask with the defaults that it had', () => {
    const before = rule({ effect: 'ask' })
    const after = rule({ effect: 'ask', reasonRequired: true, expiresAfter: 'P3D', atExpiry: 'reject' })
    const fields = ['reasonRequired', 'expiresAfter', 'atExpiry'] as const
    expect(planText(plain, forms.rules, { ...nothing, changed: [{ before, after, fields }] }, false)).toBe(
      `~ sales-to-lake
    reasonRequired     false → true
    expiresAfter       (none) → P3D
    atExpiry           stay-pending → reject`,
    )
  })

  it('shows the first fifty of each kind, and counts the others', () => {
    const many = Array.from({ length: 53 }, (_, at) => rule({ id: `r${at}` }))
    const text = planText(plain, forms.rules, { ...nothing, added: many, removed: many.slice(0, 51) }, false)
    expect(text.match(/^\+ r/gm)).toHaveLength(50)
    expect(text).toContain('\n+ … and 3 more rules; --full shows all.\n- r0')
    expect(text.endsWith('\n- … and 1 more rule; --full shows all.')).toBe(true)
  })

  it('shows all of them when asked', () => {
    const many = Array.from({ length: 53 }, (_, at) => rule({ id: `r${at}` }))
    const text = planText(plain, forms.rules, { ...nothing, added: many }, true)
    expect(text.match(/^\+ /gm)).toHaveLength(53)
    expect(text).not.toContain('--full')
  })

  it('does not let a text of a rule act on the terminal', () => {
    const added = rule({ owner: 'Jo\u001b[2J\u202e', justification: 'a\nb' })
    expect(planText(plain, forms.rules, { ...nothing, added: [added] }, false)).toContain(
      'owner              Jo�[2J�',
    )
    expect(planText(plain, forms.rules, { ...nothing, added: [added] }, false)).toContain(
      'justification      a�b',
    )
  })

  it('is counted in one line', () => {
    const unchanged = Array.from({ length: 9_996 }, () => rule())
    const plan = { ...nothing, added: [rule(), rule()], unchanged }
    expect(planCounts(plan)).toBe('2 added, 0 changed, 0 removed, 9,996 unchanged')
  })

  it('shows channels by kind and routes with their place', () => {
    const ops = teams('ops', 'OPS_URL')
    expect(planText(plain, forms.channels, { ...nothing, added: [ops] }, false)).toBe(
      `+ channel:ops  teams
    urlSetting         OPS_URL`,
    )
    const before = { ...route('rest', { position: 1 }), ...revision }
    const after = route('rest', { position: 2, default: true, channels: ['ops', 'mail'] })
    const changed = [{ before, after, fields: ['default', 'position', 'channels', 'risk'] }]
    expect(planText(plain, forms.routes, { ...nothing, changed, removed: [before] }, false)).toBe(
      `~ route:rest
    default            false → true
    position           1 → 2
    channels           ops → ops, mail
    risk               (none) → (none)
- route:rest
    position           1
    channels           ops`,
    )
  })
})
