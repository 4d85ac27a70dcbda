import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { fromAsync, groupBy, withResolvers } from '../../../cli/older-node.ts'

const owners: readonly (readonly [object, string])[] = [
  [Array, 'fromAsync'],
  [Map, 'groupBy'],
  [Promise, 'withResolvers'],
]

describe('on Node 20', () => {
  const own = owners.map(([owner, name]) => Object.getOwnPropertyDescriptor(owner, name))
  const restore = () => {
    for (const [index, [owner, name]] of owners.entries())
      Object.defineProperty(owner, name, own[index] ?? { value: undefined })
  }
  const present = (): unknown[] => owners.map(([owner, name]) => Reflect.get(owner, name) as unknown)
  beforeEach(() => vi.resetModules())
  afterEach(restore)

  it('the import installs what is missing, unseen by whoever lists it', async () => {
    for (const [owner, name] of owners) Reflect.deleteProperty(owner, name)
    expect(owners.map(([owner, name]) => name in owner)).toEqual([false, false, false])
    const installed = await import('../../../cli/older-node.ts')
    expect(present()).toEqual([installed.fromAsync, installed.groupBy, installed.withResolvers])
    expect(Map.groupBy([1, 2, 3], (number) => number % 2)).toEqual(
      new Map([
        [1, [1, 3]],
        [0, [2]],
      ]),
    )
    expect(Object.keys(Map)).toEqual([])
  })

  it('the import leaves alone what is there', async () => {
    const before = present()
    await import('../../../cli/older-node.ts')
    expect(present()).toEqual(before)
  })

  it('Array.fromAsync collects as on newer ones', async () => {
    async function* items() {
      yield await Promise.resolve(1)
      yield 2
    }
    expect(await fromAsync(items())).toEqual(await Array.fromAsync(items()))
  })

  it('Promise.withResolvers resolves and rejects as on newer ones, which channels need', async () => {
    const kept = withResolvers<number>()
    kept.resolve(1)
    expect(await kept.promise).toBe(1)
    const broken = withResolvers<number>()
    broken.reject(new Error('broken'))
    await expect(broken.promise).rejects.toThrow('broken')
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
