import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Inbox } from '../../local/inbox/start.ts'
import { control, openTrustedInbox, received } from './support.ts'

let inbox: Inbox
beforeAll(async () => {
  inbox = await openTrustedInbox()
})
afterEach(() => control(inbox, 'POST', 'reset'))
afterAll(() => inbox.stop())

type Json = Record<string, unknown>

const text = { type: 'TextBlock', text: 'adf-prod asks for stprod' }

function card(body: readonly unknown[], more: Json = {}): Json {
  return { type: 'AdaptiveCard', version: '1.4', body, ...more }
}

function messageOf(content: Json, more: Json = {}): Json {
  const contentType = 'application/vnd.microsoft.card.adaptive'
  return { type: 'message', attachments: [{ contentType, contentUrl: null, content }], ...more }
}

async function post(
  body: unknown,
  { channel = 'data-platform', url = inbox.teamsUrl(channel), headers = {} } = {},
) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}

/** Posts a message that is accepted, and returns why it would not be shown. */
async function problemsOf(message: Json): Promise<readonly string[]> {
  const before = inbox.messages().length
  expect(await post(message)).toMatchObject({ status: 202, text: '' })
  return inbox.messages()[before]?.problems ?? ['nothing came']
}

const codeOf = (body: string) => (JSON.parse(body) as { error: { code: string } }).error.code

describe('A card', () => {
  test('is accepted with an empty 202, and kept under its channel', async () => {
    expect(await post(messageOf(card([text])))).toMatchObject({ status: 202, text: '' })
    const [message] = inbox.messages()
    expect(message).toMatchObject({ to: ['data-platform'], title: text.text, problems: [] })
    expect(message?.content).toMatchObject({ kind: 'card', card: card([text]) })
  })

  test('with a language is read alike each time: the renderer keeps a place in its pattern', async () => {
    const message = messageOf(card([text], { lang: 'en' }))
    expect([await problemsOf(message), await problemsOf(message), await problemsOf(message)]).toEqual([
      ...[[], [], []],
    ])
    const wrong = messageOf(card([text], { lang: 'english' }))
    expect(await problemsOf(wrong)).toEqual(['Invalid value "english" for property "lang".'])
  })

  test('of every kind of element that an escalation has is shown', async () => {
    const actions = [{ type: 'Action.OpenUrl', title: 'Review', url: 'https://localhost/r/abc' }]
    const body = [
      { ...text, weight: 'Bolder', size: 'Medium', wrap: true },
      { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: 'quoted', italic: true }] },
      { type: 'FactSet', facts: [{ title: 'Target', value: 'stprod' }] },
      { type: 'ColumnSet', columns: [{ type: 'Column', width: 'auto', items: [text] }] },
      { type: 'Container', style: 'emphasis', items: [text] },
      {
        type: 'ActionSet',
        actions: [{ type: 'Action.ToggleVisibility', title: 'More', targetElements: ['more'] }],
      },
      { type: 'Container', id: 'more', isVisible: false, items: [text] },
    ]
    const more = {
      actions,
      fallbackText: 'adf-prod asks',
      msteams: { width: 'Full' },
      $schema: 'http://x/y.json',
    }
    expect(await problemsOf(messageOf(card(body, more)))).toEqual([])
  })
})

describe('The trigger refuses', () => {
  const good = () => messageOf(card([text]))

  test.each([
    ['what is not JSON', '{', {}, 400, 'InvalidRequestContent'],
    [
      'JSON under another content type',
      '{}',
      { 'content-type': 'text/plain' },
      400,
      'TriggerInputSchemaMismatch',
    ],
    ['a list', [], {}, 400, 'TriggerInputSchemaMismatch'],
    [
      'attachments that are no list',
      { type: 'message', attachments: {} },
      {},
      400,
      'TriggerInputSchemaMismatch',
    ],
    [
      'an attachment that is a text',
      { type: 'message', attachments: ['x'] },
      {},
      400,
      'TriggerInputSchemaMismatch',
    ],
    ['a type that is no text', { type: 5 }, {}, 400, 'TriggerInputSchemaMismatch'],
  ])('%s', async (_what, body, headers, status, code) => {
    const refused = await post(body, { headers })
    expect([refused.status, codeOf(refused.text)]).toEqual([status, code])
    expect(inbox.messages()).toEqual([])
  })

  test('an attachment without contentUrl, and names what is missing', async () => {
    const { attachments } = good() as { attachments: [Json] }
    const [{ contentType, content }] = attachments
    const refused = await post({ type: 'message', attachments: [{ contentType, content }] })
    expect(refused.status).toBe(400)
    expect(refused.text).toContain('Required properties are missing from object: contentUrl.')
  })

  test('a message above 28 KB, counted in bytes and not in characters', async () => {
    const sized = (letters: number) => messageOf(card([{ ...text, text: 'ä'.repeat(letters) }]))
    const rest = Buffer.byteLength(JSON.stringify(sized(0)))
    const fits = Math.floor((28 * 1024 - rest) / 2)
    expect((await post(sized(fits))).status).toBe(202)
    const refused = await post(sized(fits + 1))
    expect([refused.status, codeOf(refused.text)]).toEqual([413, 'RequestEntityTooLarge'])
    expect(inbox.messages()).toHaveLength(1)
  })

  test('a signature that is not that of the channel', async () => {
    const other = new URL(inbox.teamsUrl('another'))
    other.pathname = new URL(inbox.teamsUrl('data-platform')).pathname
    const none = new URL(inbox.teamsUrl('data-platform'))
    none.searchParams.delete('sig')
    for (const url of [other, none]) {
      const refused = await post(good(), { url: url.href })
      expect([refused.status, codeOf(refused.text)]).toEqual([401, 'AuthorizationFailed'])
    }
    expect(inbox.messages()).toEqual([])
  })

  test('a URL without an api-version', async () => {
    const url = new URL(inbox.teamsUrl('data-platform'))
    url.searchParams.delete('api-version')
    const refused = await post(good(), { url: url.href })
    expect([refused.status, codeOf(refused.text)]).toEqual([400, 'MissingApiVersionParameter'])
  })
})

