import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { channelSettings, localApprovers, localChannels, routingRows } from '../../local/channels.ts'
import { askAsUnknown } from '../../local/tour/requests.ts'
import { tableNames } from '../../shared/config/table-names.ts'
import { call } from '../support/built-command-line.ts'
import { createLake, untilTargetHas } from '../support/lake-requests.ts'
import { browserOf } from '../support/people.ts'
import { type RunningStack, runStack } from '../support/running-stack.ts'

let running: RunningStack
let target: string

beforeAll(async () => {
  running = await runStack(inject('appFolder'))
  const table = running.table(tableNames.allowList)
  for (const row of routingRows(running.stack.inbox)) await table.upsertEntity(row, 'Replace')
  target = `${running.places.lake}mail`
  await createLake(running, target)
  await askAsUnknown(running.clients, {
    ...{ name: 'pe-reports', target, groupId: 'blob' },
    message: 'Please approve [here](https://evil.example)',
  })
  await untilTargetHas(running, target, 60, 'waiting for manual review')
}, 150_000)
afterAll(() => running.stop())

const came = (via: string) => running.stack.inbox.waitFor(({ content }) => content.via === via, 60_000)

describe('a request that waits for manual review', { timeout: 90_000 }, () => {
  it('is in the mailbox of the approvers, in text and HTML, with a link to its page', async () => {
    const mail = await came('smtp')
    expect(mail.to).toEqual([localApprovers])
    const [link = ''] = /http:\/\/127\.0\.0\.1:\d+\/review\/[\w.-]+/.exec(JSON.stringify(mail.content)) ?? []
    const { client, get } = browserOf(running.stack)
    const asked = await get(new URL(link).pathname)
    const [, to = ''] = /href="(\/sign-in\?to=[^"]+)"/.exec(asked.text) ?? []
    const choice = await get(to)
    const page = await client.post(choice.url, { person: 'ann' })
    expect(page.status).toBe(200)
    expect(page.text).toContain('Waiting for manual review')
  })

  it('is a card in Teams that Teams would show as it was sent', async () => {
    const card = await came('teams')
    expect([card.to, card.problems]).toEqual([[localChannels.teams], []])
    expect(JSON.stringify(card.content)).not.toContain('](https://evil.example')
  })

  it('is a signed webhook', async () => {
    const hook = await came('webhook')
    expect([hook.to, hook.problems]).toEqual([[localChannels.webhook], []])
  })
})

describe('"channels test" on what npm start runs', { timeout: 60_000 }, () => {
  it.each([
    ['smtp', localChannels.mail, localApprovers],
    ['teams', localChannels.teams, localChannels.teams],
    ['webhook', localChannels.webhook, localChannels.webhook],
  ])('reaches the inbox by %s, with nothing that it objects to', async (via, channel, to) => {
    const { inbox, azure, storage } = running.stack
    const env = {
      ...channelSettings(inbox),
      AzureWebJobsStorage: storage,
      NODE_EXTRA_CA_CERTS: azure.caFile,
    }
    const ended = await call(['channels', 'test', channel, '--json'], { env })
    expect(ended).toMatchObject({ code: 0, err: '' })
    expect(JSON.parse(ended.out)).toMatchObject({ channel, accepted: true })
    const message = await inbox.waitFor(
      ({ content, title }) =>
        content.via === via && JSON.stringify([title, content]).includes('Test of the channel'),
    )
    expect([message.to, message.problems]).toEqual([[to], []])
  })
})
