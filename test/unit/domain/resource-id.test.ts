import { describe, expect, it } from 'vitest'
import {
  asciiLowerCase,
  isCertainlySameResource,
  isSameName,
  isSameResource,
  parseResourceId,
} from '../../../shared/domain/resource-id.ts'

const group = '/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg-lake'
const account = `${group}/providers/Microsoft.Storage/storageAccounts/stlake`

describe('an ARM id', () => {
  it('is taken apart into subscription, group, type and name', () => {
    expect(parseResourceId(account)).toMatchObject({
      subscriptionId: '0a5e6f10-1111-4a6b-8c2d-d47a91a7f001',
      resourceGroup: 'rg-lake',
      type: 'Microsoft.Storage/storageAccounts',
      name: 'stlake',
    })
  })

  it('of a child has the types of both', () => {
    expect(parseResourceId(`${account}/privateEndpointConnections/c.1`)).toMatchObject({
      type: 'Microsoft.Storage/storageAccounts/privateEndpointConnections',
      name: 'c.1',
    })
  })

  it('is the same in any case of letters', () => {
    expect(parseResourceId(account.toUpperCase())?.key).toBe(parseResourceId(account)?.key)
  })

  it('in other letters beyond A to Z names the same resource to Azure, which is not certain', () => {
    const [one, other] = ['rg-\u00C4rzte', 'RG-\u00E4rzte'].map((name) =>
      parseResourceId(account.replace('rg-lake', name)),
    )
    if (!one || !other) throw new Error('An id was not read.')
    expect([isSameResource(one, other), isCertainlySameResource(one, other)]).toEqual([true, false])
  })

  it('in other letters of A to Z certainly names the same resource', () => {
    const [one, other] = [account, account.toUpperCase()].map(parseResourceId)
    if (!one || !other) throw new Error('An id was not read.')
    expect([isSameResource(one, other), isCertainlySameResource(one, other)]).toEqual([true, true])
  })
})

describe('an id that is refused', () => {
  it.each([
    ['is no text', 7],
    ['is empty', ''],
    ['names another host', `https://evil.example${account}`],
    ['starts with two slashes', `/${account}`],
    ['has an empty segment', account.replace('/providers', '//providers')],
    ['climbs with dots', `${account}/../other`],
    ['has a dot for a name', account.replace('stlake', '.')],
    ['climbs with escaped dots', account.replace('stlake', '%2e%2e')],
    ['hides a slash in an escape', account.replace('stlake', 'a%2Fb')],
    ['carries a query', `${account}?x=1`],
    ['carries a fragment', `${account}#x`],
    ['carries a backslash', account.replace('stlake', 'a\\b')],
    ['carries a line break', account.replace('stlake', 'a\nb')],
    ['carries a blank', account.replace('stlake', 'a b')],
    ['has no name', account.replace('/stlake', '')],
    ['has a type too many', `${account}/privateEndpointConnections`],
    ['has no subscription id', account.replace(/0a5e[^/]*/, 'mine')],
    ['belongs to no resource group', account.replace('/resourceGroups/rg-lake', '')],
    ['is longer than ARM allows', account + '/a/b'.repeat(300)],
  ])('because it %s', (_, id) => {
    expect(parseResourceId(id)).toBeUndefined()
  })
})

describe('names', () => {
  it.each([
    ['the Kelvin sign for k', '\u212A', 'k'],
    ['a dotted capital I for i', '\u0130', 'i'],
    ['a Cyrillic a for a', '\u0430', 'a'],
  ])('are not the same with %s', (_, lookAlike, letter) => {
    expect(isSameName(`st${lookAlike}`, `st${letter}`)).toBe(false)
    expect(asciiLowerCase(lookAlike)).toBe(lookAlike)
  })
})
