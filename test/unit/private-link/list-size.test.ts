import { createHttpHeaders, type HttpClient } from '@azure/core-rest-pipeline'
import { describe, expect, it } from 'vitest'
import { clouds } from '../../../shared/config/clouds.ts'
import type { ManagedKind } from '../../../shared/domain/requester-kind.ts'
import { createArmClient } from '../../../shared/private-link/arm/client.ts'
import { searchGraph } from '../../../shared/private-link/arm/resource-graph.ts'
import { couldNotAsk } from '../../../shared/private-link/proof/refusals.ts'
import { requesterApis } from '../../../shared/private-link/requesters/all.ts'
import type { DataPlane } from '../../../shared/private-link/requesters/data-plane.ts'
import { arm, credential, now } from './fake-azure.ts'
import { requesters } from './given-proof.ts'

const megabyte = 1024 * 1024
const padding = 'x'.repeat(10 * megabyte)

/** Each page has ten megabytes, and there is always one more. */
function endless(bodyOf: (path: string, call: number, origin: string) => object) {
  let calls = 0
  const httpClient: HttpClient = {
    sendRequest(request) {
      const { pathname, origin } = new URL(request.url)
      calls += 1
      const body = bodyOf(pathname, calls, origin)
      return Promise.resolve({
        request,
        status: 200,
        headers: createHttpHeaders(),
        bodyAsText: JSON.stringify(body),
      })
    },
  }
  const clientAt =
    ({ scope }: Pick<DataPlane, 'scope'>) =>
    (endpoint: string) =>
      createArmClient({ endpoint, credential, scope, userAgent: 'test', now, httpClient })
  return { client: clientAt({ scope: arm })(arm), clientAt, calls: () => calls }
}

const more = (_: string, call: number, origin: string): object => ({
  value: [],
  nextLink: `${origin}/page?n=${call}`,
  continuationUri: `${origin}/page?n=${call}`,
  items: [],
  next_page_token: String(call),
  properties: { provisioningState: 'Succeeded' },
  padding,
})

/** Lists of lists: many short ones are as long together. */
const listOfLists = (path: string): object => {
  const isOuter = path.endsWith('/managedVirtualNetworks') || path.endsWith('/originGroups')
  if (isOuter) return { value: Array.from({ length: 15 }, (_, index) => ({ name: `n${index}` })) }
  return { value: [], properties: { provisioningState: 'Succeeded' }, padding }
}

function asking(kind: ManagedKind, bodyOf: Parameters<typeof endless>[0]) {
  const world = endless(bodyOf)
  const api = requesterApis(world.client, clouds.public, world.clientAt).find((one) => one.kind === kind)
  return { ...world, ask: () => api?.managedEndpoints(requesters[kind]) ?? Promise.reject(new Error(kind)) }
}

describe('a list of many long pages', () => {
  it('is given up after 64 MiB in all, with a sentence that says so', async () => {
    const { client, calls } = endless(more)
    await expect(client.list('/list', '1')).rejects.toMatchObject({
      code: 'ResponseTooLong',
      message: 'The pages of a list have more than 64 MiB together.',
    })
    expect(calls()).toBe(7)
  })

  it.each([
    'data-factory',
    'synapse-workspace',
    'purview-account',
    'fabric-workspace',
    'databricks-network',
    'kusto-cluster',
    'grafana',
    'search-service',
    'front-door',
  ] as const)('of a requester is given up after 64 MiB in all: %s', async (kind) => {
    const { ask, calls } = asking(kind, more)
    await expect(ask()).rejects.toMatchObject({ code: 'ResponseTooLong' })
    expect(calls()).toBeLessThan(10)
  })

  it.each(['data-factory', 'front-door'] as const)(
    'counts together with the other lists of the same requester: %s',
    async (kind) => {
      const { ask } = asking(kind, listOfLists)
      await expect(ask()).rejects.toMatchObject({ code: 'ResponseTooLong' })
    },
  )

  it('leaves a search of Resource Graph cut off', async () => {
    const { client, calls } = endless((_, call) => ({
      data: [{ id: '/x' }],
      $skipToken: String(call),
      padding,
    }))
    const { rows, cutOff } = await searchGraph(client, 'resources')
    expect(cutOff).toEqual({ why: 'pages', pages: 7 })
    expect(rows).toHaveLength(7)
    expect(calls()).toBe(7)
  })

  it('is in the sentence for the person who decides', async () => {
    const { ask } = asking('grafana', more)
    const error: unknown = await ask().catch((reason: unknown) => reason)
    expect(couldNotAsk('Grafana graf-ops', error)).toEqual({
      code: 'response-not-understood',
      sentence:
        'The response of Grafana graf-ops cannot be understood (ResponseTooLong): The pages of a list have more than 64 MiB together.',
    })
  })
})

it('a data factory with more managed networks than are read is not understood', async () => {
  const networks = { value: Array.from({ length: 21 }, (_, index) => ({ name: `n${index}` })) }
  const { ask, calls } = asking('data-factory', (path) =>
    path.endsWith('/managedVirtualNetworks')
      ? networks
      : { value: [], properties: { provisioningState: 'Succeeded' } },
  )
  await expect(ask()).rejects.toMatchObject({ code: 'EndlessList' })
  expect(calls()).toBe(2)
})
