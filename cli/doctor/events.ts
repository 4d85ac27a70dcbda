import { z } from 'zod'
import { printable, printableName } from '../../shared/domain/printable.ts'
import { isSameName } from '../../shared/domain/resource-id.ts'
import type { ArmClient } from '../../shared/private-link/arm/client.ts'
import { fail, type CheckRun, type Outcome, pass, type Subscription, warn } from './check.ts'
import { type EventSubscription, eventSubscription, leadsToApp, notDelivered } from './event-filter.ts'

const apiVersion = '2022-06-15'
const maxNamed = 3

const systemTopic = z.object({
  id: z.string(),
  properties: z.object({ source: z.string().nullish(), topicType: z.string().nullish() }),
})

/** For each subscription, whether its events of private link reach the app. Without them only the sweep finds requests. */
export const checkEvents: CheckRun = async ({ run, subscriptions }) => {
  const arm = await run.connected.arm()
  return await Promise.all((await subscriptions()).map((subscription) => outcomeAt(arm, subscription)))
}

async function outcomeAt(arm: ArmClient, subscription: Subscription): Promise<Outcome> {
  const subject = subscription.name || subscription.id
  const found = await eventSubscriptionsOf(arm, subscription.id)
  const leading = found.filter((one) => leadsToApp(one) !== 'no')
  const fix = createCommand(subscription.id)
  if (leading.length === 0) {
    const others = found.length === 0 ? '' : ` ${found.length} lead elsewhere.`
    return fail(
      `No event subscription leads to the function connectionEvent: requests are found every five minutes only.${others}`,
      fix,
      subject,
    )
  }
  const examined = leading.map((one) => ({ one, problems: problemsOf(one) }))
  const good = examined.find(({ problems }) => problems.length === 0)
  if (!good) {
    const [first] = examined
    return fail(
      `${printableName(first?.one.name ?? '')}: ${printable(first?.problems.join('; ') ?? '')}`,
      fix,
      subject,
    )
  }
  const name = printableName(good.one.name)
  return leadsToApp(good.one) === 'yes'
    ? pass(`${name} delivers the events of private link to connectionEvent.`, subject)
    : warn(
        `${name} delivers the events of private link to a function app; Azure does not show to which function of it.`,
        'Its address must hold functionName=connectionEvent: az eventgrid event-subscription show --include-full-endpoint-url true …',
        subject,
      )
}

function problemsOf(subscription: EventSubscription): readonly string[] {
  const { provisioningState } = subscription.properties
  const missing = notDelivered(subscription)
  const more = missing.length > maxNamed ? ` and ${missing.length - maxNamed} more` : ''
  return [
    ...(provisioningState && !isSameName(provisioningState, 'Succeeded')
      ? [`its state is ${provisioningState}`]
      : []),
    ...(missing.length > 0 ? [`it does not deliver ${missing.slice(0, maxNamed).join(', ')}${more}`] : []),
  ]
}

/** Those at the subscription itself, and those at system topics of it. */
async function eventSubscriptionsOf(
  arm: ArmClient,
  subscriptionId: string,
): Promise<readonly EventSubscription[]> {
  const scope = `/subscriptions/${subscriptionId}`
  const [direct, topics] = await Promise.all([
    arm.list(`${scope}/providers/Microsoft.EventGrid/eventSubscriptions`, apiVersion),
    arm.list(`${scope}/providers/Microsoft.EventGrid/systemTopics`, apiVersion),
  ])
  const own = topics
    .flatMap((topic) => systemTopic.safeParse(topic).data ?? [])
    .filter(
      ({ properties: { source, topicType } }) =>
        isSameName(topicType ?? '', 'Microsoft.Resources.Subscriptions') && isSameName(source ?? '', scope),
    )
  const atTopics = await Promise.all(own.map(({ id }) => arm.list(`${id}/eventSubscriptions`, apiVersion)))
  const isOfGroup = (item: unknown): boolean => {
    const id: unknown = typeof item === 'object' && item !== null && 'id' in item ? item.id : ''
    return typeof id === 'string' && /^\/subscriptions\/[^/]+\/resourceGroups\//i.test(id)
  }
  return [...direct.filter((item) => !isOfGroup(item)), ...atTopics.flat()].flatMap(
    (item) => eventSubscription.safeParse(item).data ?? [],
  )
}

function createCommand(subscriptionId: string): string {
  return [
    'az eventgrid event-subscription create --name private-endpoint-approver',
    `--source-resource-id '/subscriptions/${printable(subscriptionId)}'`,
    "--endpoint-type azurefunction --endpoint '<resource id of the function app>/functions/connectionEvent'",
    '--included-event-types Microsoft.Resources.ResourceWriteSuccess Microsoft.Resources.ResourceActionSuccess Microsoft.Resources.ResourceDeleteSuccess',
    '--advanced-filter data.operationName StringContains /privateEndpointConnectionProxies/ /privateEndpointConnections/ Microsoft.Network/privateEndpoints/write',
  ].join(' ')
}
