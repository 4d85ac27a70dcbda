import type { JsonObject } from '../http/exchange.ts'
import { idKey, newEtag } from '../ids.ts'
import type { Resource } from '../state.ts'
import type { World } from '../world.ts'

/** The resources of a type below another one, oldest first. */
export function childrenOf(world: World, parent: Resource, list: string): Resource[] {
  const below = `${idKey(parent.id)}/`
  return [...world.store.resources.values()].filter(
    (held) => held.type === `${parent.type}/${list}` && idKey(held.id).startsWith(below),
  )
}

/** Stores a resource below another one; replaces one of the same name. */
export function keepChild(
  world: World,
  parent: Resource,
  list: string,
  name: string,
  properties: JsonObject,
): Resource {
  const made: Resource = {
    id: `${parent.id}/${list}/${name}`,
    type: `${parent.type}/${list}`,
    name,
    location: parent.location,
    tags: {},
    body: {},
    properties,
    etag: newEtag(),
  }
  world.store.resources.set(idKey(made.id), made)
  world.store.changed()
  return made
}
