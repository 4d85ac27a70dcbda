import { describe, expect, it } from 'vitest'
import { account, codesOf, deny, findingsOf, one, rule, subscription } from './given.ts'

const small = account('st').replace('rg-data', 'rg-\u00E4rzte')
const capital = account('st').replace('rg-data', 'rg-\u00C4rzte')

describe('of rules for names in other letters beyond A to Z', () => {
  it('a deny goes before an allow', () => {
    expect(findingsOf([rule({ target: small }), deny({ target: capital })], 'overruled')).toEqual([
      'the-rule by the-deny',
    ])
  })

  it('a deny by a pattern goes before an allow', () => {
    const target = `${subscription}/resourceGroups/rg-\u00C4*`
    expect(findingsOf([rule({ target: small }), deny({ target })], 'overruled')).toEqual([
      'the-rule by the-deny',
    ])
  })

  it('a deny of the name of an endpoint goes before an allow', () => {
    const rules = [rule({ endpointName: 'a.\u00E4' }), deny({ endpointName: '*.\u00C4' })]
    expect(findingsOf(rules, 'overruled')).toEqual(['the-rule by the-deny'])
  })

  it('one deny covers another', () => {
    expect(findingsOf([deny({ target: capital }), deny({ id: 'twin', target: small })], 'duplicate')).toEqual(
      ['twin by the-deny'],
    )
  })

  it('one allow does not cover another', () => {
    expect(codesOf(rule({ target: capital }), rule({ id: 'twin', target: small }))).toEqual([])
  })

  it('one allow does not cover another by the name of the requester', () => {
    const id = one(
      account('x')
        .replace(/[^/]+[/][^/]+$/, 'factories/adf')
        .replace('Storage', 'DataFactory'),
    )
    const other = {
      kind: 'resource',
      id: id?.kind === 'resource' ? id.id.replace('rg-', '\u00C4') : '',
    } as const
    const lower = { ...other, id: other.id.replace('\u00C4', '\u00E4') }
    expect(codesOf(rule({ requester: other }), rule({ id: 'twin', requester: lower }))).toEqual([])
  })

  it('one allow does not cover another by a tag, a group id or the name of an endpoint', () => {
    const pairs = [
      [{ targetTags: [{ name: '\u00C4', value: 'x' }] }, { targetTags: [{ name: '\u00E4', value: 'x' }] }],
      [{ groupIds: ['\u00C4'] }, { groupIds: ['\u00E4'] }],
      [{ endpointName: 'a.\u00C4' }, { endpointName: 'a.\u00E4' }],
    ] as const
    for (const [outer, inner] of pairs)
      expect(codesOf(rule(outer), rule({ id: 'twin', ...inner }))).toEqual([])
  })
})
