import Table from 'cli-table3'
import type { Delivery } from '../../shared/domain/case-message.ts'
import { visible } from '../../shared/domain/printable.ts'
import { minuteOf } from '../../shared/domain/time.ts'
import type { MessageForPerson } from '../../shared/ledger/message-admin.ts'
import { breakable, tableWidth } from '../terminal/table-text.ts'

const padding = 2
const [idWidth, timeWidth, stateWidth] = [28, 18, 12]

/** Messages as a table: what each is about, and how far it has come in each channel. */
export function messagesTable(messages: readonly MessageForPerson[], columns: number | undefined): string {
  const width = tableWidth(columns, 100, 180)
  const rest = width - idWidth - timeWidth - stateWidth - 6
  const about = Math.floor(rest * 0.4)
  const widths = [idWidth, timeWidth, stateWidth, about, rest - about]
  const table = new Table({
    head: ['Message', 'Since (UTC)', 'State', 'About', 'Channels'],
    style: { head: [], border: [], compact: true },
    colWidths: widths,
    wordWrap: true,
  })
  for (const { id, group, message } of messages) {
    const what = group ? `${message.kind}, ${group.kind} ${group.name}` : message.kind
    const texts = [id, minuteOf(message.openedAt), message.state, what, channelsOf(message)]
    table.push(texts.map((text, index) => breakable(visible(text), (widths[index] ?? 0) - padding)))
  }
  return table.toString()
}

function channelsOf({ deliveries, problem }: MessageForPerson['message']): string {
  const parts = deliveries.map(({ channel, state }) => `${channel}: ${stateText(state)}`)
  return [...parts, ...(problem === undefined ? [] : [problem])].join('; ')
}

function stateText(state: Delivery['state']): string {
  return 'problem' in state && state.problem !== undefined ? `${state.name} (${state.problem})` : state.name
}
