import Table from 'cli-table3'
import { breakable } from '../cli/terminal/table-text.ts'
import type {
  WriteForm,
  GroupIdPlace,
  ResourceType,
} from '../shared/private-link/resource-types/resource-type.ts'

const verbs: Readonly<Record<WriteForm, string>> = {
  'put-connection': 'PUT',
  'patch-connection': 'PATCH',
  'post-ingestion-status': 'POST',
  none: 'none',
}

const groupsShown: Readonly<Record<GroupIdPlace, string>> = {
  'properties.groupIds': 'groupIds',
  'properties.groupId': 'groupId',
  absent: 'no',
  unpublished: 'unknown',
}

interface Column {
  readonly head: string
  /** Characters on a terminal. */
  readonly width: number
  readonly show: (resourceType: ResourceType) => string
}

/** All columns but the first, which is the type, and the note. */
const columns: readonly Column[] = [
  { head: 'List', width: 11, show: ({ listForm }) => listForm },
  { head: 'Verb', width: 5, show: ({ writeForm }) => verbs[writeForm] },
  { head: 'Version', width: 10, show: ({ apiVersion }) => apiVersion },
  { head: 'Groups', width: 8, show: ({ groupIds }) => groupsShown[groupIds] },
  { head: 'Async', width: 5, show: ({ mayBeAsync }) => (mayBeAsync ? 'yes' : 'no') },
  { head: 'Sure', width: 10, show: ({ evidence }) => evidence },
]

const gap = 2
const typeIndent = '  '
const noteIndent = '    '
const narrowestType = 28
const widestType = 56
const lineParts = ['top', 'bottom', 'left', 'mid', 'right']
const noLines = Object.fromEntries(
  ['', '-mid', '-left', '-right'].flatMap((end) => lineParts.map((part) => [part + end, ''])),
)

/**
 * The table for a terminal of that width: each list of connections, its note below it. Without lines between the
 * columns, it fits into 100 characters.
 */
export function terminalTable(resourceTypes: readonly ResourceType[], terminalWidth: number): string {
  const others = columns.reduce((sum, { width }) => sum + width + gap, 0)
  const maxTypeLength = Math.max(...resourceTypes.map((resourceType) => nameOf(resourceType).length))
  const roomForType = Math.min(maxTypeLength, widestType, terminalWidth - others - gap)
  const typeWidth = Math.max(narrowestType, roomForType)
  const table = new Table({
    head: ['Type', ...columns.map(({ head }) => head)],
    chars: { ...noLines, middle: '' },
    style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': gap },
    colWidths: [typeWidth, ...columns.map(({ width }) => width)].map((width) => width + gap),
    wordWrap: true,
  })
  for (const resourceType of resourceTypes) {
    const name = fitted(nameOf(resourceType), typeWidth)
    // A preview version is shown in two lines.
    const shown = columns.map(({ show }) => show(resourceType).replace('-preview', ' preview'))
    table.push([name, ...shown])
    const { notes } = resourceType
    const note = indented(notes, typeWidth + others - noteIndent.length)
    if (notes !== '') table.push([{ content: note, colSpan: columns.length + 1 }])
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}

/** The table for a page, without padding. */
export function markdownTable(resourceTypes: readonly ResourceType[]): string {
  const heads = ['Type', ...columns.map(({ head }) => head), 'Notes']
  const lines = resourceTypes.map((resourceType) => [
    `\`${resourceType.type}\`${resourceType.list === 'connections' ? '' : `, ${resourceType.list}`}`,
    ...columns.map(({ show }) => show(resourceType)),
    resourceType.notes,
  ])
  return [heads, heads.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function nameOf({ type, list }: ResourceType): string {
  return list === 'connections' ? type : `${type}, ${list}`
}

/** A type that is too long for one line is broken after the namespace. */
function fitted(name: string, width: number): string {
  if (name.length <= width) return name
  const [namespace = '', ...rest] = name.split('/')
  const lines = breakable(rest.join('/'), width - typeIndent.length).split(' ')
  return [`${namespace}/`, ...lines.map((line) => typeIndent + line)].join('\n')
}

function indented(text: string, width: number): string {
  const lines = text.match(new RegExp(`\\S.{0,${width - 1}}(?=\\s|$)`, 'g')) ?? []
  return lines.map((line) => noteIndent + line).join('\n')
}
