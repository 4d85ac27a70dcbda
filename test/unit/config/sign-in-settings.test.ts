import { describe, expect, it } from 'vitest'
import { readSettings, SettingsError } from '../../../shared/config/settings.ts'

const usual = {
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  SIGN_IN_TENANT_ID: '7F3D1C52-6A0B-4E6F-9D57-2B8C4A1E0F10',
  SIGN_IN_CLIENT_ID: '5e1f0a77-6c3b-4d0e-9a51-7b2c8d9e0f66',
  PUBLIC_ORIGIN: 'https://approver.contoso.com/',
}

describe('the settings of sign-in', () => {
  it('need three values, and have the public cloud for a default', () => {
    expect(readSettings(usual).signIn).toEqual({
      kind: 'complete',
      tenantId: '7f3d1c52-6a0b-4e6f-9d57-2b8c4a1e0f10',
      clientId: usual.SIGN_IN_CLIENT_ID,
      clientSecret: undefined,
      publicOrigin: 'https://approver.contoso.com',
      authority: 'https://login.microsoftonline.com',
      assertionScope: 'api://AzureADTokenExchange/.default',
      graph: { endpoint: 'https://graph.microsoft.com', scope: 'https://graph.microsoft.com/.default' },
      allowGuests: false,
    })
  })

  it.each(['SIGN_IN_TENANT_ID', 'SIGN_IN_CLIENT_ID', 'PUBLIC_ORIGIN'])(
    'are missing as long as %s is: the app runs, and its pages say so',
    (name) => {
      expect(readSettings({ ...usual, [name]: '' }).signIn).toEqual({ kind: 'missing', names: [name] })
    },
  )

  it.each(['us-government', 'china'])('of the cloud %s lead to no host of the public one', (AZURE_CLOUD) => {
    const text = JSON.stringify(readSettings({ ...usual, AZURE_CLOUD }).signIn)
    expect(text).not.toMatch(/login\.microsoftonline\.com|graph\.microsoft\.com|AzureADTokenExchange\//)
  })

  it.each(['PUBLIC_ORIGIN', 'SIGN_IN_AUTHORITY'])('take http on loopback only for %s', (name) => {
    for (const origin of ['http://localhost:7071', 'http://127.0.0.1:7071', 'http://[::1]:7071'])
      expect(readSettings({ ...usual, [name]: origin }).signIn).toMatchObject({ kind: 'complete' })
    for (const origin of [
      ...['http://approver.contoso.com', 'http://127.0.0.1.contoso.com', 'http://localhost@contoso.com'],
      ...[
        'ftp://localhost',
        'https://contoso.com/path',
        'https://contoso.com?x',
        'contoso.com',
        'javascript:1',
      ],
    ])
      expect(() => readSettings({ ...usual, [name]: origin }), origin).toThrow(SettingsError)
  })

  it('refuse a tenant by name: tokens carry its id', () => {
    expect(() => readSettings({ ...usual, SIGN_IN_TENANT_ID: 'common' })).toThrow(
      new SettingsError(
        'Setting SIGN_IN_TENANT_ID is "common"; expected: the id of the tenant whose people sign in.',
      ),
    )
  })
})