describe('Accepted, but would not be shown:', () => {
  const action = (one: Json) => messageOf(card([text], { actions: [one] }))
  const element = (one: Json) => messageOf(card([one]))
  const cases: [string, Json, RegExp][] = [
    ['a message of another type', messageOf(card([text]), { type: 'MessageCard' }), /type is "MessageCard"/],
    ['no attachments', { type: 'message' }, /attachments is missing/],
    ['empty attachments', { type: 'message', attachments: [] }, /attachments is empty/],
    [
      'another content type',
      { type: 'message', attachments: [{ contentType: 'text/html', contentUrl: null, content: 'x' }] },
      /contentType is "text\/html"/,
    ],
    ['a card of another type', messageOf({ type: 'MessageCard', text: 'x' }), /must be 'AdaptiveCard'/],
    ['a version above 1.4', messageOf(card([text], { version: '1.5' })), /version is "1\.5"/],
    ['no version', messageOf({ type: 'AdaptiveCard', body: [text] }), /version is missing/],
    ['a version that is none', messageOf(card([text], { version: 'new' })), /version is "new"/],
    ['an unknown element', element({ type: 'Blink' }), /Unknown element type "Blink"/],
    ['an unknown element inside', element({ type: 'Container', items: [{ type: 'Blink' }] }), /Blink/],
    ['an element of version 1.5', element({ type: 'Table', columns: [], rows: [] }), /"Table"/],
    ['a property of version 1.5', element({ ...text, style: 'heading' }), /no property "style"/],
    ['an unknown property', element({ ...text, colour: 'good' }), /no property "colour"/],
    ['a value that a property has not', element({ ...text, size: 'huge' }), /"huge"/],
    ['a text that is a number', element({ type: 'TextBlock', text: 5 }), /text of TextBlock is 5/],
    ['an element without its text', element({ type: 'TextBlock' }), /TextBlock has no text/],
    [
      'facts with names',
      element({ type: 'FactSet', facts: [{ name: 'Target', value: 'stprod' }] }),
      /A fact is \{"name":"Target","value":"stprod"\}/,
    ],
    ['facts that are no list', element({ type: 'FactSet', facts: {} }), /no list of facts/],
    ['Action.Submit', action({ type: 'Action.Submit', title: 'x' }), /Action\.Submit does nothing/],
    ['Action.Execute', action({ type: 'Action.Execute', title: 'x' }), /Action\.Execute/],
    ['an unknown action', action({ type: 'Action.Approve', title: 'x' }), /"Action\.Approve"/],
    [
      'a link that is none of the web',
      action({ type: 'Action.OpenUrl', title: 'x', url: 'javascript:1' }),
      /url of/,
    ],
    [
      'Action.Submit in a card that a button shows',
      action({
        type: 'Action.ShowCard',
        title: 'x',
        card: card([text], { actions: [{ type: 'Action.Submit', title: 'y' }] }),
      }),
      /Action\.Submit/,
    ],
  ]

  test.each(cases)('%s', async (_what, message, expected) => {
    expect((await problemsOf(message)).join('\n')).toMatch(expected)
  })
})

describe('A fault of a flow', () => {
  const good = messageOf(card([text]))
  const fault = (body: Json) => control(inbox, 'POST', 'faults', { path: '^/teams/', ...body })

  test('is throttled with Retry-After, once', async () => {
    await fault({ status: 429, headers: { 'Retry-After': '7' }, times: 1 })
    const refused = await post(good)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '7'])
    expect((await post(good)).status).toBe(202)
    expect(await received(inbox, '^/teams/')).toEqual([
      ['POST', 429],
      ['POST', 202],
    ])
  })

  test('is throttled without Retry-After, until the fault is deleted', async () => {
    await fault({ status: 429 })
    for (let tries = 0; tries < 3; tries++) {
      const refused = await post(good)
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, null])
    }
    await control(inbox, 'DELETE', 'faults')
    expect((await post(good)).status).toBe(202)
  })

  test('concerns one channel only', async () => {
    await fault({ path: '^/teams/broken/', status: 500 })
    expect((await post(good, { channel: 'broken' })).status).toBe(500)
    expect((await post(good)).status).toBe(202)
  })

  test('hangs', async () => {
    await fault({ holdMs: 'forever' })
    const hanging = fetch(inbox.teamsUrl('data-platform'), {
      method: 'POST',
      signal: AbortSignal.timeout(200),
    })
    await expect(hanging).rejects.toThrow(/timeout/)
  })

  test('resets the connection', async () => {
    await fault({ reset: true })
    await expect(post(good)).rejects.toThrow('fetch failed')
    expect(inbox.messages()).toEqual([])
  })

  test('loses what it has accepted', async () => {
    await control(inbox, 'POST', 'losses', { via: 'teams' })
    expect((await post(good)).status).toBe(202)
    await control(inbox, 'DELETE', 'losses')
    expect(inbox.messages()).toEqual([])
    expect((await post(good)).status).toBe(202)
    expect(inbox.messages()).toHaveLength(1)
  })
})
