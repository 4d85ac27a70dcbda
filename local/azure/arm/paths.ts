import { param } from '../http/exchange.ts'
import type { Call } from '../http/exchange.ts'
import type { Handler, Route } from '../http/router.ts'
import { resourceId } from '../ids.ts'
import { targetTypes } from '../private-link/target-types/index.ts'

const group = '/subscriptions/{subscription}/resourceGroups/{group}'
const direct = `${group}/providers/{namespace}/{type}/{name}`

/** A route of each kind of resource: those right below their namespace, and the nested types that are targets. */
export function resourceRoutesOf(method: string, rest: string, handle: Handler): Route[] {
  const nested = targetTypes.filter(({ type }) => isNested(type))
  return [
    { method, template: `${direct}${rest}`, handle },
    ...nested.map(({ type }) => ({
      method,
      template: `${nestedTemplate(type)}/{child}${rest}`,
      handle: (call: Call) => handle(named(call, type)),
    })),
  ]
}

/** A route of the list of each nested type below one parent; the handler finds the parent's name in `parent`. */
export function nestedListRoutes(handle: Handler): Route[] {
  return targetTypes
    .filter(({ type }) => isNested(type))
    .map(({ type }) => ({
      method: 'GET',
      template: nestedTemplate(type),
      handle: (call: Call) => handle(named(call, type)),
    }))
}

/** The id of the resource of the route, in the caller's casing. */
export function idOf(call: Call): string {
  return resourceId(param(call, 'subscription'), param(call, 'group'), typeOf(call), param(call, 'name'))
}

/** The type of the resource of the route, as the caller wrote it. */
export function typeOf(call: Call): string {
  return `${param(call, 'namespace')}/${param(call, 'type')}`
}

/** The id of the resource that a nested one lies in; undefined for a resource right below its namespace. */
export function parentIdOf(id: string): string | undefined {
  const parts = id.split('/')
  const isDeep = parts.length > direct.split('/').length
  return isDeep ? parts.slice(0, -2).join('/') : undefined
}

function isNested(type: string): boolean {
  return type.split('/').length > 2
}

function nestedTemplate(type: string): string {
  const [namespace, parent, child] = type.split('/')
  return `${group}/providers/${namespace ?? ''}/${parent ?? ''}/{parent}/${child ?? ''}`
}

/** Nested resources have names such as `site/slot`, as Azure Resource Manager writes them. */
function named(call: Call, type: string): Call {
  const [namespace = '', ...rest] = type.split('/')
  const name = [param(call, 'parent'), call.params.get('child')].filter((part) => part !== undefined)
  const params = { namespace, type: rest.join('/'), name: name.join('/') }
  return { ...call, params: new Map([...call.params, ...Object.entries(params)]) }
}
