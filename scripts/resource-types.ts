// Shows the table of resource types: npm run resource-types [-- --type TEXT] [--json | --permissions | --markdown | --compared]
import { parseArgs } from 'node:util'
import { readArguments } from '../local/arguments.ts'
import { customRole } from '../shared/private-link/resource-types/custom-role.ts'
import type { ResourceType } from '../shared/private-link/resource-types/resource-type.ts'
import { resourceTypes } from '../shared/private-link/resource-types/table.ts'
import { asciiLowerCase } from '../shared/domain/resource-id.ts'
import { comparedTable } from './compared-writes.ts'
import { markdownTable, terminalTable } from './resource-type-views.ts'

const help = `Usage: npm run resource-types [-- options]

Shows every list of connections this app knows how to read and write.

  --type TEXT    only types whose name has this text in it, in any case; can be given several times
  --json         every column, as JSON
  --permissions  a custom role with what the app's identity needs for these types, as JSON
  --markdown     the table of docs/resource-types.md
  --compared     what was compared with Microsoft's published examples, also in docs/resource-types.md
  --help         this text

List     how connections are found: value-array or bare-array, a list of their own; embedded, in the
         target itself; unpublished, the usual address is tried
Verb     how a decision is applied; none: Azure publishes no way, the request waits for manual review
Version  api-version of the connections: the newest stable one, a preview where there is none
Groups   where a connection shows its group (blob, sqlServer, …)
Async    whether a write may take a while
Sure     documented; from-tools, known only from Azure CLI or PowerShell; inferred, the note says what`

const usualWidth = 100
const forms = ['json', 'permissions', 'markdown', 'compared'] as const

const flags = readArguments(help, () => {
  const parsed = parseArgs({
    options: {
      type: { type: 'string', multiple: true },
      json: { type: 'boolean' },
      permissions: { type: 'boolean' },
      markdown: { type: 'boolean' },
      compared: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  })
  const { values } = parsed
  if (values.type?.includes('')) throw new Error(`Option '--type' needs a value`)
  const chosen = forms.filter((form) => values[form])
  if (chosen.length > 1) throw new Error(`Only one of --${chosen.join(', --')} can be shown`)
  return parsed
})
process.exitCode = show()

function show(): number {
  const texts = flags.type?.map(asciiLowerCase)
  const chosen = resourceTypes.filter(({ type }) => {
    const name = asciiLowerCase(type)
    return texts === undefined || texts.some((text) => name.includes(text))
  })
  if (chosen.length === 0) {
    console.error(`No type of the table has ${flags.type?.join(' or ') ?? ''} in its name.`)
    return 1
  }
  if (flags.json) print(chosen)
  else if (flags.permissions) showRole(chosen)
  else if (flags.markdown) console.log(markdownTable(chosen))
  else if (flags.compared) console.log(comparedTable(chosen))
  else console.log(terminalTable(chosen, terminalWidth()))
  return 0
}

function showRole(chosen: readonly ResourceType[]): void {
  print(customRole(chosen))
  const derived = chosen.filter(({ permissionsSeen }) => !permissionsSeen).length
  if (derived === 0) return
  console.error(
    `For ${derived} of ${chosen.length} lists the permissions follow the rule by which Azure names them, and were not ` +
      'all seen published. Should Azure refuse one as InvalidActionOrNotAction, leave it out.',
  )
}

function print(value: unknown): void {
  console.log(JSON.stringify(value, (_, member: unknown) => member ?? null, 2))
}

/** COLUMNS if the output is not a terminal. */
function terminalWidth(): number {
  const asked = Number(process.env['COLUMNS'])
  return process.stdout.isTTY ? process.stdout.columns : asked > 0 ? asked : usualWidth
}
