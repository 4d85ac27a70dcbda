import { AzureError, param } from '../http/exchange.ts'
import type { Answer, Call } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { targetTypes } from '../private-link/target-types.ts'

const apiVersions = ['2024-01-01', '2023-01-01', '2021-06-01']
const others = ['Microsoft.Network/privateEndpoints', 'Microsoft.Network/virtualNetworks']

/** Resource providers with their types: tools such as `az resource` look api-versions up here. */
export function providerRoutes(): Route[] {
  return [
    {
      method: 'GET',
      template: '/subscriptions/{subscription}/providers',
      handle: (call) => ({ status: 200, body: { value: namespaces().map((name) => render(call, name)) } }),
    },
    {
      method: 'GET',
      template: '/subscriptions/{subscription}/providers/{namespace}',
      handle: oneProvider,
    },
  ]
}

function oneProvider(call: Call): Answer {
  const wanted = param(call, 'namespace').toLowerCase()
  const namespace = namespaces().find((name) => name.toLowerCase() === wanted)
  if (namespace !== undefined) return { status: 200, body: render(call, namespace) }
  throw new AzureError(
    404,
    'InvalidResourceNamespace',
    `The resource namespace '${param(call, 'namespace')}' is invalid.`,
  )
}

function allTypes(): string[] {
  return [...targetTypes.map((row) => row.type), ...others]
}

function namespaces(): string[] {
  return [...new Set(allTypes().map((type) => type.split('/')[0] ?? ''))]
}

function render(call: Call, namespace: string): unknown {
  return {
    id: `/subscriptions/${param(call, 'subscription')}/providers/${namespace}`,
    namespace,
    registrationState: 'Registered',
    resourceTypes: allTypes()
      .filter((type) => type.startsWith(`${namespace}/`))
      .map((type) => ({
        resourceType: type.slice(namespace.length + 1),
        locations: ['West Europe'],
        apiVersions,
      })),
  }
}
