import { describe, expect, it } from 'vitest'
import type { LogEntry } from '../../../shared/domain/log-entry.ts'
import type { RefusalCode } from '../../../shared/domain/refusal-codes.ts'
import { plainContent } from '../../../shared/domain/rule.ts'
import type { Facts, ReasonCode } from '../../../shared/domain/verdict.ts'
import { lintRules } from '../../../shared/lint/index.ts'
import { pinnedRule } from '../../../shared/remember/pinned-rule.ts'
import type { RememberCode } from '../../../shared/remember/refusal.ts'
import type { Terms } from '../../../shared/remember/terms.ts'
import {
  confirmed,
  endpointIdIn,
  facts,
  factoryId,
  foreignEndpointId,
  managedSubscription,
  noProof,
  now,
  ownEndpointId,
  platform,
  provenFactory,
  storageId,
  subscription,
} from '../policy/given.ts'
import { entryFor, kim, ordinary, pinned, refusalOf, ruleFor, terms } from './given.ts'

const databricks =
  '/databricks/accounts/11111111-1111-1111-1111-111111111111/networkConnectivityConfigs/22222222-2222-2222-2222-222222222222'
const unreadable = facts(platform('foreign'), { endpoint: foreignEndpointId, groupIds: ['blob'] })

describe('the rule that remembers a request', () => {
  it('names the confirmed requester, the target and its type, the group ids and the endpoint name, until a day', () => {
    expect(ruleFor(provenFactory).content).toEqual({
      ...plainContent,
      id: 'remembered-stdata-0123456789ab.1',
      effect: 'allow',
      target: storageId,
      targetTypes: ['Microsoft.Storage/storageAccounts'],
      groupIds: ['blob'],
      requester: { kind: 'resource', id: factoryId },
      endpointName: 'adf-prod.mpe-blob',
      proof: 'confirmed',
      validUntil: '2027-02-19T00:00:00.000Z',
      owner: kim,
      justification: 'Nightly load of sales',
      ticket: 'CHG-1021',
    })
  })

  it('names an ordinary endpoint itself', () => {
    expect(ruleFor(ordinary).content).toMatchObject({
      requester: { kind: 'resource', id: ownEndpointId },
      endpointName: 'pe-app',
      proof: 'confirmed',
    })
  })

  it('takes the proof platform where the app may not read the endpoint', () => {
    expect(ruleFor(unreadable).content).toMatchObject({
      requester: { kind: 'resource', id: foreignEndpointId },
      proof: 'platform',
    })
  })

  it('names a requester without an ARM id', () => {
    const endpoint = endpointIdIn(managedSubscription, 'rg-databricks', 'ncc-endpoint')
    const about = facts(confirmed(databricks, 'databricks-network'), { endpoint })
    expect(ruleFor(about).content.requester).toEqual({ kind: 'resource', id: databricks })
  })

  it('names all group ids that were evaluated, in their order', () => {
    expect(ruleFor(facts(confirmed(factoryId, 'data-factory', ['dfs', 'blob']))).content.groupIds).toEqual([
      'dfs',
      'blob',
    ])
  })

  it.each<ReasonCode>([
    'no-rule-matched',
    'asked-by-rule',
    'burst-limit',
    'rejected-before',
    'refused-by-azure',
    'allowed-by-rule',
  ])('is made whatever the request waits for: %s', (code) => {
    const waiting = pinned(provenFactory, { reason: { code, sentence: 'x' } })
    expect(waiting.content).toEqual(ruleFor(provenFactory).content)
  })

  it('limits no number of connections: the count would include other endpoints of the requester', () => {
    expect(ruleFor(provenFactory).content.maxConnections).toBeUndefined()
  })

  it('is the same for every entry of one episode, and another one for the next', () => {
    const idFor = (decisionId: string) => pinned(provenFactory, { decisionId }).content?.id
    expect(idFor('0123456789abcdef0123.1.7')).toBe(idFor('0123456789abcdef0123.1.1'))
    expect(idFor('0123456789abcdef0123.2.8')).not.toBe(idFor('0123456789abcdef0123.1.1'))
    expect(idFor('9876543210abcdef0123.1.1')).not.toBe(idFor('0123456789abcdef0123.1.1'))
  })

  it('has an id of plain letters, however the target is called', () => {
    const target = storageId.replace('stdata', `Ärzte-(1)-${'x'.repeat(200)}`)
    const { id } = ruleFor(facts(confirmed(factoryId), { target })).content
    expect(id).toMatch(/^remembered--rzte--1--x{50}-0123456789ab\.1$/)
    expect(id.length).toBeLessThanOrEqual(100)
  })

  it.each([
    [1, '2026-11-22T00:00:00.000Z'],
    [90, '2027-02-19T00:00:00.000Z'],
    [366, '2027-11-22T00:00:00.000Z'],
  ])('ends at midnight UTC, never later than %i days from now', (days, validUntil) => {
    expect(ruleFor(provenFactory, { days }).content.validUntil).toBe(validUntil)
  })

  it('is the same rule all day', () => {
    const at = (time: string) => pinnedRule(entryFor(provenFactory), terms, new Date(time))
    expect(at('2026-11-21T23:59:59Z')).toEqual(at('2026-11-21T00:00:00Z'))
  })

  it('takes a reason of several lines as a form sends it', () => {
    const { content } = ruleFor(provenFactory, { reason: '  Nightly load\r\nof sales\t(all)  ', ticket: ' ' })
    expect(content).toMatchObject({ justification: 'Nightly load\nof sales (all)', ticket: undefined })
  })

  it.each([
    ['a factory', provenFactory],
    ['an ordinary endpoint', ordinary],
    ['an endpoint that the app may not read', unreadable],
  ])('has no finding of the linter: %s', (_, about) => {
    expect(lintRules([ruleFor(about).content], now)).toEqual([])
  })

  it('has the finding that it ends soon where that was chosen', () => {
    const findings = lintRules([ruleFor(provenFactory, { days: 7 }).content], now)
    expect(findings.map(({ code }) => code)).toEqual(['ends-soon'])
  })
})

