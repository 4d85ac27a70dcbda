import Table from 'cli-table3'
import { type UsedSetting, usedSettings } from '../../shared/channels/channel-settings.ts'
import type { ChannelDefinition, Route } from '../../shared/domain/route.ts'
import type { Run } from '../command/run.ts'
import type { PlaceOptions } from '../place/options.ts'
import type { ExitCode } from '../terminal/io.ts'
import { breakable, tableWidth } from '../terminal/table-text.ts'
import { definedRouting, noChannels, whoseSettings } from './defined.ts'

/** Options of `channels list`. */
export type ListOptions = PlaceOptions

interface Use {
  readonly name: string
  readonly isDefault: boolean
  /** True where it is only used when another channel fails. */
  readonly isFallback: boolean
}

/** A channel as it is shown: no value of a setting. */
interface ListedChannel {
  readonly name: string
  readonly kind: ChannelDefinition['kind']
  readonly routes: readonly Use[]
  readonly settings: readonly UsedSetting[]
  /** Why it cannot be used with the settings of this call. */
  readonly problem: string | undefined
}

const padding = 2
const kindWidth = 9

/** Shows the channels, as a table or as JSON. */
export async function listChannels(run: Run<ListOptions>): Promise<ExitCode> {
  const { io, connected } = run
  const { channels, routes } = await definedRouting(run)
  const environment = connected.environment()
  const { problems } = await connected.channels(channels)
  const listed = channels.map((definition): ListedChannel => {
    const { name, kind } = definition
    return {
      ...{ name, kind, routes: usesOf(name, routes) },
      settings: usedSettings(definition, (setting) => environment[setting]),
      problem: problems.find(({ channel }) => channel === name)?.problem,
    }
  })
  if (io.isJson) io.out(JSON.stringify(listed))
  else io.out(listed.length === 0 ? noChannels : channelsTable(listed, io.width))
  if (problems.length > 0 && !io.isJson)
    for (const sentence of [...problems.map(({ problem }) => problem), whoseSettings]) io.note(sentence)
  return 0
}

function usesOf(channel: string, routes: readonly Route[]): readonly Use[] {
  return routes
    .filter(({ channels, fallback }) => channels.includes(channel) || fallback.includes(channel))
    .map(({ name, isDefault, fallback }) => ({ name, isDefault, isFallback: fallback.includes(channel) }))
}

function channelsTable(channels: readonly ListedChannel[], columns: number | undefined): string {
  const rest = tableWidth(columns, 80, 160) - kindWidth - 5
  const [name, routes] = [Math.floor(rest * 0.3), Math.floor(rest * 0.3)]
  const widths = [name, kindWidth, routes, rest - name - routes]
  const table = new Table({
    head: ['Channel', 'Kind', 'Routes', 'Settings'],
    style: { head: [], border: [], compact: true },
    colWidths: widths,
    wordWrap: true,
  })
  for (const channel of channels) {
    const texts = [channel.name, channel.kind, routesText(channel.routes), settingsText(channel.settings)]
    table.push(texts.map((text, index) => breakable(text, (widths[index] ?? 0) - padding)))
  }
  return table.toString()
}

function routesText(uses: readonly Use[]): string {
  if (uses.length === 0) return 'none: it is never notified'
  return uses
    .map(({ name, isDefault, isFallback }) => {
      const notes = [isDefault && 'default', isFallback && 'fallback'].filter((note) => note !== false)
      return notes.length === 0 ? name : `${name} (${notes.join(', ')})`
    })
    .join(', ')
}

function settingsText(settings: readonly UsedSetting[]): string {
  return settings.map(({ name, isSet }) => (isSet ? name : `${name} (not set)`)).join(', ')
}
