import { distinct } from '../../domain/resource-id.ts'
import type { EndpointsPort } from '../../ports/azure.ts'
import { ArmError } from '../arm/error.ts'
import type { PrivateEndpoints } from './private-endpoint.ts'

/** Targets of ordinary endpoints. An endpoint in a foreign tenant or one that is gone points nowhere for us. */
export function createEndpoints(privateEndpoints: PrivateEndpoints): EndpointsPort {
  return {
    async targetsOf(endpoint) {
      try {
        const links = await privateEndpoints.linksOf(endpoint)
        return distinct(links.flatMap((link) => link.targetId ?? []))
      } catch (error) {
        if (error instanceof ArmError && [401, 403, 404].includes(error.status)) return []
        throw error
      }
    },
  }
}
