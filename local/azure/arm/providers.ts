import { AzureError, param } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { apiVersions } from '../private-link/target-types/api-versions.ts'

/** Resource providers with their types: tools such as `az resource` read api-versions here. */
export function providerRoutes(): Route[] {
  return [
    {
      method: 'GET',
      template: '/subscriptions/{subscription}/providers',
      handle: (call) => ({ status: 200, body: { value: namespaces.map((name) => render(call, name)) } }),
    },
    {
      method: 'GET',
      template: '/subscriptions/{subscription}/providers/{namespace}',
      handle: oneProvider,
    },
  ]
}

const namespaces = [...new Set([...apiVersions.keys()].map((type) => type.split('/')[0] ?? ''))]

function oneProvider(call: Call): Reply {
  const expected = param(call, 'namespace').toLowerCase()
  const namespace = namespaces.find((name) => name.toLowerCase() === expected)
  if (namespace !== undefined) return { status: 200, body: render(call, namespace) }
  throw new AzureError(
    404,
    'InvalidResourceNamespace',
    `The resource namespace '${param(call, 'namespace')}' is invalid.`,
  )
}

/** Azure Resource Manager lists the newest version first. */
function render(call: Call, namespace: string): unknown {
  return {
    id: `/subscriptions/${param(call, 'subscription')}/providers/${namespace}`,
    namespace,
    registrationState: 'Registered',
    resourceTypes: [...apiVersions]
      .filter(([type]) => type.startsWith(`${namespace}/`))
      .map(([type, versions]) => ({
        resourceType: type.slice(namespace.length + 1),
        locations: ['West Europe'],
        apiVersions: versions.toReversed(),
      })),
  }
}
