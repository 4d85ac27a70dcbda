import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { comparedTable } from '../../../scripts/compared-writes.ts'
import { markdownTable, terminalTable } from '../../../scripts/resource-type-views.ts'
import { customRole, requesterPermissions } from '../../../shared/private-link/resource-types/custom-role.ts'
import { listsOfType, resourceTypes } from '../../../shared/private-link/resource-types/table.ts'

const file = new URL('../../../docs/resource-types.md', import.meta.url)
const page = readFileSync(file, 'utf8')

/** The usual targets of data platforms, whose role the page shows. */
const shownTypes = [
  'Microsoft.DataFactory/factories',
  'Microsoft.DBforMySQL/flexibleServers',
  'Microsoft.DBforMySQL/servers',
  'Microsoft.DBforPostgreSQL/flexibleServers',
  'Microsoft.DBforPostgreSQL/servers',
  'Microsoft.DocumentDB/databaseAccounts',
  'Microsoft.EventHub/namespaces',
  'Microsoft.KeyVault/vaults',
  'Microsoft.Network/privateLinkServices',
  'Microsoft.Purview/accounts',
  'Microsoft.Sql/managedInstances',
  'Microsoft.Sql/servers',
  'Microsoft.Storage/storageAccounts',
  'Microsoft.Synapse/workspaces',
]

function shownBy(option: string): string | undefined {
  const pattern = new RegExp(
    `<!-- begin: npm run resource-types -- ${option} -->\\n([\\s\\S]*?)\\n<!-- end -->`,
  )
  return pattern.exec(page)?.[1]
}

describe('the page about resource types', () => {
  it('shows the table as it is in the code', () => {
    expect(shownBy('--markdown')).toBe(markdownTable(resourceTypes))
  })

  it('shows of each type what was compared with published examples, and what was not', () => {
    expect(shownBy('--compared')).toBe(comparedTable(resourceTypes))
  })

  it('shows the role for the usual targets of data platforms', () => {
    const json = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
    const role = JSON.parse(json) as { Actions: string[] }
    const expected = customRole(shownTypes.flatMap((type) => listsOfType(type)))
    expect([...role.Actions].sort()).toEqual([...expected.Actions].sort())
    expect({ ...role, Actions: [] }).toEqual({ ...expected, Actions: [] })
  })
})

describe('the custom role of some types', () => {
  it('has each permission once, and what asking the requesters takes', () => {
    const { Actions } = customRole(listsOfType('Microsoft.Purview/accounts'))
    expect(new Set(Actions).size).toBe(Actions.length)
    expect(Actions).toEqual(expect.arrayContaining([...requesterPermissions]))
    expect(Actions).toContain('Microsoft.Purview/accounts/ingestionPrivateEndpointConnectionStatus/action')
  })

  it('writes nothing for types that nothing answers', () => {
    const unwritable = resourceTypes.filter(({ writeForm }) => writeForm === 'none')
    const { Actions } = customRole(unwritable)
    expect(Actions.filter((action) => !action.endsWith('/read'))).toEqual([])
  })
})

describe('the table on a terminal', () => {
  it.each([100, 160])('fits into %d characters and cuts nothing off', (width) => {
    const shown = terminalTable(resourceTypes, width)
    expect(Math.max(...shown.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width)
    expect(shown).not.toContain('…')
    const letters = shown.replaceAll(/\s/g, '')
    const missing = resourceTypes.filter(({ notes }) => !letters.includes(notes.replaceAll(/\s/g, '')))
    expect(missing.map(({ type }) => type)).toEqual([])
  })

  it('has every type, on one line where there is room', () => {
    const lines = terminalTable(resourceTypes, 160).split('\n')
    const short = resourceTypes.filter(({ type, list }) => type.length < 50 && list === 'connections')
    const missing = short.filter(({ type }) => !lines.some((line) => line.startsWith(`${type} `)))
    expect(missing.map(({ type }) => type)).toEqual([])
  })
})
