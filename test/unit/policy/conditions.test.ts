import { describe, expect, it } from 'vitest'
import type { Effect } from '../../../shared/domain/rule.ts'
import {
  conditionOf,
  confirmed,
  endpointIdIn,
  facts,
  factoryId,
  verdictOf,
  managedSubscription,
  platform,
  provenFactory,
  rule,
} from './given.ts'

describe('group ids', () => {
  const cases: readonly [Effect, string[], string[] | undefined, string[] | undefined, string][] = [
    ['allow', ['blob'], ['blob'], undefined, 'yes'],
    ['allow', ['BLOB'], ['bLob'], undefined, 'yes'],
    ['allow', ['blob'], ['blob', 'dfs'], undefined, 'no'],
    ['allow', ['blob', 'dfs'], ['dfs'], undefined, 'yes'],
    ['allow', ['blob'], undefined, ['blob'], 'yes'],
    ['allow', ['blob'], ['dfs'], ['blob'], 'no'],
    ['allow', ['blob'], [], ['dfs'], 'no'],
    ['allow', ['blob'], undefined, undefined, 'unknown'],
    ['allow', ['blob'], [], [], 'unknown'],
    ['deny', ['blob'], ['blob', 'dfs'], undefined, 'yes'],
    ['deny', ['blob'], ['dfs'], undefined, 'no'],
    ['deny', ['blob'], undefined, undefined, 'unknown'],
    ['ask', ['blob'], ['dfs', 'blob'], undefined, 'yes'],
    ['ask', ['blob'], [], undefined, 'unknown'],
  ]
  it.each(cases)(
    '%s of %j, target shows %j, witness tells %j: %s',
    (effect, expected, shown, reported, match) => {
      const about = facts(
        { ...confirmed(factoryId), groupIds: reported },
        shown === undefined ? {} : { groupIds: shown },
      )
      expect(conditionOf(rule({ effect, groupIds: expected }), about, 'groupIds')).toBe(match)
    },
  )

  it('that are not known never approve', () => {
    const about = facts({ ...confirmed(factoryId), groupIds: undefined })
    expect(verdictOf([rule({ groupIds: ['blob'] })], about).outcome).toBe('escalate')
  })
})

describe('target types', () => {
  it.each([
    ['Microsoft.Storage/storageAccounts', 'yes'],
    ['microsoft.storage/STORAGEACCOUNTS', 'yes'],
    ['Microsoft.Storage/storageAccount', 'no'],
    ['Microsoft.Sql/servers', 'no'],
  ])('of %s: %s', (type, match) => {
    expect(conditionOf(rule({ targetTypes: [type] }), provenFactory, 'targetTypes')).toBe(match)
  })
})

describe('the endpoint name', () => {
  it.each([
    ['adf-prod.mpe-blob', 'yes'],
    ['ADF-PROD.*', 'yes'],
    ['*.mpe-*', 'yes'],
    ['*', 'yes'],
    ['adf-prod.mpe-blob*', 'yes'],
    ['adf-prod', 'no'],
    ['adf-prod.', 'no'],
    ['*.mpe-dfs', 'no'],
    ['adf-prod.mpe-blob.mpe-blob', 'no'],
  ])('against %s: %s', (pattern, match) => {
    expect(conditionOf(rule({ endpointName: pattern }), provenFactory, 'endpointName')).toBe(match)
  })

  it('is not known when the connection shows no endpoint', () => {
    const about = facts(confirmed(factoryId), { endpoint: undefined })
    expect(conditionOf(rule({ endpointName: '*' }), about, 'endpointName')).toBe('unknown')
  })
})

describe('proof', () => {
  it.each([
    ['confirmed', 'confirmed', 'yes'],
    ['platform', 'confirmed', 'yes'],
    ['confirmed', 'platform', 'no'],
    ['platform', 'platform', 'yes'],
    ['platform', 'none', 'no'],
  ] as const)('wanted %s, level %s: %s', (expected, level, match) => {
    const about = facts({ ...platform('own'), level })
    expect(conditionOf(rule({ proof: expected }), about, 'proof')).toBe(match)
  })

  it('is no condition of an ask or a deny', () => {
    expect(conditionOf(rule({ effect: 'deny' }), provenFactory, 'proof')).toBeUndefined()
  })
})

describe('validity', () => {
  const from = '2026-11-21T12:00:00.000Z'
  const until = '2026-11-22T12:00:00.000Z'
  it.each([
    ['a millisecond before it begins', '2026-11-21T11:59:59.999Z', 'no'],
    ['at its beginning', from, 'yes'],
    ['a millisecond before its end', '2026-11-22T11:59:59.999Z', 'yes'],
    ['at its end', until, 'no'],
  ])('%s', (_title, at, match) => {
    expect(
      conditionOf(rule({ validFrom: from, validUntil: until }), provenFactory, 'valid', new Date(at)),
    ).toBe(match)
  })

  it('is no condition of a rule without dates, and needs but one', () => {
    expect(conditionOf(rule(), provenFactory, 'valid')).toBeUndefined()
    expect(conditionOf(rule({ validFrom: until }), provenFactory, 'valid')).toBe('no')
    expect(conditionOf(rule({ validUntil: from }), provenFactory, 'valid')).toBe('no')
  })

  it('that cannot be read is not known', () => {
    expect(conditionOf(rule({ validUntil: 'next week' }), provenFactory, 'valid')).toBe('unknown')
    expect(conditionOf(rule({ validUntil: until }), provenFactory, 'valid', new Date(NaN))).toBe('unknown')
  })
})

describe('text from the requester', () => {
  function actualName(name: string): string | undefined {
    const about = facts(platform('managed'), { endpoint: endpointIdIn(managedSubscription, 'rg', name) })
    return verdictOf([rule({ endpointName: 'x' })], about).explanation[0]?.conditions.find(
      (c) => c.name === 'endpointName',
    )?.actual
  }

  it('is cut to 140 characters', () => {
    expect(actualName('a'.repeat(500))).toBe(`${'a'.repeat(139)}…`)
  })

  it('is marked when it holds letters that look like others', () => {
    expect(actualName('\u0430df-prod.mpe')).toBe('\u0430df-prod.mpe (not only plain letters)')
  })

  it('shows no control, direction or zero-width characters', () => {
    const groupIds = ['blob\u202Efsd\u200B\u0007\n\u2028\u3164']
    const actual = verdictOf(
      [rule({ groupIds: ['x'] })],
      facts(confirmed(factoryId), { groupIds }),
    ).explanation[0]?.conditions.find((c) => c.name === 'groupIds')?.actual
    expect(actual).toBe(`"blob\uFFFDfsd${'\uFFFD'.repeat(5)}"`)
  })
})
