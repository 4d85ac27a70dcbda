import { z } from 'zod'
import type { ArmClient } from '../arm/client.ts'
import { ArmError } from '../arm/error.ts'
import { type ListBudget, listBudget } from '../arm/pages.ts'
import { listOfExisting, mustBeWell } from './asking.ts'
import { readNetworkEndpoints } from './item-reading.ts'
import type { RequesterApi } from './requester-api.ts'

const apiVersion = '2018-06-01'
const network = z.object({ name: z.string() })
/** Factories have one as a rule. All are listed at once. */
const maxNetworks = 20

/**
 * Data factories, queried through ARM. The managed network is usually called `default` but need not be, so all are
 * listed. Azure does not disclose the id of the endpoint behind a managed endpoint (seen in a recording of 2021).
 */
export function dataFactory(arm: ArmClient): RequesterApi {
  return {
    kind: 'data-factory',
    async managedEndpoints(factory) {
      const { id, name } = factory
      await mustBeWell(arm, 'data-factory', factory, apiVersion)
      const budget = listBudget()
      const lists = await Promise.all(
        (await networksOf(arm, id, budget)).map((network) =>
          arm.list(`${id}/managedVirtualNetworks/${network}/managedPrivateEndpoints`, apiVersion, budget),
        ),
      )
      return readNetworkEndpoints(name, lists.flat())
    },
  }
}

/**
 * Names of the managed networks of a factory.
 * @throws RequesterNotFound when the factory is gone, ArmError when the list cannot be read completely.
 */
export async function networksOf(
  arm: ArmClient,
  factoryId: string,
  budget: ListBudget,
): Promise<readonly string[]> {
  const networks = await listOfExisting(arm, `${factoryId}/managedVirtualNetworks`, apiVersion, budget)
  if (networks.length > maxNetworks)
    throw new ArmError(0, 'EndlessList', `It has more than ${maxNetworks} managed networks.`)
  return networks.map((item) => {
    const read = network.safeParse(item)
    if (read.success) return read.data.name
    throw new ArmError(0, 'UnreadableResponse', 'A managed network has no readable name.')
  })
}
