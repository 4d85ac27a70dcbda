import { TableClient } from '@azure/data-tables'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { joined } from '../../../shared/cases/join.ts'
import { tableNames } from '../../../shared/config/table-names.ts'
import type { CaseMember } from '../../../shared/domain/case-member.ts'
import { Cases } from '../../../shared/ledger/cases.ts'
import { GuardedTable } from '../../../shared/storage/guarded-table.ts'
import { type Azurite, startAzurite } from '../../support/azurite.ts'
import { run } from '../../support/command-line.ts'
import { sampleNotification } from '../../support/sample-request.ts'
import { group } from '../../unit/cases/given.ts'

let azurite: Azurite

beforeAll(async () => {
  azurite = await startAzurite()
})
afterAll(() => azurite.stop())

const call = (...args: string[]) => run(['notifications', ...args, '--storage', azurite.connectionString])

it('messages are listed, sent again and given up by command', async () => {
  expect(await call('list')).toEqual({
    ...{ code: 1, out: '', err: 'No message is kept there: the app has not run on that storage.\n' },
  })
  const table = async (name: string) => {
    const client = TableClient.fromConnectionString(azurite.connectionString, name, {
      allowInsecureConnection: true,
    })
    const guarded = new GuardedTable(client)
    await guarded.create()
    return guarded
  }
  const cases = new Cases(
    await table(tableNames.requests),
    await table(tableNames.requestIndex),
    () => undefined,
  )
  expect(await call('list')).toMatchObject({ code: 0, out: 'No message waits, and none has failed.\n' })

  const member: CaseMember = {
    kind: 'request',
    id: 'a',
    risk: 'normal',
    recordKey: 'r',
    notification: sampleNotification(),
  }
  await cases.join(group, member, (head) =>
    joined(head, { group, risk: 'normal' }, new Date(), { windowMs: 60_000 }),
  )
  const { out } = await call('list', '--waiting', '--json')
  const { id } = JSON.parse(out) as { id: string }
  expect((await call('list')).out).toContain(id)
  expect((await call('list', '--failed')).out).toBe('No message waits, and none has failed.\n')

  expect(await call('retry', id, '--as', 'kim')).toEqual({
    ...{ code: 0, out: `The message ${id} is sent again within half a minute.\n`, err: '' },
  })
  expect(await call('discard', id)).toMatchObject({ code: 2 })
  expect(await call('discard', id, '--reason', ' ')).toMatchObject({ code: 2 })
  const given = await call('discard', id, '--reason', 'phoned them', '--as', 'kim', '--json')
  expect(JSON.parse(given.out)).toMatchObject({
    message: {
      state: 'discarded',
      changes: [
        { by: 'kim', action: 'retry' },
        { by: 'kim', action: 'discard', reason: 'phoned them' },
      ],
    },
  })
  expect(await call('discard', id, '--reason', 'again')).toMatchObject({
    ...{ code: 1, err: `The message ${id} is discarded already.\n` },
  })
  expect(await call('retry', 'x')).toMatchObject({
    ...{ code: 1, err: 'There is no message x; "notifications list" shows the ids.\n' },
  })
})
