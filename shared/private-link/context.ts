import { z } from 'zod'
import { asciiLowerCase, isSameName } from '../domain/resource-id.ts'
import type { ManagementGroups } from '../domain/verdict.ts'
import type { ContextPort, Learned } from '../ports/azure.ts'
import type { Log } from '../ports/log.ts'
import type { ArmClient } from './arm/client.ts'
import { ArmError } from './arm/error.ts'
import { failureOf } from './connections/failure.ts'
import { isLasting } from './arm/lasting-failure.ts'
import { whyNot } from './arm/why-not.ts'

const tagsApiVersion = '2021-04-01'
const entitiesApiVersion = '2020-05-01'

const tagsBody = z.object({ properties: z.object({ tags: z.record(z.string(), z.string()).nullish() }) })
const entitiesBody = z.object({
  value: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      properties: z.object({ tenantId: z.string(), parentNameChain: z.array(z.string()).nullish() }),
    }),
  ),
})

/**
 * Reads facts around a connection from ARM. A fact that a retry soon would not give is unknown, and logged.
 * @throws AzureBusy when Azure asks for a retry later, AzureFailed when a call failed.
 */
export function createContext(arm: ArmClient, log: Log): ContextPort {
  async function learn<T>(what: string, ask: () => Promise<T | undefined>): Promise<Learned<T>> {
    try {
      return { value: await ask(), problem: undefined }
    } catch (error) {
      if (error instanceof ArmError && !isLasting(error)) throw failureOf(error)
      const problem = `${what} could not be read: ${whyNot(error)}`
      log.warn('Something that a rule asks for could not be read', { problem })
      return { value: undefined, problem }
    }
  }

  return {
    tagsOf: (target) =>
      learn(`the tags of ${target.key}`, async () => {
        const path = `${target.id}/providers/Microsoft.Resources/tags/default`
        const { body } = await arm.request('GET', path, tagsApiVersion)
        const { tags } = tagsBody.parse(body).properties
        return Object.entries(tags ?? {}).map(([name, value]) => ({ name, value }))
      }),
    groupsOver: (subscriptionId) =>
      learn(`the management groups of ${subscriptionId}`, async () => {
        const { body } = await arm.request(
          'POST',
          '/providers/Microsoft.Management/getEntities',
          entitiesApiVersion,
          undefined,
          { 'cache-control': 'no-cache' },
          { $filter: `name eq '${subscriptionId}'` },
        )
        const entity = entitiesBody
          .parse(body)
          .value.find(({ name, type }) => isSameName(name, subscriptionId) && /subscriptions$/i.test(type))
        return entity && groupsOf(entity.properties)
      }),
  }
}

/** The chain goes from the root group, which is named after the tenant, to the parent; what may not be read is missing. */
function groupsOf({
  tenantId,
  parentNameChain,
}: z.infer<typeof entitiesBody>['value'][number]['properties']): ManagementGroups {
  const names = [...new Set((parentNameChain ?? []).map(asciiLowerCase))]
  return { names, isWhole: names[0] === asciiLowerCase(tenantId) }
}
