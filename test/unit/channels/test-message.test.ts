import { describe, expect, it } from 'vitest'
import { testMessage } from '../../../shared/channels/test-message.ts'
import { headlineOf, labelOf } from '../../../shared/channels/text/wording.ts'

const tried = {
  id: 'test-1',
  channel: 'lake-owners',
  by: 'Robin Admin',
  at: new Date('2026-11-21T17:03:00Z'),
  timeZone: 'Europe/Berlin',
}

describe('a test message', () => {
  it('says that it is one, of which channel, by whom, and that nothing is to be done', () => {
    const message = testMessage(tried)
    expect(message).toMatchObject({
      ...{ id: 'test-1', kind: 'test', risk: 'normal', requests: [], total: 0, reviewLink: undefined },
      title: 'Test of the channel "lake-owners"',
      at: '2026-11-21T17:03:00.000Z',
      timeZone: 'Europe/Berlin',
    })
    expect(message.summary).toContain('Robin Admin')
    expect([labelOf(message), headlineOf(message)]).toEqual(['Test', 'Test message; nothing is left to do'])
  })

  it('makes no link of the name of the person', () => {
    const { summary } = testMessage({ ...tried, by: 'jo@contoso.com of https://evil.example' })
    expect(summary).toContain('jo@contoso[.]com of https[:]//evil[.]example')
  })
})
