import { describe, expect, it } from 'vitest'
import { parseResourceId } from '../../../shared/domain/resource-id.ts'
import { Requests } from '../../../shared/ledger/requests.ts'
import { MemoryLedger } from '../../support/memory-ledger.ts'
import { confirmed } from '../../support/sample-pages.ts'
import { connectionNamed, sampleEntry, sampleRequest, sampleTarget } from '../../support/sample-request.ts'

const start = Date.parse('2026-12-01T08:00:00Z')
const requester = confirmed.requester?.id ?? { key: '' }

function bench() {
  const clock = { at: start }
  const now = () => new Date(clock.at)
  const memory = new MemoryLedger(now)
  const requests = new Requests(memory.requests, memory.index, (problem) => {
    throw problem
  })
  async function step(name: string, state: 'open' | 'applied' | 'withdrawn', isConfirmed = false) {
    clock.at += 60_000
    const subject = connectionNamed(name)
    const record = await memory.ledger.read(subject)
    const endpointId = `/subscriptions/0a5e6f10-1111-4a6b-8c2d-d47a91a7f001/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/${name}`
    const request = sampleRequest(state, { decisionId: name }, subject)
    const of = { ...request, subject: { ...request.subject, endpointId } as never }
    const proof = isConfirmed ? confirmed : undefined
    const entry = sampleEntry(of, { proof, at: now().toISOString() })
    await memory.ledger.write(subject, record, { request: of, entry, notification: undefined })
    return endpointId
  }
  return { memory, requests, step }
}

const names = (entries: readonly { readonly decisionId: string }[]) =>
  entries.map(({ decisionId }) => decisionId)

describe('what ended', () => {
  it('on a target is found newest first, up to a number, and nothing that still waits', async () => {
    const { requests, step } = bench()
    for (const name of ['a', 'b', 'c']) await step(name, 'open')
    for (const name of ['b', 'c', 'a']) await step(name, 'applied')
    await step('d', 'open')
    expect(names(await requests.endedOn(sampleTarget, 10))).toEqual(['a', 'c', 'b'])
    expect(names(await requests.endedOn(sampleTarget, 2))).toEqual(['a', 'c'])
  })

  it('for a confirmed requester is kept by the requester, for another by its endpoint', async () => {
    const { requests, step } = bench()
    await step('a', 'applied', true)
    const endpoint = parseResourceId(await step('b', 'withdrawn'))
    if (!endpoint) throw new Error('That is no endpoint.')
    expect(names(await requests.endedOf(requester, 10))).toEqual(['a'])
    expect(names(await requests.endedOf(endpoint, 10))).toEqual(['b'])
  })

  it('is found again after a crash, once the repair has run', async () => {
    const { memory, requests, step } = bench()
    await step('a', 'applied', true)
    for (const { partitionKey, rowKey } of memory.index.rows())
      if (partitionKey.startsWith('ended-')) await memory.index.removeDerived(partitionKey, rowKey)
    expect(await requests.endedOn(sampleTarget, 10)).toEqual([])
    expect(await memory.ledger.repairIndexes(new Date(start))).toBe(2)
    expect(names(await requests.endedOn(sampleTarget, 10))).toEqual(['a'])
    expect(names(await requests.endedOf(requester, 10))).toEqual(['a'])
  })
})
