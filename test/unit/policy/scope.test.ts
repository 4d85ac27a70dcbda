import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWithin, matchesName, parseManagementGroup, parseScope } from '../../../shared/domain/scope.ts'
import { id, otherSubscription, storageId, subscription } from './given.ts'

const inSubscription = `/subscriptions/${subscription}`

describe('a scope is read', () => {
  it.each([
    [inSubscription, inSubscription],
    [`${inSubscription}/resourceGroups/rg-data`, `${inSubscription}/resourcegroups/rg-data`],
    [`${inSubscription}/resourceGroups/rg-*`, inSubscription],
    [`${inSubscription}/resourceGroups/*`, inSubscription],
    [storageId, storageId.toLowerCase()],
    [`${storageId}*`, `${inSubscription}/resourcegroups/rg-data`],
    [storageId.replace('rg-data', 'rg-*'), inSubscription],
    [`${storageId}/fileServices/f*`, storageId.toLowerCase()],
  ])('%s is filed under %s', (text, literalKey) => {
    expect(parseScope(text)?.literalKey).toBe(literalKey)
  })

  it.each([
    '',
    '/',
    '*',
    '/*',
    'subscriptions/x',
    '/subscriptions',
    '/subscriptions/*',
    `/subscriptions/${subscription.slice(0, -1)}*`,
    `${inSubscription}/`,
    `${inSubscription}/resourceGroups`,
    `${inSubscription}/resourceGroups/`,
    `${inSubscription}/resourceGroups/**`,
    `${inSubscription}/resourceGroups/a**b`,
    `${inSubscription}/resourceGroups/..`,
    `${inSubscription}/resourceGroups/.`,
    `${inSubscription}/resourceGroups/rg%2Fdata`,
    `${inSubscription}/resourceGroups/rg data`,
    `${inSubscription}/resourceGroups/rg-data/providers`,
    `${inSubscription}/resourceGroups/rg-data/providers/Microsoft.Storage`,
    `${inSubscription}/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts`,
    `${inSubscription}/resourceGroups/rg-data/providers/Microsoft.*/storageAccounts/st`,
    `${inSubscription}/resourceGroups/rg-data/providers/Microsoft.Storage/storage*/st`,
    `${inSubscription}/resourceGroup/rg-data`,
    `${inSubscription}/*/rg-data`,
    `${storageId}/`,
    `${storageId}?x=1`,
    ` ${storageId}`,
    `x${inSubscription.slice(1)}`,
    `${inSubscription}/resourceGroups/${'a'.repeat(1024)}`,
    '/providers/Microsoft.Management/managementGroups/root',
    `${storageId}/${'a'.repeat(1000)}`,
  ])('but not %j', (text) => {
    expect(parseScope(text)).toBeUndefined()
  })
})

describe('a scope holds', () => {
  it.each([
    ['everything in its subscription', inSubscription, true],
    ['nothing of another subscription', `/subscriptions/${otherSubscription}`, false],
    ['everything in its group, in any ASCII case', `${inSubscription}/RESOURCEGROUPS/RG-DATA`, true],
    ['nothing of a group whose name only begins like it', `${inSubscription}/resourceGroups/rg-dat`, false],
    ['nothing of a group with a shorter name', `${inSubscription}/resourceGroups/rg-data2`, false],
    ['groups that fit its pattern', `${inSubscription}/resourceGroups/rg-*`, true],
    ['resources that fit its pattern', storageId.replace('stdata', 'st*a'), true],
    ['only resources of its type', storageId.replace('storageAccounts', 'storageAccount'), false],
    ['the resource itself', storageId, true],
    ['not the resource it is a child of', `${storageId}/fileServices/default`, false],
    [
      'no path across a segment',
      `${inSubscription}/resourceGroups/rg-*/providers/Microsoft.Storage/storageAccounts/*x`,
      false,
    ],
  ])('%s', (_title, text, isHeld) => {
    const scope = parseScope(text)
    expect(scope && isWithin(id(storageId), scope)).toBe(isHeld)
  })

  it('what lies under a resource', () => {
    const scope = parseScope(storageId)
    expect(scope && isWithin(id(`${storageId}/fileServices/default`), scope)).toBe(true)
  })
})

describe('a name pattern', () => {
  it.each([
    ['', '*', true],
    ['abc', 'abc', true],
    ['abc', '*', true],
    ['abc', 'a*', true],
    ['abc', '*c', true],
    ['abc', 'a*c', true],
    ['abc', 'a*b*c', true],
    ['abc', 'abc*', true],
    ['ABC', 'aB*', true],
    ['a', 'a*a', false],
    ['aba', 'ab*ba', false],
    ['abc', 'b*', false],
    ['abc', '*b', false],
    ['abc', 'a*x*c', false],
    ['abcb', 'a*b', true],
    ['a.c', 'a.c', true],
    ['abc', 'a.c', false],
    ['abc', '', false],
  ])('%j against %j: %s', (name, pattern, expected) => {
    expect(matchesName(name, pattern)).toBe(expected)
  })

  it('means what the same regular expression means', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 })
    const pattern = fc.array(text, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('*'))
    fc.assert(
      fc.property(text, pattern, (name, expected) => {
        const expression = new RegExp(`^${expected.replaceAll('.', '\\.').replaceAll('*', '.*')}$`)
        expect(matchesName(name, expected)).toBe(expression.test(name))
      }),
    )
  })

  it('takes no long time over a pattern made to be slow', () => {
    const begun = performance.now()
    expect(matchesName('a'.repeat(200), `${'a*'.repeat(60)}b`)).toBe(false)
    expect(performance.now() - begun).toBeLessThan(200)
  })
})

describe('the id of a management group', () => {
  it.each([
    ['/providers/Microsoft.Management/managementGroups/Data', 'data'],
    ['/PROVIDERS/microsoft.management/MANAGEMENTGROUPS/x', 'x'],
    ['/provider\u017F/Microsoft.Management/managementGroups/x', undefined],
    ['/providers/Microsoft.Management/managementGroup\u017F/x', undefined],
    ['/providers/Microsoft.Management/managementGroups/', undefined],
    ['/providers/Microsoft.Management/managementGroups/a/b', undefined],
    ['/providers/Microsoft.Management/managementGroups/a*', undefined],
  ])('%s is %s', (text, name) => {
    expect(parseManagementGroup(text)).toBe(name)
  })
})
