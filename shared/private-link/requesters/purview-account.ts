import type { ArmClient } from '../arm-client.ts'
import { checkTemplate, fillTemplate, listOrNone, mustExist } from './data-plane.ts'
import type { DataPlaneClient } from './data-plane.ts'
import { readManagedEndpoints } from './managed-endpoint-reading.ts'
import type { RequesterKind } from './requester-kind.ts'

const placeholder = '{account}'
const armApiVersion = '2021-12-01'
const scanningApiVersion = '2023-09-01'

/**
 * Microsoft Purview accounts. ARM says whether the account is still there, the scanning data plane lists the
 * endpoints of its managed network, which can only be called `defaultv2` (Microsoft's specification). That the
 * endpoint on the target is called `{account}.{managed endpoint}` as for factories is inferred.
 * @param template address of an account's data plane with `{account}` in it.
 */
export function purviewAccount(arm: ArmClient, dataPlane: DataPlaneClient, template: string): RequesterKind {
  checkTemplate(template, placeholder)
  return {
    kind: 'purview-account',
    armType: 'Microsoft.Purview/accounts',
    spoken: 'the Purview account',
    async managedEndpoints(id) {
      const client = dataPlane(fillTemplate(template, placeholder, id))
      await mustExist(arm, id, armApiVersion)
      const path = '/scan/managedvirtualnetworks/defaultv2/managedprivateendpoints'
      return readManagedEndpoints(await listOrNone(client, path, scanningApiVersion))
    },
  }
}
