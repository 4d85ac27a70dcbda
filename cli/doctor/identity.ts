import { printable } from '../../shared/domain/printable.ts'
import type { Connected } from '../place/connect.ts'
import { claimsOf } from '../place/token-claims.ts'
import { fail, type Identity, type CheckRun, pass, warn } from './check.ts'

const tolerableSeconds = 60
const deadlySeconds = 240

/** The identity that calls Azure: the user who runs the command, not the app. */
export const checkIdentity: CheckRun = async ({ whoAmI }) => {
  const { objectId, clientId, tenantId } = await whoAmI()
  const named = [
    objectId && `object ${objectId}`,
    clientId && `application ${clientId}`,
    tenantId && `tenant ${tenantId}`,
  ].filter(Boolean)
  return pass(
    `Azure gives a token to ${printable(named.join(', '))}. That is who runs this command; what is said of permissions is true of the app only when that is its identity.`,
  )
}

/** @throws Error of the credential when it gives no token. */
export async function identityOf({
  azureSettings,
  credential,
}: Pick<Connected, 'azureSettings' | 'credential'>): Promise<Identity> {
  const { armEndpoint } = await azureSettings()
  const token = await (await credential()).getToken(`${armEndpoint}/.default`)
  const claims = claimsOf(token?.token ?? '')
  return {
    objectId: textOf(claims['oid']),
    clientId: textOf(claims['appid']) ?? textOf(claims['azp']),
    tenantId: textOf(claims['tid']),
  }
}

function textOf(claim: unknown): string | undefined {
  return typeof claim === 'string' ? claim : undefined
}

/** A clock that is off breaks tokens, and the days of the log. */
export const checkClock: CheckRun = async ({ run }) => {
  const response = await (await run.connected.arm()).request('GET', '/subscriptions', '2022-12-01')
  const theirs = Date.parse(response.header('date') ?? '')
  if (Number.isNaN(theirs)) return warn('Azure did not say what time it is.')
  const seconds = Math.round(Math.abs(run.now().getTime() - theirs) / 1000)
  const found = `This clock and that of Azure are ${seconds} s apart.`
  const fix = 'Set the clock by NTP: timedatectl set-ntp true'
  if (seconds <= tolerableSeconds) return pass(found)
  return seconds < deadlySeconds ? warn(found, fix) : fail(found, fix)
}
