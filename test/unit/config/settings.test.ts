import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSettings, SettingsError } from '../../../shared/config/settings.ts'

const sample = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../local.settings.sample.json'), 'utf8'),
) as { Values: Record<string, string> }
const storage = { AzureWebJobsStorage: 'UseDevelopmentStorage=true' }

describe('settings', () => {
  it('have the public cloud for a default', () => {
    expect(readSettings(storage)).toEqual({
      storage: { kind: 'connection-string', connectionString: 'UseDevelopmentStorage=true' },
      armEndpoint: 'https://management.azure.com',
      managedTenants: [],
      loginHosts: ['login.microsoftonline.com', 'login.windows.net'],
      services: {
        synapse: {
          endpoint: 'https://{workspace}.dev.azuresynapse.net',
          scope: 'https://dev.azuresynapse.net/.default',
        },
        purview: {
          endpoint: 'https://{account}.purview.azure.com',
          scope: 'https://purview.azure.net/.default',
        },
        fabric: {
          endpoint: 'https://api.fabric.microsoft.com',
          scope: 'https://api.fabric.microsoft.com/.default',
        },
        databricks: {
          endpoint: 'https://accounts.azuredatabricks.net',
          scope: '2ff814a6-3304-4ab8-87cf-cb0e6f879c1d/.default',
        },
      },
      clientId: undefined,
      disableInstanceDiscovery: false,
      burstLimits: { windowMs: 600_000, perRequester: 50, perTarget: 100 },
      notifications: { windowMs: 60_000, perRecipientAndHour: 10, withSubdomains: false },
      questionExpiresAfter: 'P14D',
      reviewSpeed: 1,
      portal: 'https://portal.azure.com',
      timeZone: undefined,
      signIn: { kind: 'missing', names: ['SIGN_IN_TENANT_ID', 'SIGN_IN_CLIENT_ID', 'PUBLIC_ORIGIN'] },
    })
  })

  it('take the speed of the review schedule', () => {
    expect(readSettings({ ...storage, REVIEW_SPEED: '10' }).reviewSpeed).toBe(10)
    expect(readSettings({ ...storage, TIME_ZONE: 'Europe/Berlin' }).timeZone).toBe('Europe/Berlin')
    expect(() => readSettings({ ...storage, TIME_ZONE: 'Europe/Bern' })).toThrow(
      'Setting TIME_ZONE is "Europe/Bern"; expected: a time zone like Europe/Berlin.',
    )
  })

  it('take how long a question is open, and the time zone of messages', () => {
    const set = readSettings({ ...storage, QUESTION_EXPIRES_AFTER: 'PT12H', TIME_ZONE: 'Europe/Berlin' })
    expect([set.questionExpiresAfter, set.timeZone]).toEqual(['PT12H', 'Europe/Berlin'])
    for (const wrong of ['14', 'P0D', 'P2W', 'PT30M'])
      expect(() => readSettings({ ...storage, QUESTION_EXPIRES_AFTER: wrong })).toThrow(
        `Setting QUESTION_EXPIRES_AFTER is "${wrong}"; expected: a duration like P14D (days) or PT12H (hours).`,
      )
  })

  it('take how requests are gathered into messages', () => {
    const { notifications, portal } = readSettings({
      ...{ ...storage, AZURE_CLOUD: 'china', NOTIFICATION_WINDOW_SECONDS: '5' },
      ...{ NOTIFICATIONS_PER_RECIPIENT_AND_HOUR: '20', ADDRESS_DOMAINS_INCLUDE_SUBDOMAINS: 'true' },
    })
    expect(notifications).toEqual({ windowMs: 5_000, perRecipientAndHour: 20, withSubdomains: true })
    expect(portal).toBe('https://portal.azure.cn')
    expect(() => readSettings({ ...storage, NOTIFICATIONS_PER_RECIPIENT_AND_HOUR: '1' })).toThrow(
      'expected: a whole number from 2 to 500',
    )
  })

  it('take limits of bursts', () => {
    const { burstLimits } = readSettings({
      ...storage,
      BURST_WINDOW_MINUTES: '1',
      BURST_LIMIT_PER_REQUESTER: '1000',
      BURST_LIMIT_PER_TARGET: '7',
    })
    expect(burstLimits).toEqual({ windowMs: 60_000, perRequester: 1000, perTarget: 7 })
  })

  it.each([
    ['BURST_WINDOW_MINUTES', '0', '10000'],
    ['BURST_WINDOW_MINUTES', '10001', '10000'],
    ['BURST_LIMIT_PER_REQUESTER', '1001', '1000'],
    ['BURST_LIMIT_PER_TARGET', '-5', '1000'],
    ['NOTIFICATION_WINDOW_SECONDS', '601', '600'],
    ['NOTIFICATIONS_PER_RECIPIENT_AND_HOUR', '501', '500'],
    ['BURST_LIMIT_PER_TARGET', '1.5', '1000'],
    ['BURST_LIMIT_PER_TARGET', 'Infinity', '1000'],
    ['REVIEW_SPEED', '0', '10'],
    ['REVIEW_SPEED', '11', '10'],
  ])('refuse %s "%s": expected is a whole number from 1 to %s', (name, value, max) => {
    expect(() => readSettings({ ...storage, [name]: value })).toThrow(
      new SettingsError(`Setting ${name} is "${value}"; expected: a whole number from 1 to ${max}.`),
    )
  })

  it('reach storage by identity when its addresses are given', () => {
    const settings = readSettings({
      AzureWebJobsStorage__tableServiceUri: 'https://st.table.core.windows.net',
      AzureWebJobsStorage__queueServiceUri: 'https://st.queue.core.windows.net/',
      AzureWebJobsStorage__clientId: '0a5e6f10-1111-4a6b-8c2d-d47a91a7f001',
    })
    expect(settings.storage).toEqual({
      kind: 'identity',
      tableServiceUri: 'https://st.table.core.windows.net',
      queueServiceUri: 'https://st.queue.core.windows.net/',
      clientId: '0a5e6f10-1111-4a6b-8c2d-d47a91a7f001',
    })
  })

  it('reach storage by identity when the name of the account is given', () => {
    const settings = readSettings({ AzureWebJobsStorage__accountName: 'st01' })
    expect(settings.storage).toEqual({
      kind: 'identity',
      tableServiceUri: 'https://st01.table.core.windows.net',
      queueServiceUri: 'https://st01.queue.core.windows.net',
      clientId: undefined,
    })
  })

  it('prefer an address of storage that is given to the one its name would have', () => {
    const settings = readSettings({
      AzureWebJobsStorage__accountName: 'st01',
      AzureWebJobsStorage__tableServiceUri: 'https://st01.table.core.usgovcloudapi.net',
    })
    expect(settings.storage).toMatchObject({
      tableServiceUri: 'https://st01.table.core.usgovcloudapi.net',
      queueServiceUri: 'https://st01.queue.core.windows.net',
    })
  })

  it.each([
    ['us-government', 'https://management.usgovcloudapi.net', 'core.usgovcloudapi.net'],
    ['china', 'https://management.chinacloudapi.cn', 'core.chinacloudapi.cn'],
  ])('of the cloud %s have its addresses', (AZURE_CLOUD, armEndpoint, suffix) => {
    const settings = readSettings({ AZURE_CLOUD, AzureWebJobsStorage__accountName: 'st01' })
    const publicAddresses = Object.values(readSettings(storage).services).map((service) => service?.endpoint)
    expect(settings.armEndpoint).toBe(armEndpoint)
    expect(settings.storage).toMatchObject({ tableServiceUri: `https://st01.table.${suffix}` })
    expect(settings.loginHosts).not.toContain('login.microsoftonline.com')
    expect(settings.services.fabric).toBeUndefined()
    for (const service of Object.values(settings.services))
      expect(publicAddresses).not.toContain(service?.endpoint ?? 'none')
  })

  it('take each address on its own', () => {
    const { services, loginHosts, armEndpoint } = readSettings({
      ...storage,
      AZURE_CLOUD: 'us-government',
      ARM_ENDPOINT: 'https://arm.test',
      SYNAPSE_ENDPOINT: 'https://{workspace}.synapse.test',
      PURVIEW_SCOPE: 'https://purview.azure.us/.default',
      FABRIC_ENDPOINT: 'https://fabric.test/base',
      FABRIC_SCOPE: 'https://fabric.test/.default',
      DATABRICKS_ENDPOINT: 'https://databricks.test',
      LOGIN_HOSTS: ' Login.test, localhost:7443,',
    })
    expect(armEndpoint).toBe('https://arm.test')
    expect(loginHosts).toEqual(['login.test', 'localhost:7443'])
    expect(services).toEqual({
      synapse: {
        endpoint: 'https://{workspace}.synapse.test',
        scope: 'https://dev.azuresynapse.usgovcloudapi.net/.default',
      },
      purview: {
        endpoint: 'https://{account}.purview.azure.us',
        scope: 'https://purview.azure.us/.default',
      },
      fabric: { endpoint: 'https://fabric.test/base', scope: 'https://fabric.test/.default' },
      databricks: {
        endpoint: 'https://databricks.test',
        scope: '2ff814a6-3304-4ab8-87cf-cb0e6f879c1d/.default',
      },
    })
  })

  it('want a scope beside the address of a Fabric that the cloud does not know', () => {
    const read = () =>
      readSettings({ ...storage, AZURE_CLOUD: 'china', FABRIC_ENDPOINT: 'https://api.fabric.azure.cn' })
    expect(read).toThrow(
      new SettingsError(
        'Setting FABRIC_SCOPE is missing; expected beside FABRIC_ENDPOINT: a scope that ends in /.default.',
      ),
    )
  })

  it('take tenants separated by commas, in lower case', () => {
    const MANAGED_TENANTS = ' 33C0FFEE-5d2e-4b1a-8f44-6e0a9d3b7c21 ,e15e0000-9b7a-4c3d-a1f2-5c6d7e8f9a32,'
    expect(readSettings({ ...storage, MANAGED_TENANTS }).managedTenants).toEqual([
      '33c0ffee-5d2e-4b1a-8f44-6e0a9d3b7c21',
      'e15e0000-9b7a-4c3d-a1f2-5c6d7e8f9a32',
    ])
  })

  it.each([
    ['ARM_ENDPOINT', 'http://management.azure.com'],
    ['ARM_ENDPOINT', 'https://management.azure.com/subscriptions'],
    ['ARM_ENDPOINT', 'https://management.azure.com#'],
    ['ARM_ENDPOINT', 'management.azure.com'],
    ['AzureWebJobsStorage__accountName', 'st'],
    ['AzureWebJobsStorage__accountName', 'Storage01'],
    ['AzureWebJobsStorage__accountName', 'st01.evil.test/'],
    ['AzureWebJobsStorage__accountName', 'a'.repeat(25)],
    ['MANAGED_TENANTS', 'MSAzureCloud.onmicrosoft.com'],
    ['SYNAPSE_ENDPOINT', 'https://dev.azuresynapse.net'],
    ['SYNAPSE_ENDPOINT', 'http://{workspace}.dev.azuresynapse.net'],
    ['PURVIEW_ENDPOINT', 'https://{workspace}.purview.azure.com'],
    ['DISABLE_INSTANCE_DISCOVERY', 'yes'],
    ['AZURE_CLOUD', 'germany'],
    ['AZURE_CLOUD', 'Public'],
    ['LOGIN_HOSTS', ','],
    ['LOGIN_HOSTS', 'https://login.microsoftonline.com'],
    ['LOGIN_HOSTS', 'login.microsoftonline.com/common'],
    ['LOGIN_HOSTS', '*.microsoftonline.com'],
    ['FABRIC_ENDPOINT', 'http://api.fabric.microsoft.com'],
    ['DATABRICKS_ENDPOINT', 'accounts.azuredatabricks.net'],
    ['SYNAPSE_SCOPE', 'https://dev.azuresynapse.net'],
  ])(
    'that are wrong end the start with the name, what was seen and what was expected: %s=%s',
    (name, value) => {
      const read = () => readSettings({ ...storage, [name]: value })
      expect(read).toThrow(SettingsError)
      expect(read).toThrow(`Setting ${name} is "${value}"; expected: `)
    },
  )

  it.each([
    ['ARM_ENDPOINT', 'https://user@management.azure.com', '…@management.azure.com'],
    ['ARM_ENDPOINT', 'https://user:s3cret@x', '…@x'],
    ['ARM_ENDPOINT', 'https://:s3cret@x', '…@x'],
    ['ARM_ENDPOINT', 'https://user:s3?c@ret@x', '…@x'],
    ['DATABRICKS_ENDPOINT', 'https://user:s3cret@x', '…@x'],
    ['SYNAPSE_ENDPOINT', 'https://user:s3cret@{workspace}.x', '…@{workspace}.x'],
    ['AzureWebJobsStorage__tableServiceUri', 'https://st.test/?sig=s3cret', 'https://st.test/?…'],
  ])('that hold a password or a signature are refused without repeating it: %s=%s', (name, value, seen) => {
    const read = () => readSettings({ ...storage, [name]: value })
    expect(read).toThrow(`Setting ${name} is "${seen}"; expected: an https address `)
    expect(read).toThrow(/without user/)
  })

  it('that are empty count as not set', () => {
    const names = [
      ...['AzureWebJobsStorage__accountName', 'AzureWebJobsStorage__tableServiceUri'],
      ...['AzureWebJobsStorage__queueServiceUri', 'AzureWebJobsStorage__clientId', 'AZURE_CLIENT_ID'],
      ...['AZURE_CLOUD', 'ARM_ENDPOINT', 'LOGIN_HOSTS', 'MANAGED_TENANTS', 'DISABLE_INSTANCE_DISCOVERY'],
      ...['SYNAPSE', 'PURVIEW', 'FABRIC', 'DATABRICKS'].flatMap((of) => [`${of}_ENDPOINT`, `${of}_SCOPE`]),
      ...['BURST_WINDOW_MINUTES', 'BURST_LIMIT_PER_REQUESTER', 'BURST_LIMIT_PER_TARGET', 'REVIEW_SPEED'],
      ...['NOTIFICATION_WINDOW_SECONDS', 'NOTIFICATIONS_PER_RECIPIENT_AND_HOUR'],
      'ADDRESS_DOMAINS_INCLUDE_SUBDOMAINS',
    ]
    const empty = Object.fromEntries(names.map((name) => [name, '']))
    expect(readSettings({ ...storage, ...empty })).toEqual(readSettings(storage))
    expect(() => readSettings({ AzureWebJobsStorage: '' })).toThrow('AzureWebJobsStorage is missing')
  })

  it('of the sample are the scopes of the public cloud at the addresses of the simulated one', () => {
    const settings = readSettings({ ...sample.Values, MANAGED_TENANTS: '' })
    const { armEndpoint, loginHosts } = settings
    const services = Object.values(settings.services)
    const ofThePublicCloud = Object.values(readSettings(storage).services)
    expect(services.map((service) => service?.scope)).toEqual(
      ofThePublicCloud.map((service) => service?.scope),
    )
    for (const address of [armEndpoint, ...services.map((service) => service?.endpoint)])
      expect(address).toMatch(/^https:\/\/localhost:7443/)
    expect(loginHosts).toEqual(['localhost:7443'])
  })

  it('without storage end the start and say the ways to give it', () => {
    expect(() => readSettings({})).toThrow(
      /AzureWebJobsStorage is missing.*AzureWebJobsStorage__accountName.*AzureWebJobsStorage__tableServiceUri/,
    )
  })
})
