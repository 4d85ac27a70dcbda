import { printable } from '../../domain/printable.ts'
import { asciiLowerCase, isGuid } from '../../domain/resource-id.ts'

const maxChallengeLength = 4096
const parameter = /\s*([A-Za-z_]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))\s*(?:,|$)/y
/** Host with its port, and path. What a parser of addresses would first have to fix does not match. */
const plainAddress = /^https:\/\/([a-z0-9.-]+(?::\d+)?)((?:\/[a-z0-9.-]*)*)$/i
const paths = ['', '/', '/oauth2/authorize', '/oauth2/v2.0/authorize']
const nobody = '00000000-0000-0000-0000-000000000000'

/** A tenant, or in a few words why it is unknown. */
export type TenantFinding = { readonly tenantId: string } | { readonly problem: string }

/**
 * The tenant in the challenge of a 401 such as `Bearer authorization_uri="https://login.windows.net/{tenant}", error=…`
 * (reported by users' audit scripts). It must be one challenge with one plain address, a known login host and a tenant
 * id in its first segment; otherwise the result names what is odd.
 * @param loginHosts hosts, with a port where it is not 443, in lower case.
 */
export function tenantOfChallenge(
  challenge: string | undefined,
  loginHosts: readonly string[],
): TenantFinding {
  if (!challenge) return problem('the response has no challenge')
  if (challenge.length > maxChallengeLength) return problem('the challenge is too long')
  const parameters = readBearer(challenge)
  if (!parameters) return problem('the challenge is not one Bearer challenge')
  const first = parameters.find(([name]) => name === 'authorization_uri')
  if (!first) return problem('the challenge names no login address')
  const isAnotherAddress = ([name, value]: Parameter): boolean =>
    name.startsWith('authorization') || loginHosts.some((host) => asciiLowerCase(value).includes(host))
  if (parameters.some((one) => one !== first && isAnotherAddress(one)))
    return problem('the challenge names more than one login address')
  return tenantOfAddress(first[1], loginHosts)
}

function tenantOfAddress(address: string, loginHosts: readonly string[]): TenantFinding {
  const read = plainAddress.exec(address)
  if (!read) return problem('the login address is not a plain https address')
  const [, hostAndPort = '', shownPath = ''] = read
  const host = asciiLowerCase(hostAndPort).replace(/:443$/, '')
  if (!loginHosts.includes(host)) return problem(`the login host ${printable(host)} is not known`)
  const [, tenantId = '', ...rest] = shownPath.split('/')
  if (!isGuid(tenantId) || tenantId === nobody) return problem('the login address names no tenant id')
  const path = rest.length === 0 ? '' : `/${rest.join('/')}`
  if (!paths.includes(path)) return problem('the login address has a path that is not known')
  return { tenantId: asciiLowerCase(tenantId) }
}

type Parameter = readonly [name: string, value: string]

/** Names, in lower case, and values of a header with exactly one Bearer challenge. */
function readBearer(challenge: string): readonly Parameter[] | undefined {
  const scheme = /^\s*bearer\s+/i.exec(challenge)
  if (!scheme) return undefined
  const parameters: Parameter[] = []
  parameter.lastIndex = scheme[0].length
  while (parameter.lastIndex < challenge.length) {
    const read = parameter.exec(challenge)
    if (!read) return undefined
    const [, name = '', quoted, plain = ''] = read
    parameters.push([asciiLowerCase(name), quoted ?? plain])
  }
  return parameters
}

function problem(text: string): TenantFinding {
  return { problem: text }
}
