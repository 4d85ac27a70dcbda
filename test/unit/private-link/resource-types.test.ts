import { describe, expect, it } from 'vitest'
import { writeSupportOf } from '../../../shared/private-link/resource-types/resource-type.ts'
import { listOfType, listsOfType, resourceTypes } from '../../../shared/private-link/resource-types/table.ts'

const version = /^\d{4}-\d{2}-\d{2}(-preview)?$/
const typesWhere = (isMeant: (row: (typeof resourceTypes)[number]) => boolean): readonly string[] =>
  resourceTypes.filter(isMeant).map(({ type, list }) => (list === 'ingestion' ? `${type} (ingestion)` : type))

describe('the table of resource types', () => {
  it('has more than a hundred types, one of them with two lists', () => {
    const types = new Set(resourceTypes.map(({ type }) => type.toLowerCase()))
    expect(types.size).toBeGreaterThan(100)
    expect(resourceTypes).toHaveLength(types.size + 1)
    expect(listsOfType('microsoft.purview/ACCOUNTS').map(({ list }) => list)).toEqual([
      'connections',
      'ingestion',
    ])
  })

  it('names no list twice', () => {
    const lists = resourceTypes.map(({ type, list }) => `${type.toLowerCase()} ${list}`)
    expect(new Set(lists).size).toBe(resourceTypes.length)
  })

  it('knows no list of a type that is not in it', () => {
    expect(() => listOfType('Microsoft.Storage/storageAccounts', 'ingestion')).toThrow(
      /has no list "ingestion"/,
    )
  })

  it('uses a preview only for types that have no stable version with connections', () => {
    expect(typesWhere(({ apiVersion }) => apiVersion.endsWith('preview'))).toEqual([
      'Microsoft.HorizonDb/clusters',
      'Microsoft.Purview/accounts (ingestion)',
      'Microsoft.PowerPlatform/enterprisePolicies',
      'Microsoft.TimeSeriesInsights/environments',
      'Microsoft.AgFoodPlatform/farmBeats',
      'Microsoft.OpenEnergyPlatform/energyServices',
      'Microsoft.FluidRelay/fluidRelayServers',
      'Microsoft.KubernetesConfiguration/privateLinkScopes',
      'Microsoft.HardwareSecurityModules/paymentHsmClusters',
      'Microsoft.OnlineExperimentation/workspaces',
      'Microsoft.Media/videoAnalyzers',
      'Microsoft.IoTCentral/iotApps',
      'Microsoft.Maps/accounts',
      'Microsoft.Monitor/accounts',
      'Microsoft.Chaos/privateAccesses',
      ...[
        'EDMUpload',
        'M365ComplianceCenter',
        'M365SecurityCenter',
        'MIPPolicySync',
        'O365ManagementActivityAPI',
        'SCCPowershell',
      ].map((service) => `Microsoft.M365SecurityAndCompliance/privateLinkServicesFor${service}`),
    ])
  })

  it('has three types that nothing can answer', () => {
    expect(typesWhere(({ writeForm }) => writeForm === 'none')).toEqual([
      'Microsoft.Synapse/privateLinkHubs',
      'Microsoft.MachineLearningServices/registries',
      'Microsoft.Chaos/privateAccesses',
    ])
  })

  it('has two whose answer cannot carry a description, and nine that want one', () => {
    expect(typesWhere((row) => writeSupportOf(row) === 'without-description')).toEqual([
      'Microsoft.Purview/accounts (ingestion)',
      'Microsoft.NotificationHubs/namespaces',
    ])
    expect(typesWhere(({ description }) => description === 'required')).toHaveLength(9)
  })

  it('sends an etag to two types', () => {
    expect(typesWhere(({ ifMatch }) => ifMatch)).toEqual([
      'Microsoft.DataFactory/factories',
      'Microsoft.Batch/batchAccounts',
    ])
  })

  it('has thirteen types whose connections are in the target, and one whose list is not published', () => {
    expect(typesWhere(({ listForm }) => listForm === 'embedded')).toHaveLength(13)
    expect(typesWhere(({ listForm }) => listForm === 'unpublished')).toEqual(['Microsoft.HorizonDb/clusters'])
  })
})

describe.each(resourceTypes)('the row of $type, list $list,', (row) => {
  it('is well formed', () => {
    expect(row.type).toMatch(/^[A-Za-z0-9.]+(\/[A-Za-z0-9]+)+$/)
    expect(row.apiVersion).toMatch(version)
    expect(row.parentApiVersion).toMatch(version)
    expect(row.childTypes.length).toBeGreaterThan(0)
    expect(row.listPath.toLowerCase()).toBe(row.childTypes[0]?.toLowerCase())
    expect(row.notes).toMatch(/^$|^[A-Z].*[.)]$/)
  })

  it('never calls a state done and failed at once', () => {
    expect(row.doneStates.filter((state) => row.failureStates.includes(state))).toEqual([])
  })

  it('asks for permissions of its type only, to write only where it can be answered', () => {
    const { type, permissions, writeForm } = row
    expect(permissions.every((permission) => permission.startsWith(`${type}/`))).toBe(true)
    expect(permissions.some((permission) => permission.endsWith('/read'))).toBe(true)
    expect(permissions.some((permission) => /\/(write|action)$/.test(permission))).toBe(writeForm !== 'none')
    expect(new Set(permissions).size).toBe(permissions.length)
  })

  it('says so where it is special or not sure', () => {
    const { writeForm, listForm, evidence, description } = row
    const isOdd =
      !writeForm.startsWith('put') ||
      listForm !== 'value-array' ||
      evidence !== 'documented' ||
      description === 'read-only'
    if (isOdd) expect(row.notes).not.toBe('')
    if (evidence === 'inferred') expect(row.notes).toMatch(/[Ii]nferred|our conclusion|taken to be|is tried/)
    if (evidence === 'from-tools') expect(row.notes).toMatch(/Azure PowerShell/)
    expect(evidence).not.toBe('discovered')
  })
})
