import { describe, expect, it } from 'vitest'
import {
  isPublicAddress,
  PrivateAddressError,
  privateLiteral,
  publicLookup,
} from '../../../shared/channels/http/public-address.ts'

describe('a public address', () => {
  it.each(['8.8.8.8', '20.50.2.1', '172.32.0.1', '100.128.0.1', '2603:1030::1', '2a00:1450:4001::200e'])(
    '%s is one',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  it.each([
    ['loopback', '127.0.0.1'],
    ['all of loopback', '127.8.9.10'],
    ['this machine', '0.0.0.0'],
    ['private', '10.0.0.1'],
    ['private', '172.16.0.1'],
    ['private', '192.168.1.1'],
    ['link-local, where metadata is', '169.254.169.254'],
    ['shared by carriers', '100.64.0.1'],
    ['the platform of Azure', '168.63.129.16'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['for examples', '192.0.2.1'],
    ['for tests', '198.18.0.1'],
    ['IPv6 loopback', '::1'],
    ['IPv6 of this machine', '::'],
    ['IPv6 link-local', 'fe80::1'],
    ['IPv6 link-local with a zone', 'fe80::1%eth0'],
    ['IPv6 private', 'fd00:ec2::254'],
    ['IPv6 multicast', 'ff02::1'],
    ['IPv4 mapped into IPv6', '::ffff:127.0.0.1'],
    ['a public IPv4 mapped into IPv6', '::ffff:8.8.8.8'],
    ['an old embedding of IPv4', '::7f00:1'],
    ['translated IPv4', '64:ff9b::a00:1'],
    ['6to4', '2002:7f00:1::'],
    ['Teredo', '2001:0:53aa:64c::1'],
    ['for examples', '2001:db8::1'],
    ['nothing', ''],
    ['a name', 'localhost'],
  ])('%s is none: %s', (_, address) => expect(isPublicAddress(address)).toBe(false))

  it.each([
    ['https://127.0.0.1/x', '127.0.0.1'],
    ['https://0x7f.1/', '127.0.0.1'],
    ['https://2130706433/', '127.0.0.1'],
    ['https://[::1]:8443/', '::1'],
    ['https://[::ffff:10.0.0.1]/', '::ffff:a00:1'],
    ['https://8.8.8.8/', undefined],
    ['https://hooks.example/', undefined],
  ])('%s names the address %s', (url, address) => expect(privateLiteral(new URL(url))).toBe(address))
})

describe('a lookup', () => {
  type Addresses = readonly { readonly address: string; readonly family: number }[]
  type Result = readonly [error: Error | null, addresses: unknown]

  function found(addresses: Addresses, all: boolean, problem: Error | null = null): Promise<Result> {
    const lookup = publicLookup((_host, _options, callback) => callback(problem, [...addresses]))
    return new Promise((resolve) => {
      lookup('hooks.example', { all }, (error, address) => resolve([error, address]))
    })
  }

  it('gives all addresses, or the first, as it is asked', async () => {
    const addresses = [
      { address: '8.8.8.8', family: 4 },
      { address: '2603:1030::1', family: 6 },
    ]
    expect(await found(addresses, true)).toEqual([null, addresses])
    expect(await found(addresses, false)).toEqual([null, '8.8.8.8'])
  })

  it('gives none where one of them is private', async () => {
    const [error] = await found(
      [
        { address: '8.8.8.8', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ],
      true,
    )
    expect(error).toBeInstanceOf(PrivateAddressError)
  })

  it('gives none where there are none', async () => {
    expect((await found([], true))[0]).toBeInstanceOf(PrivateAddressError)
  })

  it('passes on what DNS says', async () => {
    const gone = Object.assign(new Error('gone'), { code: 'ENOTFOUND' })
    expect((await found([], true, gone))[0]).toBe(gone)
  })
})
