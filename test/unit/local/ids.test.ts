import { describe, expect, it } from 'vitest'
import { sameId } from '../../../local/azure/ids.ts'

const idIn = (group: string) =>
  `/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/${group}/providers/Microsoft.Storage/storageAccounts/st`

/** As .NET compares without regard to case, ordinally: Azure Resource Manager is written in it. */
describe('the simulated Azure takes ids for the same', () => {
  it.each([
    ['in capitals', 'rg-lake', 'RG-LAKE'],
    ['in capitals beyond A to Z', 'rg-\u00E4rzte', 'RG-\u00C4RZTE'],
    ['with each form of a digraph', 'rg-\u01C4', 'rg-\u01C5'],
    ['with each form of a sigma', 'rg-\u03C2', 'rg-\u03C3'],
    ['with a micro sign and a mu', 'rg-\u00B5', 'rg-\u03BC'],
    ['with a title case that has no capitals of one letter', 'rg-\u1F80', 'rg-\u1F88'],
  ])('%s', (_, one, other) => {
    expect(sameId(idIn(one), idIn(other))).toBe(true)
  })
})

describe('the simulated Azure does not take ids for the same', () => {
  it.each([
    ['with a Kelvin sign', 'rg-k', 'rg-\u212A'],
    ['with a long s', 'rg-s', 'rg-\u017F'],
    ['with a dotless i', 'rg-i', 'rg-\u0131'],
    ['with a dotted capital I', 'rg-i', 'rg-\u0130'],
    ['with a sharp s', 'rg-ss', 'rg-\u00DF'],
    ['in another normalization form', 'rg-\u00C4', 'rg-A\u0308'],
  ])('%s', (_, one, other) => {
    expect(sameId(idIn(one), idIn(other))).toBe(false)
  })
})
