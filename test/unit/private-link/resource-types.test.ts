import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { listOfType, listsOfType, resourceTypes } from '../../../shared/private-link/resource-types/table.ts'

const file = new URL('../../../docs/resource-types.md', import.meta.url)
/** The page without the padding of its tables. */
const page = readFileSync(file, 'utf8').replaceAll(/ +/g, ' ')

describe('the table of resource types', () => {
  it('has fourteen types, one of them with two lists', () => {
    expect(resourceTypes).toHaveLength(15)
    expect(new Set(resourceTypes.map(({ type }) => type)).size).toBe(14)
    expect(listsOfType('microsoft.purview/ACCOUNTS').map(({ list }) => list)).toEqual([
      'connections',
      'ingestion',
    ])
  })

  it('names no list twice', () => {
    expect(new Set(resourceTypes.map(({ type, list }) => `${type} ${list}`)).size).toBe(resourceTypes.length)
  })

  it('knows no list of a type that is not in it', () => {
    expect(() => listOfType('Microsoft.Storage/storageAccounts', 'ingestion')).toThrow(
      /has no list "ingestion"/,
    )
  })

  it.each(resourceTypes)(
    'never calls a state of $type, list $list, done and failed at once',
    (resourceType) => {
      const { doneStates, failureStates } = resourceType
      expect(doneStates.filter((state) => failureStates.includes(state))).toEqual([])
      expect(doneStates.length).toBeGreaterThan(0)
    },
  )

  it.each(resourceTypes)('asks for permissions on $type, list $list, only', ({ type, permissions }) => {
    expect(permissions.every((permission) => permission.startsWith(`${type}/`))).toBe(true)
    expect(permissions.some((permission) => /\/(write|action)$/.test(permission))).toBe(true)
  })
})

describe('the page about resource types', () => {
  it.each(resourceTypes)('has the row of $type, list $list, as it is in the code', (resourceType) => {
    const { type, list, apiVersion, groupIds, evidence, notes } = resourceType
    const group = groupIds === 'absent' ? 'no' : `\`${groupIds}\``
    expect(page).toContain(`| \`${type}\` | ${list} | ${apiVersion} | ${group} | ${evidence} | ${notes} |`)
  })

  it.each(resourceTypes)('names every permission for $type, list $list', ({ permissions }) => {
    expect(permissions.filter((permission) => !page.includes(`"${permission}"`))).toEqual([])
  })

  it('asks for no permission that the table does not need', () => {
    const json = /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? ''
    const role = JSON.parse(json) as { Actions: string[] }
    const needed = new Set([
      ...resourceTypes.flatMap(({ permissions }) => permissions),
      'Microsoft.DataFactory/factories/managedVirtualNetworks/read',
      'Microsoft.DataFactory/factories/managedVirtualNetworks/managedPrivateEndpoints/read',
      'Microsoft.Network/privateEndpoints/read',
    ])
    expect(role.Actions.filter((action) => !needed.has(action))).toEqual([])
  })
})
