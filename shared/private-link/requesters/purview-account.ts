import type { ArmClient } from '../arm/client.ts'
import { listOrNone, mustBeAt, mustBeWell } from './asking.ts'
import { checkTemplate, type DataPlaneClient, fillTemplate } from './data-plane.ts'
import { readNetworkEndpoints } from './item-reading.ts'
import type { RequesterApi } from './requester-api.ts'

const placeholder = '{account}'
const armApiVersion = '2021-12-01'
const scanningApiVersion = '2023-09-01'

/**
 * Microsoft Purview accounts. ARM shows whether the account still exists and how it is, the scanning data plane lists the endpoints
 * of its managed network, which can only be called `defaultv2` (Microsoft's specification).
 * @param template address of an account's data plane with `{account}` in it.
 */
export function purviewAccount(arm: ArmClient, dataPlane: DataPlaneClient, template: string): RequesterApi {
  checkTemplate(template, placeholder)
  return {
    kind: 'purview-account',
    async managedEndpoints(account) {
      const { name } = account
      const address = fillTemplate(template, placeholder, name)
      const client = dataPlane(address)
      const stated = await mustBeWell(arm, 'purview-account', account, armApiVersion)
      mustBeAt(stated.endpoints?.scan, hostsOf(new URL(address)))
      const path = '/scan/managedvirtualnetworks/defaultv2/managedprivateendpoints'
      return readNetworkEndpoints(name, await listOrNone(client, path, scanningApiVersion))
    },
  }
}

/** Older accounts state the host of each service: `{account}.scan.purview.azure.com` (Microsoft's specification). */
function hostsOf({ host }: URL): readonly string[] {
  return [host, host.replace('.', '.scan.')]
}
