import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromAsync, groupBy } from '../../../cli/older-node.ts'

describe('on Node 20', () => {
  it('Array.fromAsync collects as on newer ones', async () => {
    async function* items() {
      yield await Promise.resolve(1)
      yield 2
    }
    expect(await fromAsync(items())).toEqual(await Array.fromAsync(items()))
  })

  it('Map.groupBy groups as on newer ones', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (numbers) => {
        const keyOf = (number: number, index: number) => `${number % 3} ${index % 2}`
        expect([...groupBy(numbers, keyOf)]).toEqual([...Map.groupBy(numbers, keyOf)])
      }),
    )
  })
})
