import { TableClient } from '@azure/data-tables'
import { QueueServiceClient } from '@azure/storage-queue'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startAzurite, type Azurite } from '../../support/azurite.ts'

describe('the storage emulator of a test', () => {
  let azurite: Azurite
  beforeAll(async () => {
    azurite = await startAzurite()
  })
  afterAll(() => azurite.stop())

  it('keeps a table row and gives it back', async () => {
    const table = TableClient.fromConnectionString(azurite.connectionString, 'probe', {
      allowInsecureConnection: true,
    })
    await table.createTable()
    await table.createEntity({ partitionKey: 'a', rowKey: 'b', colour: 'red' })
    expect(await table.getEntity('a', 'b')).toMatchObject({ colour: 'red' })
  })

  it('keeps a queue message and gives it back', async () => {
    const queue = QueueServiceClient.fromConnectionString(azurite.connectionString).getQueueClient('probe')
    await queue.create()
    await queue.sendMessage('hello')
    expect((await queue.receiveMessages()).receivedMessageItems[0]?.messageText).toBe('hello')
  })
})
