import { describe, expect, it } from 'vitest'
import { AzureFailed } from '../../../shared/ports/azure.ts'
import { maxTrouble, troubleAfter } from '../../../shared/review/trouble.ts'

const at = 1_000_000
const error = new AzureFailed({ code: 'Busy', message: 'words' }, 40)
const failedAt = (...ids: string[]) => new Map(ids.map((id) => [id.toLowerCase(), { id, error }]))
const before = [
  { id: '/A', at: 1 },
  { id: '/b', at: 2 },
]

/** What is remembered after a pass that failed at some parts and settled others. */
function after(failed: readonly string[], succeeded: readonly string[], known = before) {
  return troubleAfter(known, { failed: failedAt(...failed), succeeded: new Set(succeeded) }, at, false)
}

describe('the trouble of a target after a pass', () => {
  it.each([
    ['a part that failed again keeps its time', ['/A'], ['/b'], [{ id: '/A', at: 1 }]],
    ['its id is compared in whatever letters', ['/a'], ['/b'], [{ id: '/A', at: 1 }]],
    ['a part that was not tried keeps it, too', [], [], before],
    ['a part that failed and was settled has failed', ['/A', '/b'], ['/a', '/b'], before],
    ['a part that was settled is over', [], ['/a', '/b'], []],
    ['the settling of another part ends nothing', [], ['/c'], before],
    ['a new one begins now', ['/C'], ['/a'], [before[1], { id: '/C', at }]],
  ])('%s', (_, failed, succeeded, trouble) => {
    expect(after(failed, succeeded).trouble).toEqual(trouble)
  })

  it('names what failed, oldest first, with the words of Azure and the wait that it asked for', () => {
    const question = 'part Busy words'
    const failure = { words: 'Busy ("words")', question, afterSeconds: 40, isWhole: false }
    expect(after(['/c', '/b'], []).failures).toEqual([
      { ...failure, id: '/b', since: 2 },
      { ...failure, id: '/c', since: at },
    ])
  })

  it('has a bound: the oldest stay', () => {
    const many = Array.from({ length: maxTrouble + 5 }, (_, index) => `/x${index}`)
    const { trouble, failures } = after(many, [])
    expect(trouble).toHaveLength(maxTrouble)
    expect(trouble.slice(0, 2)).toEqual(before)
    expect(failures).toHaveLength(maxTrouble + 5)
  })

  it('at the bound, a part that was not remembered has failed for as long as the newest that is', () => {
    const full = Array.from({ length: maxTrouble }, (_, index) => ({ id: `/x${index}`, at: index }))
    const { trouble } = after(['/late'], ['/x0', '/x1'], full)
    expect(trouble.at(-1)).toEqual({ id: '/late', at: maxTrouble - 1 })
  })
})
