import { parseResourceId } from '../../../shared/domain/resource-id.ts'
import type { ResourceId } from '../../../shared/domain/resource-id.ts'

export const ownSubscription = '00000000-0000-4000-8000-000000000001'
export const managedSubscription = '00000000-0000-4000-8000-00000000000a'
export const foreignSubscription = '00000000-0000-4000-8000-00000000000f'

export function resourceId(text: string): ResourceId {
  const id = parseResourceId(text)
  if (!id) throw new Error(`The test uses "${text}", which is no resource id.`)
  return id
}

/** A child of another resource gets a parent called `parent`. */
export function targetOf(type: string, name = 'target'): ResourceId {
  const [namespace = '', ...types] = type.split('/')
  const path = types.map((part, index) => `${part}/${index === types.length - 1 ? name : 'parent'}`)
  const group = `/subscriptions/${ownSubscription}/resourceGroups/rg-data`
  return resourceId([group, 'providers', namespace, ...path].join('/'))
}

export function endpointIn(subscription: string, name: string): ResourceId {
  const group = subscription === managedSubscription ? 'vnet-00000000-westeurope-1-rg' : 'rg-net'
  return resourceId(
    `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Network/privateEndpoints/${name}`,
  )
}
