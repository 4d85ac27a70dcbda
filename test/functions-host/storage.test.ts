import { describe, expect, it } from 'vitest'
import { createStorage } from '../../local/functions-host/storage.ts'

function account(name: string): string {
  return `DefaultEndpointsProtocol=http;AccountName=${name};AccountKey=a2V5;QueueEndpoint=http://127.0.0.1:1/${name}`
}

async function urlOf(settings: Record<string, string>, connection: string): Promise<string> {
  return (await createStorage(settings).queues(connection)).url
}

describe('the account of a connection', () => {
  const settings = {
    AzureWebJobsStorage: account('main'),
    Own: account('own'),
    AzureWebJobsPrefixed: account('prefixed'),
    Both: account('both'),
    AzureWebJobsBoth: account('other'),
    Empty: '',
    AzureWebJobsEmpty: account('filled'),
  }

  it.each([
    ['', 'main'],
    ['AzureWebJobsStorage', 'main'],
    ['Storage', 'main'],
    ['Own', 'own'],
    ['Prefixed', 'prefixed'],
    ['Both', 'both'],
    ['Empty', 'filled'],
  ])(
    'named "%s" is %s: the setting of that name, else the one with AzureWebJobs before it',
    async (name, found) => {
      expect(await urlOf(settings, name)).toBe(`http://127.0.0.1:1/${found}`)
    },
  )

  it('is the emulator on its usual ports for UseDevelopmentStorage=true', async () => {
    const url = await urlOf({ AzureWebJobsStorage: 'UseDevelopmentStorage=true' }, '')
    expect(url).toBe('http://127.0.0.1:10001/devstoreaccount1')
  })

  it('is missing with a sentence that names both settings', () => {
    expect(() => createStorage(settings).queues('Nowhere')).toThrow(
      'The setting Nowhere or AzureWebJobsNowhere is missing',
    )
  })

  it('has no blobs without AzureWebJobsStorage', async () => {
    expect(await createStorage({}).blobs()).toBeUndefined()
  })
})
