import { managedSubscriptions } from '../../local/azure/well-known.ts'
import { eventually, own, team } from './support.ts'
import type { Bench, Json, Reply } from './support.ts'

/** How a requester's own side is called: its path, its token, its api-version. */
export interface Side {
  readonly path: string
  readonly options?: { version?: string; audience?: string; tenant?: string }
}

/** The id of a storage account in an own subscription. */
export const lakeId = (name: string) =>
  `${own}/resourceGroups/rg-data/providers/Microsoft.Storage/storageAccounts/${name}`

/** Creates a storage account in an own subscription; returns its id. */
export const lake = (bench: Bench, name: string) => bench.create(lakeId(name))

/** Creates a resource that can ask, in the own subscription of teams; returns its id. */
export const requester = (bench: Bench, type: string, name: string) =>
  bench.create(
    `${team}/resourceGroups/rg-team/providers/${type}/${name}`,
    { location: 'West Europe', properties: {} },
    '2021-06-01',
  )

/** The group and the name of an endpoint in a subscription of the platform's; undefined for any other endpoint. */
export function managedPlace(endpointId: string): { group: string; name: string } | undefined {
  const [, , subscription, , group = '', , , , name = ''] = endpointId.split('/')
  const isManaged = managedSubscriptions.some(({ subscriptionId }) => subscriptionId === subscription)
  return isManaged ? { group, name } : undefined
}

/** Waits until the only connection of a target is there; returns it. */
export function onlyConnection(bench: Bench, target: string) {
  return eventually(async () => {
    const all = await bench.connections(target)
    return all.length === 1 ? all[0] : undefined
  })
}

/** Reads the requester's own side until the picked value is the wanted one; returns the whole body. */
export function shows(bench: Bench, side: Side, pick: (body: Json) => unknown, expected: string) {
  return eventually(async () => {
    const { body } = await bench.call('GET', side.path, undefined, side.options)
    return pick(body) === expected ? body : undefined
  })
}

/** Follows a list to its end by whatever link it has; the names of every page. */
export async function pagesOf(
  read: (link: string | undefined) => Promise<{ items: Json[]; next: string | undefined }>,
): Promise<unknown[][]> {
  const pages: unknown[][] = []
  let link: string | undefined
  do {
    const { items, next } = await read(link)
    pages.push(items.map((item) => item['name']))
    link = next
  } while (link !== undefined)
  return pages
}

export const propertiesOf = (body: Json) => body['properties'] as Json

export const codeOf = ({ body }: Reply) => (body['error'] as Json)['code']
