import { z } from 'zod'
import { asObject, AzureError, jsonBody, param, without } from '../http/exchange.ts'
import type { Reply, Call, JsonObject } from '../http/exchange.ts'
import type { Route } from '../http/router.ts'
import { idKey, resourceId } from '../ids.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'

const list =
  '/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Network/virtualNetworks/{network}/subnets'

/**
 * Subnets, stored in their virtual network: `az network private-endpoint create` reads and updates the one it is given.
 */
export function subnetRoutes(world: World): Route[] {
  return [
    {
      method: 'GET',
      template: list,
      handle: (call) => ({ status: 200, body: { value: subnetsOf(requireNetwork(world, call)) } }),
    },
    { method: 'PUT', template: `${list}/{subnet}`, handle: (call) => putSubnet(world, call) },
    { method: 'GET', template: `${list}/{subnet}`, handle: (call) => getSubnet(world, call) },
  ]
}

const subnetBody = z.looseObject({ properties: z.looseObject({}).nullish() })

function putSubnet(world: World, call: Call): Reply {
  const { properties } = jsonBody(call, subnetBody)
  const network = requireNetwork(world, call)
  const name = param(call, 'subnet')
  const others = subnetsOf(network).filter((held) => !isNamed(held, name))
  const subnet = {
    id: `${network.id}/subnets/${name}`,
    name,
    type: 'Microsoft.Network/virtualNetworks/subnets',
    properties: { ...without(properties ?? {}, ['provisioningState']), provisioningState: 'Succeeded' },
  }
  network.properties = { ...network.properties, subnets: [...others, subnet] }
  world.store.changed()
  return { status: 200, body: subnet }
}

function getSubnet(world: World, call: Call): Reply {
  const name = param(call, 'subnet')
  const subnet = subnetsOf(requireNetwork(world, call)).find((held) => isNamed(held, name))
  if (subnet !== undefined) return { status: 200, body: subnet }
  throw new AzureError(404, 'NotFound', `The subnet '${name}' was not found.`)
}

/** Subnets from the network's own PUT have no id yet. */
function subnetsOf(network: Resource): JsonObject[] {
  const held = network.properties['subnets']
  return (Array.isArray(held) ? held : []).map(asObject).map((subnet) => ({
    ...subnet,
    id: `${network.id}/subnets/${String(subnet['name'])}`,
  }))
}

function isNamed(subnet: JsonObject, name: string): boolean {
  return String(subnet['name']).toLowerCase() === name.toLowerCase()
}

function requireNetwork(world: World, call: Call): Resource {
  const id = resourceId(
    param(call, 'subscription'),
    param(call, 'group'),
    'Microsoft.Network/virtualNetworks',
    param(call, 'network'),
  )
  const network = world.store.resources.get(idKey(id))
  if (network !== undefined) return network
  throw new AzureError(
    404,
    'ResourceNotFound',
    `The virtual network '${param(call, 'network')}' was not found.`,
  )
}
