import { z } from 'zod'
import type { ArmClient } from '../arm-client.ts'
import { ArmError } from '../arm-error.ts'
import { readManagedEndpoints } from './managed-endpoint-reading.ts'
import { RequesterNotFound } from './requester-kind.ts'
import type { RequesterKind } from './requester-kind.ts'

const apiVersion = '2018-06-01'
const network = z.object({ name: z.string() })

/**
 * Data factories, asked through ARM. The managed network is usually called `default` but need not be, so all are
 * listed. Azure does not tell the id of the endpoint behind a managed endpoint (seen in a recording of 2021).
 */
export function dataFactory(arm: ArmClient): RequesterKind {
  return {
    kind: 'data-factory',
    armType: 'Microsoft.DataFactory/factories',
    spoken: 'the factory',
    async managedEndpoints(id) {
      const networksPath = `${id.id}/managedVirtualNetworks`
      const networks = await listOrNotFound(arm, networksPath, id.id)
      const lists = await Promise.all(
        networks.map((item) => {
          const read = network.safeParse(item)
          if (!read.success)
            throw new ArmError(0, 'UnreadableAnswer', 'A managed network has no readable name.')
          return arm.list(`${networksPath}/${read.data.name}/managedPrivateEndpoints`, apiVersion)
        }),
      )
      return readManagedEndpoints(lists.flat())
    },
  }
}

async function listOrNotFound(arm: ArmClient, path: string, id: string): Promise<readonly unknown[]> {
  try {
    return await arm.list(path, apiVersion)
  } catch (error) {
    if (error instanceof ArmError && error.status === 404)
      throw new RequesterNotFound(`${id} does not exist.`)
    throw error
  }
}
