import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { gather } from '../../../cli/approvals/suggest-gather.ts'
import { prepareRules } from '../../../shared/policy/index.ts'
import type { PrivateLink } from '../../../shared/private-link/index.ts'
import { connection } from '../../unit/policy/given.ts'

it('after a failure asks no further requester, and leaves the bar alone', async () => {
  const drawnAfterEnd: number[] = []
  let asked = 0
  const bar = () => {
    let isOver = false
    return {
      at(done: number) {
        if (isOver) drawnAfterEnd.push(done)
      },
      end() {
        isOver = true
      },
    }
  }
  const targets = Array.from({ length: 30 }, (_, index) => ({
    ...connection().target,
    key: `target-${index}`,
  }))
  const ownerOf = async () => {
    asked += 1
    if (asked === 1) throw new Error('It is broken.')
    await sleep(10)
    return { tenantId: 'x' }
  }
  const link = {
    approved: {
      approved: () => Promise.resolve({ connections: [], notShown: targets, gaps: [] }),
      resourcesNamed: () => Promise.resolve({ ids: [], gaps: [] }),
    },
    connections: { list: () => Promise.resolve({ kind: 'whole', connections: [connection()] }) },
    proofs: { forPass: () => undefined },
    tenants: { ownerOf },
  } as unknown as PrivateLink
  const rules = prepareRules({ complete: true, rules: [], hash: '' })
  const io = { progress: bar, signal: new AbortController().signal }
  await expect(gather(link, rules, [], io)).rejects.toThrow('It is broken.')
  await sleep(100)
  expect(asked).toBeLessThanOrEqual(6)
  expect(drawnAfterEnd).toEqual([])
})