describe('no rule is made', () => {
  const withReason = (code: ReasonCode): Partial<LogEntry> => ({ reason: { code, sentence: 'x' } })
  const withRefusal = (code: RefusalCode): Facts => {
    const proof = platform('foreign')
    return facts({ ...proof, refusals: [...proof.refusals, { code, sentence: 'x' }] }, { groupIds: ['blob'] })
  }
  const longName = endpointIdIn(managedSubscription, 'rg', `adf-prod.${'x'.repeat(200)}`)

  it.each<[string, Facts, Partial<LogEntry>, RememberCode]>([
    [
      'for a whole target',
      provenFactory,
      { subject: { kind: 'target', targetId: storageId } },
      'whole-target',
    ],
    ['where nothing was evaluated', provenFactory, { proof: undefined }, 'nothing-evaluated'],
    ['where Azure has no operation', provenFactory, withReason('no-approving-operation'), 'not-writable'],
    ['for a type that is in no table', provenFactory, withReason('type-not-in-table'), 'not-writable'],
    ['in an unknown status', provenFactory, withReason('unknown-status'), 'not-writable'],
    ['after the endpoint changed', provenFactory, withReason('endpoint-changed'), 'changed-meanwhile'],
    ['after a competing claim', provenFactory, withReason('competing-claim-before'), 'competing-claim'],
    ['while claims cannot be read', provenFactory, withReason('claims-unreadable'), 'competing-claim'],
    ['without an endpoint', facts(confirmed(factoryId), { endpoint: undefined }), {}, 'endpoint-not-shown'],
    ['beside a competing claim', withRefusal('competing-claim'), {}, 'competing-claim'],
    ['beside a hidden endpoint', withRefusal('competing-claim-hidden'), {}, 'competing-claim'],
    ['while others cannot be read', withRefusal('competing-claims-unknown'), {}, 'competing-claim'],
    ['against a second witness', withRefusal('endpoint-id-differs'), {}, 'contradicted'],
    ['for an unknown requester in a managed network', facts(platform('managed')), {}, 'requester-not-proven'],
    ['where the endpoint could not be asked', withRefusal('could-not-ask'), {}, 'requester-not-proven'],
    ['without any proof', facts(noProof), {}, 'requester-not-proven'],
    ['without group ids', facts(confirmed(factoryId, 'data-factory', [])), {}, 'group-ids-unknown'],
    [
      'where the group ids were cut',
      facts(
        confirmed(
          factoryId,
          'data-factory',
          Array.from({ length: 20 }, (_, at) => `g${at}`),
        ),
      ),
      {},
      'group-ids-unknown',
    ],
    ['of another form of decision id', provenFactory, { decisionId: 'd' }, 'decision-id-unreadable'],
    [
      'for a name that is too long',
      facts(confirmed(factoryId), { endpoint: longName }),
      {},
      'cannot-be-written',
    ],
    [
      'for a confirmed requester whose endpoints are named otherwise',
      facts(confirmed(factoryId), { endpoint: endpointIdIn(managedSubscription, 'rg', 'other.mpe') }),
      {},
      'cannot-be-written',
    ],
    [
      'for a confirmed requester other than the ordinary endpoint',
      facts(confirmed(ownEndpointId, 'private-endpoint'), { endpoint: foreignEndpointId }),
      {},
      'not-exact',
    ],
  ])('%s', (_, about, change, code) => {
    expect(refusalOf(pinned(about, change))).toMatchObject({
      code,
      sentence: expect.stringMatching(/\.$/) as string,
    })
  })

  it.each<[string, Partial<Terms>, RememberCode]>([
    ['for no days', { days: 0 }, 'days-out-of-range'],
    ['for more than a year', { days: 367 }, 'days-out-of-range'],
    ['for a part of a day', { days: 1.5 }, 'days-out-of-range'],
    ['for what is no number', { days: Number.NaN }, 'days-out-of-range'],
    ['without a reason', { reason: ' \r\n ' }, 'reason-unusable'],
    ['for a reason that is too long', { reason: 'x'.repeat(1001) }, 'reason-unusable'],
    ['for a ticket of several lines', { ticket: 'CHG\n1' }, 'ticket-unusable'],
    ['for a ticket that is too long', { ticket: 'x'.repeat(201) }, 'ticket-unusable'],
    ['without the object id of a person', { owner: 'kim@contoso.example' }, 'owner-unusable'],
  ])('%s', (_, change, code) => {
    expect(refusalOf(pinned(provenFactory, {}, change))?.code).toBe(code)
  })

  it('for a slot of a site by the rule of the site', () => {
    const site = `/subscriptions/${subscription}/resourceGroups/rg-data/providers/Microsoft.Web/sites/shop`
    expect(ruleFor(facts(confirmed(factoryId), { target: site })).content.targetTypes).toEqual([
      'Microsoft.Web/sites',
    ])
  })
})
