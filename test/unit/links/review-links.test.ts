import { describe, expect, it } from 'vitest'
import { endedByRotation, maxLinkMs, newKey, rotated } from '../../../shared/links/keys.ts'
import { ReviewLinks } from '../../../shared/links/review-links.ts'
import { StoredKeys } from '../../../shared/links/storage/stored-keys.ts'
import { MemoryTable } from '../../support/memory-table.ts'

const start = Date.parse('2026-12-01T12:00:00Z')
const day = 86_400_000

function bench() {
  const clock = { at: start }
  const now = () => new Date(clock.at)
  const calls: string[] = []
  const table = new MemoryTable('links', now, (when, call) => when === 'before' && calls.push(call))
  let made = 0
  const random = (bytes: number) => Buffer.alloc(bytes, (made += 1)).toString('base64url')
  const stored = () => new StoredKeys(table, random, now)
  const host = () => new ReviewLinks({ keys: stored(), publicOrigin: 'https://approver.test', now })
  const rotate = async () => {
    const before = await stored().read()
    if (before) await stored().replace(before, rotated(before.keys, random, now()))
  }
  return { clock, calls, table, random, stored, host, rotate }
}

const link = {
  place: { kind: 'request', id: 'a1b2c3d4e5f60718293a.1.7' },
  messageId: 'm',
  channel: 'mail',
  expiresAt: new Date(start + 7 * day),
} as const
const tokenOf = (address: string) => address.replace('https://approver.test/review/', '')

describe('keys of links', () => {
  it('are made once, whichever of many hosts starts first', async () => {
    const { stored } = bench()
    const loaded = await Promise.all(Array.from({ length: 20 }, () => stored().load()))
    expect(new Set(loaded.map(({ current }) => current.secret)).size).toBe(1)
  })

  it('that cannot be read are not made anew, and no secret is in the error', async () => {
    const { table, stored } = bench()
    await table.insert({
      partitionKey: 'link-keys',
      rowKey: 'link-keys',
      columns: { currentSecret: 's3cret' },
    })
    await expect(stored().load()).rejects.toThrow(/cannot be read/)
    await expect(stored().load()).rejects.not.toThrow(/s3cret/)
  })

  it('are known to end links by a rotation only while links of the previous one may be in use', () => {
    let made = 0
    const random = () => String((made += 1))
    const first = { current: newKey(random, new Date(start)), previous: undefined }
    expect(endedByRotation(first, new Date(start))).toBeUndefined()
    const second = rotated(first, random, new Date(start))
    const until = new Date(start + maxLinkMs)
    expect(endedByRotation(second, new Date(start + day))).toEqual(until)
    expect(endedByRotation(second, until)).toBeUndefined()
  })
})

describe('a link', () => {
  it('that was sent before a rotation still works, on every host', async () => {
    const { host, rotate } = bench()
    const one = host()
    const address = await one.linkTo(link)
    await rotate()
    for (const each of [one, host()]) expect(await each.find(tokenOf(address))).toEqual(link)
  })

  it('of a host that knows the new key works on one that does not yet', async () => {
    const { host, rotate, clock } = bench()
    const other = host()
    await other.find(tokenOf(await other.linkTo(link)))
    await rotate()
    clock.at += 11_000
    expect(await other.find(tokenOf(await host().linkTo(link)))).toEqual(link)
  })

  it('of two rotations ago names no key', async () => {
    const { host, rotate } = bench()
    const address = await host().linkTo(link)
    await rotate()
    await rotate()
    expect(await host().find(tokenOf(address))).toBe('link-key-unknown')
  })

  it('lives 60 days at most', async () => {
    const { host, clock } = bench()
    const address = await host().linkTo({ ...link, expiresAt: new Date('2099-01-01') })
    clock.at = start + 60 * day - 1_000
    expect(await host().find(tokenOf(address))).toMatchObject({ place: link.place })
    clock.at = start + 60 * day
    expect(await host().find(tokenOf(address))).toBe('link-expired')
  })

  it('that is no token is refused before anything is read; forged key ids read the keys once in ten seconds', async () => {
    const { host, calls } = bench()
    const one = host()
    expect(await one.find('x'.repeat(600))).toBe('link-malformed')
    expect(calls).toEqual([])
    await one.linkTo(link)
    const read = calls.length
    const forged = (id: string) =>
      `v1.${Buffer.from(JSON.stringify([id, 'r', 'a', 'm', 'c', 1])).toString('base64url')}.${'A'.repeat(43)}`
    for (let index = 0; index < 20; index += 1)
      expect(await one.find(forged(`k${index}`))).toBe('link-key-unknown')
    expect(calls.length).toBe(read)
  })
})
