import { visible } from '../../shared/domain/printable.ts'
import { ChannelFailure, type CheckableChannel } from '../../shared/ports/message-channel.ts'
import { currentRouting } from '../allow-list/current-list.ts'
import { giveAppSettings, mayBeSetInTheApp } from './app-settings.ts'
import { type CheckRun, fail, type Outcome, pass, skipped, warn } from './check.ts'

/** Less than the time of a check: one service that hangs must not hide what the others say. */
const serviceMs = 7_000
const fixSetting =
  'az functionapp config appsettings set --name <app> --resource-group <group> --settings <name>=<value>'

/** Whether each channel is well defined and has its settings. Nothing is sent. */
export const checkChannels: CheckRun = async (patient, signal) => {
  const { run } = patient
  const { routing } = await currentRouting(run.connected, signal)
  if (routing.channels.length === 0) {
    return warn(
      'No channel is defined: nobody is notified but by the log.',
      'Define channels and routes in the rule file (docs/channels.md), and apply it. Alert on log lines with the metric "notification".',
    )
  }
  const { problems } = await run.connected.channels(routing.channels)
  return routing.channels.map((definition) => {
    const { name, kind } = definition
    const problem = problems.find(({ channel }) => channel === name)?.problem
    if (problem === undefined) return pass(`It is of kind ${kind}, and its settings can be used.`, name)
    return mayBeSetInTheApp(patient, definition)
      ? warn(visible(problem), giveAppSettings, name)
      : fail(visible(problem), fixSetting, name)
  })
}

/** Whether the service of each channel is reached. Nothing is sent. */
export const checkChannelServices: CheckRun = async ({ run }, signal) => {
  const { routing } = await currentRouting(run.connected, signal)
  const { channels } = await run.connected.channels(routing.channels, serviceMs)
  if (channels.length === 0) return skipped('There is no channel that can be used.')
  return await Promise.all(channels.map((channel) => serviceOutcome(channel, signal)))
}

async function serviceOutcome(channel: CheckableChannel, signal: AbortSignal): Promise<Outcome> {
  const { name } = channel
  try {
    return pass(`${visible(await channel.check(signal))} "channels test ${name}" sends a message.`, name)
  } catch (error) {
    if (!(error instanceof ChannelFailure)) throw error
    return fail(
      `From this machine: ${visible(error.message)}.`,
      'Fix what it names. If the service is only reached from the app, run doctor there.',
      name,
    )
  }
}
