import {
  type PublishedWrite,
  sharedExampleOf,
  writesOf,
} from '../local/azure/private-link/target-types/published-writes.ts'
import type { ResourceType } from '../shared/private-link/resource-types/resource-type.ts'
import { isOneOf } from '../shared/private-link/resource-types/table.ts'

const heads = ['Type', 'Verb and path', 'Version', 'Body', 'States']
const notCompared = 'not compared'
const alwaysSent = 'privateEndpoint.id'

const ofAppService = 'recorded: Pending beside Rejected; Approving, Rejecting and Disconnecting as statuses'

/** What users recorded of live services, beyond the published examples. */
const recorded: Readonly<Record<string, string>> = {
  'Microsoft.Web/sites': ofAppService,
  'Microsoft.Web/sites/slots': ofAppService,
  'Microsoft.Web/staticSites': ofAppService,
  'Microsoft.Web/hostingEnvironments': ofAppService,
}

/** Members of the body that is sent, named as in the published examples. */
export function sentMembers({
  list,
  description,
  bodyMembers,
  actionsRequired,
}: ResourceType): readonly string[] {
  if (list === 'ingestion') return ['privateEndpointId', 'status']
  return [
    ...bodyMembers,
    'privateEndpoint.id',
    'state.status',
    ...(description === 'read-only' ? [] : ['state.description']),
    ...(actionsRequired === undefined ? [] : ['state.actionsRequired']),
  ]
}

/** For each list of connections, what was compared with a published example, and what was not. For a page. */
export function comparedTable(resourceTypes: readonly ResourceType[]): string {
  const lines = resourceTypes.map((row) => [nameOf(row), ...comparedCells(row)])
  return [heads, heads.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function nameOf({ type, list }: ResourceType): string {
  return `\`${type}\`${list === 'connections' ? '' : `, ${list}`}`
}

function comparedCells(row: ResourceType): readonly string[] {
  const examples = examplesOf(row)
  const [first] = examples
  if (!first) return row.writeForm === 'none' ? ['no write is published', '', '', ''] : noExample(row)
  const shared = sharedExampleOf(row.type)
  return [
    `${first.verb}, as published${shared === undefined ? '' : ` for \`${shared}\``}`,
    first.apiVersion === row.apiVersion ? 'the same' : `example ${first.apiVersion}, sent ${row.apiVersion}`,
    bodyCell(examples, row),
    statesCell(examples, row),
  ]
}

function noExample({ evidence }: ResourceType): readonly string[] {
  return [`${notCompared} (${evidence})`, notCompared, notCompared, notCompared]
}

function examplesOf({ type, list }: ResourceType): readonly PublishedWrite[] {
  return writesOf(type).filter(({ verb }) => (verb === 'POST') === (list === 'ingestion'))
}

/** Against the example that shares most with what is sent; others of the same type have less, or more. */
function bodyCell(examples: readonly PublishedWrite[], row: ResourceType): string {
  const sent = sentMembers(row)
  const isSent = (member: string) => sent.some((name) => name === member || name.startsWith(`${member}.`))
  const [closest = []] = examples
    .map(({ body }) => body)
    .sort((a, b) => b.filter(isSent).length - a.filter(isSent).length)
  const isShown = (name: string) => closest.some((member) => name === member || name.startsWith(`${member}.`))
  const more = sent.filter((name) => name !== alwaysSent && !isShown(name))
  const less = closest.filter((member) => !isSent(member))
  return [
    'as published',
    ...(more.length > 0 ? [`and ${named(more)}`] : []),
    ...(less.length > 0 ? [`without ${named(less)}`] : []),
  ].join(', ')
}

function statesCell(examples: readonly PublishedWrite[], row: ResourceType): string {
  const words = examples.flatMap(({ responses }) => responses.map((response) => response.provisioningState))
  const shown = [...new Set(words)]
    .filter((word) => word !== '-')
    .map((word) => `${word}: ${meaning(word, row)}`)
  const cells = [shown.length > 0 ? shown.join(', ') : 'the example shows none', recorded[row.type] ?? '']
  return cells.filter((cell) => cell !== '').join('; ')
}

function meaning(word: string, { doneStates, failureStates, busyStates }: ResourceType): string {
  if (isOneOf(doneStates, word)) return 'done'
  if (isOneOf(failureStates, word)) return 'failed'
  return isOneOf(busyStates, word) ? 'under way' : 'unknown'
}

function named(members: readonly string[]): string {
  return members.map((member) => `\`${member}\``).join(', ')
}
