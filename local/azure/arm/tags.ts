import { z } from 'zod'
import { jsonBody, param } from '../http/exchange.ts'
import type { Reply, Call } from '../http/exchange.ts'
import { nameKey } from '../ids.ts'
import type { Handler, Route } from '../http/router.ts'
import { announceState } from '../private-link/notify.ts'
import type { World } from '../world.ts'
import { resourceRoutesOf } from './paths.ts'
import { requireGroup } from './resource-groups.ts'
import { requireResource } from './resources.ts'
import { checkVersion } from './versions.ts'

type Tags = Record<string, string>

/** A subscription, a resource group or a resource. */
interface Tagged {
  readonly tags: Tags
  readonly write: (tags: Tags) => void
}

/** Finds what the route's path names. Throws 404 when it does not exist. */
type Find = (world: World, call: Call) => Tagged

const type = 'Microsoft.Resources/tags'
const rest = `/providers/${type}/default`

/**
 * The tags of a subscription, of a resource group or of a resource, as an extension resource. They are the same tags
 * that the parent shows and takes in its own PUT.
 */
export function tagRoutes(world: World): Route[] {
  const verbs: Readonly<Record<string, (tagged: Tagged, call: Call) => Tags>> = {
    GET: ({ tags }) => tags,
    PUT: (_, call) => jsonBody(call, putBody).properties.tags,
    PATCH: patched,
    DELETE: () => ({}),
  }
  return Object.entries(verbs).flatMap(([method, change]) => {
    const handle =
      (find: Find): Handler =>
      (call) =>
        taggedReply(world, call, find, change)
    return [
      { method, template: `/subscriptions/{subscription}${rest}`, handle: handle(ofSubscription) },
      {
        method,
        template: `/subscriptions/{subscription}/resourceGroups/{group}${rest}`,
        handle: handle(ofGroup),
      },
      ...resourceRoutesOf(method, rest, handle(ofResource)),
    ]
  })
}

const tagsShape = z.record(z.string(), z.string())
const putBody = z.looseObject({ properties: z.looseObject({ tags: tagsShape }) })
const patchBody = putBody.extend({ operation: z.enum(['Merge', 'Replace', 'Delete']) })

function taggedReply(
  world: World,
  call: Call,
  find: Find,
  change: (tagged: Tagged, call: Call) => Tags,
): Reply {
  checkVersion(call, type, 'global')
  const tagged = find(world, call)
  const tags = change(tagged, call)
  if (call.method !== 'GET') write(world, call, tagged, tags)
  if (call.method === 'DELETE') return { status: 200 }
  return { status: 200, body: { id: call.path, type, name: 'default', properties: { tags } } }
}

function write(world: World, call: Call, tagged: Tagged, tags: Tags): void {
  tagged.write(tags)
  world.store.changed()
  world.events.happened({
    kind: 'ResourceWriteSuccess',
    resourceUri: call.path,
    operationName: `${type}/${call.method === 'DELETE' ? 'delete' : 'write'}`,
    method: call.method,
    caller: call.caller,
    existing: true,
  })
}

/** Names are compared without regard to case (Microsoft documentation). A Delete with a value keeps other values. */
function patched({ tags }: Tagged, call: Call): Tags {
  const { operation, properties } = jsonBody(call, patchBody)
  const given = Object.entries(properties.tags)
  if (operation === 'Replace') return properties.tags
  const isNamed = ([name, value]: [string, string]): boolean =>
    given.some(
      ([expected, expectedValue]) =>
        nameKey(expected) === nameKey(name) &&
        (operation === 'Merge' || expectedValue === '' || expectedValue === value),
    )
  const others = Object.entries(tags).filter((tag) => !isNamed(tag))
  return Object.fromEntries(operation === 'Merge' ? [...others, ...given] : others)
}

function ofSubscription({ store }: World, call: Call): Tagged {
  const id = param(call, 'subscription').toLowerCase()
  return {
    tags: store.governance.subscriptionTags.get(id) ?? {},
    write: (tags) => {
      store.governance.subscriptionTags.set(id, tags)
    },
  }
}

function ofGroup(world: World, call: Call): Tagged {
  const group = requireGroup(world, call)
  return {
    tags: group.tags,
    write: (tags) => {
      group.tags = tags
    },
  }
}

function ofResource(world: World, call: Call): Tagged {
  const resource = requireResource(world, call)
  return {
    tags: resource.tags,
    write: (tags) => {
      resource.tags = tags
      announceState(world, resource)
    },
  }
}
