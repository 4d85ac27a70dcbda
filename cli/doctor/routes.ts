import { visible } from '../../shared/domain/printable.ts'
import type { ChannelDefinition, Route } from '../../shared/domain/route.ts'
import { currentRouting } from '../allow-list/current-list.ts'
import { counted } from '../terminal/words.ts'
import { mayBeSetInTheApp } from './app-settings.ts'
import { type CheckRun, fail, type Outcome, pass, skipped, warn } from './check.ts'

const apply = 'private-endpoint-approver allow-list apply <file>'
const fixChannels = 'Fix its channels, as the check "Channels" says, or name others in the route.'

/** Whether every message reaches a channel: a default route, and routes whose channels can be used. */
export const checkRoutes: CheckRun = async (patient, signal) => {
  const { run } = patient
  const { routing, problems } = await currentRouting(run.connected, signal)
  const { channels, routes } = routing
  if (channels.length + routes.length + problems.length === 0) return skipped('No channel is defined.')
  const built = await run.connected.channels(channels)
  const usable = channels.filter(
    (definition) =>
      built.channels.some(({ name }) => name === definition.name) || mayBeSetInTheApp(patient, definition),
  )
  const outcomes = [
    ...problems.map((problem) => fail(`${visible(problem)} No rule is stopped.`, apply)),
    ...routes.flatMap((route) => routeOutcome(route, usable) ?? []),
  ]
  return outcomes.length > 0
    ? outcomes
    : pass(`${counted(routes.length, 'route')}, each with channels that can be used.`)
}

/** Undefined where all is well. */
function routeOutcome(
  { name, channels, fallback, isDefault }: Route,
  usable: readonly ChannelDefinition[],
): Outcome | undefined {
  const found = usable.filter((channel) => [...channels, ...fallback].includes(channel.name))
  const missing = channels.filter((channel) => !found.some((one) => one.name === channel))
  if (found.length === 0) {
    const then = isDefault ? 'nobody is notified of what it takes' : 'the default route is used in its place'
    return fail(`None of its channels can be used: ${then}.`, fixChannels, name)
  }
  if (isDefault && found.every(isOfTagsOnly)) {
    return warn(
      'All of its channels have their addresses in a tag of the target only: nobody is notified about a target without that tag.',
      'Give one of its channels an address in "to", or name another channel in the route.',
      name,
    )
  }
  return missing.length === 0
    ? undefined
    : warn(`It goes without ${missing.join(', ')}, which cannot be used.`, fixChannels, name)
}

function isOfTagsOnly(channel: ChannelDefinition): boolean {
  return channel.kind === 'email' && channel.to.length === 0
}
