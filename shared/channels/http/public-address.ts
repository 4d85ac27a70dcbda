import { lookup, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/** A host has an address that messages are not sent to. */
export class PrivateAddressError extends Error {
  override name = 'PrivateAddressError'
}

/** Azure's own services for a machine, at an address that is public by its number. */
const platformAddress = '168.63.129.16'
const globalIpv6: readonly [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3]

/**
 * True for an address of the internet. False for private, loopback, link-local, shared (100.64.0.0/10), multicast and
 * reserved ones, for those that embed an IPv4 address, and for those of Azure's metadata services.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.parse(address)
  if (parsed.range() !== 'unicast' || parsed.toString() === platformAddress) return false
  return parsed instanceof ipaddr.IPv4 || parsed.match(globalIpv6[0], globalIpv6[1])
}

/** The address that a URL names instead of a host, if it does and it is not public. */
export function privateLiteral({ hostname }: URL): string | undefined {
  const address = hostname.replace(/^\[(.*)\]$/, '$1')
  return isIP(address) !== 0 && !isPublicAddress(address) ? address : undefined
}

type ResolveAll = (
  host: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void

/**
 * Looks a host up for a connection, which then goes to one of these addresses and no other: nothing is looked up again
 * between check and connect. One address that is not public refuses all of them.
 */
export function publicLookup(resolve: ResolveAll = lookup): LookupFunction {
  return (host, options, callback) => {
    resolve(host, { all: true }, (error, addresses) => {
      if (error !== null) {
        callback(error, '')
        return
      }
      const [first] = addresses
      if (first === undefined || addresses.some(({ address }) => !isPublicAddress(address)))
        callback(new PrivateAddressError('The host has an address that is not public.'), '')
      else if (options.all === true) callback(null, addresses)
      else callback(null, first.address, first.family)
    })
  }
}
