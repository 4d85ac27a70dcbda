import { distinct } from '../../domain/resource-id.ts'
import type { EndpointsPort } from '../../ports/azure.ts'
import { ArmError } from '../arm/error.ts'
import type { PrivateEndpoints } from './private-endpoint.ts'

/** Targets of ordinary endpoints; none for an endpoint that is gone or in a foreign tenant. */
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
