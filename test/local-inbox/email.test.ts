import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { EmailClient, type EmailMessage } from '@azure/communication-email'
import type { TokenCredential } from '@azure/core-auth'
import { ClientSecretCredential } from '@azure/identity'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type SimulatedAzure, startSimulatedAzure } from '../../local/azure/start.ts'
import { ownTenant } from '../../local/azure/well-known.ts'
import type { Inbox } from '../../local/inbox/start.ts'
import { control, mailOf, openTrustedInbox, received } from './support.ts'

let folder: string
let azure: SimulatedAzure
let inbox: Inbox
let credential: TokenCredential
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inbox-email-'))
  azure = await startSimulatedAzure({ stateFolder: folder, persist: false })
  inbox = await openTrustedInbox({ stateFolder: folder })
  credential = new ClientSecretCredential(ownTenant.tenantId, 'private-endpoint-approver', 'local', {
    authorityHost: azure.origin,
    disableInstanceDiscovery: true,
  })
})
afterEach(() => control(inbox, 'POST', 'reset'))
afterAll(async () => {
  await inbox.stop()
  await azure.stop()
  await rm(folder, { recursive: true })
})

const mail: EmailMessage = {
  senderAddress: 'approver@contoso.example',
  content: {
    subject: 'Manual review: adf-prod asks for stprod',
    plainText: 'Open it',
    html: '<p>Open it</p>',
  },
  recipients: { to: [{ address: 'lea@contoso.example', displayName: 'Lea' }] },
}

function client(options: { retries?: number; credential?: TokenCredential } = {}) {
  const { retries = 0 } = options
  return new EmailClient(inbox.emailService, options.credential ?? credential, {
    retryOptions: { maxRetries: retries, retryDelayInMs: 1 },
  })
}

/** The status of the response with which a call of the SDK failed. */
async function statusOf(sending: Promise<unknown>): Promise<unknown> {
  const error: unknown = await sending.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  return error instanceof Error && 'statusCode' in error ? error.statusCode : error
}

/** A call without the SDK. */
async function call(body: unknown, headers: Record<string, string> = {}, query = '?api-version=2025-09-01') {
  const token = await credential.getToken('https://communication.azure.com//.default')
  return fetch(`${inbox.emailService}/emails:send${query}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token?.token ?? ''}`,
      'content-type': 'application/json',
      ...headers,
    },
    body: JSON.stringify(body),
  })
}

const fault = (body: Record<string, unknown>) => control(inbox, 'POST', 'faults', body)

describe('The SDK', () => {
  test('sends a mail, which is kept with its parts and recipients', async () => {
    const poller = await client().beginSend({
      ...mail,
      recipients: {
        ...mail.recipients,
        cc: [{ address: 'cc@contoso.example' }],
        bcc: [{ address: 'bcc@contoso.example' }],
      },
    })
    expect(await poller.pollUntilDone()).toMatchObject({ status: 'Succeeded' })
    const [message] = inbox.messages()
    expect(message).toMatchObject({
      from: 'approver@contoso.example',
      to: ['lea@contoso.example', 'cc@contoso.example', 'bcc@contoso.example'],
      title: mail.content.subject,
      content: { text: 'Open it', html: '<p>Open it</p>', sender: 'private-endpoint-approver' },
    })
  })

  test('posts once and asks for the status once, before it is waited for', async () => {
    await client().beginSend(mail)
    expect(await received(inbox, '^/emails')).toEqual([
      ['POST', 202],
      ['GET', 200],
    ])
  })

  test('sends again under one operation id, and one mail is delivered', async () => {
    const operationId = crypto.randomUUID()
    await client().beginSend(mail, { operationId })
    await client().beginSend(mail, { operationId })
    expect(inbox.messages().map(({ key }) => key)).toEqual([operationId])
  })

  test('sends twice without an operation id, and two mails are delivered', async () => {
    await client().beginSend(mail)
    await client().beginSend(mail)
    expect(inbox.messages()).toHaveLength(2)
  })

  test('sends threading headers, which put mails together', async () => {
    const headers = { References: '<case-1@contoso.example>' }
    await client().beginSend({ ...mail, headers })
    await client().beginSend({ ...mail, headers: { 'In-Reply-To': '<case-1@contoso.example>' } })
    for (const message of inbox.messages()) expect(message.threadKeys).toContain('<case-1@contoso.example>')
    const [first] = inbox.messages()
    expect(first && mailOf(first).headers).toEqual({ references: '<case-1@contoso.example>' })
  })
})

describe('The email service refuses', () => {
  const expiresOnTimestamp = Date.now() + 3_600_000
  const tokenOf = (token: string) => ({ getToken: () => Promise.resolve({ token, expiresOnTimestamp }) })

  test('a token for another audience', async () => {
    const foreign = { getToken: () => credential.getToken('https://management.azure.com/.default') }
    expect(await statusOf(client({ credential: foreign }).beginSend(mail))).toBe(401)
    expect(inbox.messages()).toEqual([])
  })

  test('a token that nobody has signed', async () => {
    const none = [{ alg: 'none' }, { aud: 'https://communication.azure.com', exp: expiresOnTimestamp / 1000 }]
    const token = `${none.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')}.`
    expect(await statusOf(client({ credential: tokenOf(token) }).beginSend(mail))).toBe(401)
  })

  test('a call without a token', async () => {
    expect((await call(mail, { authorization: '' })).status).toBe(401)
  })

  test.each([
    ['another api-version', mail, {}, '?api-version=2019-01-01'],
    ['no api-version', mail, {}, ''],
    ['an operation id that is no UUID', mail, { 'operation-id': 'case-1' }, undefined],
    ['no recipients', { ...mail, recipients: { to: [] } }, {}, undefined],
    ['a recipient that is no address', { ...mail, recipients: { to: [{ address: 'Lea' }] } }, {}, undefined],
    ['no content', { ...mail, content: { subject: 'x' } }, {}, undefined],
    [
      'more than 50 recipients',
      {
        ...mail,
        recipients: { to: Array.from({ length: 51 }, (_, n) => ({ address: `a${n}@contoso.example` })) },
      },
      {},
      undefined,
    ],
  ])('%s', async (_what, body, headers, query) => {
    expect((await call(body, headers, query)).status).toBe(400)
    expect(inbox.messages()).toEqual([])
  })

  test('to state the status of an operation that it does not know', async () => {
    const token = await credential.getToken('https://communication.azure.com/.default')
    const url = `${inbox.emailService}/emails/operations/${crypto.randomUUID()}?api-version=2025-09-01`
    const response = await fetch(url, { headers: { authorization: `Bearer ${token?.token ?? ''}` } })
    expect(response.status).toBe(404)
  })
})

describe('A fault of the email service', () => {
  test('429 with Retry-After makes the SDK send again', async () => {
    await fault({
      method: 'POST',
      path: '^/emails:send',
      status: 429,
      headers: { 'Retry-After': '0' },
      times: 2,
    })
    await client({ retries: 3 }).beginSend(mail)
    expect((await received(inbox, '^/emails:send')).map(([, status]) => status)).toEqual([429, 429, 202])
    expect(inbox.messages()).toHaveLength(1)
  })

  test('500 reaches the sender when the SDK gives up', async () => {
    await fault({ path: '^/emails:send', status: 500 })
    expect(await statusOf(client().beginSend(mail))).toBe(500)
  })

  test('a call that hangs is given up by the sender', async () => {
    await fault({ path: '^/emails:send', holdMs: 'forever' })
    const sending = client().beginSend(mail, { abortSignal: AbortSignal.timeout(200) })
    await expect(sending).rejects.toThrow(/aborted/)
  })

  test('a reset after the mail was taken makes the SDK send again, and one mail is delivered', async () => {
    await fault({ path: '^/emails:send', when: 'after', reset: true, times: 1 })
    await client({ retries: 1 }).beginSend(mail, { operationId: crypto.randomUUID() })
    expect(await received(inbox, '^/emails:send')).toHaveLength(2)
    expect(inbox.messages()).toHaveLength(1)
  })

  test('a mail that was accepted and lost has an operation that succeeded', async () => {
    await control(inbox, 'POST', 'losses', { via: 'email-service', times: 1 })
    const poller = await client().beginSend(mail)
    expect(poller.getOperationState().status).toBe('succeeded')
    expect(inbox.messages()).toEqual([])
  })

  test('an operation that fails later', async () => {
    const body = { id: crypto.randomUUID(), status: 'Failed', error: { code: 'EmailDropped', message: 'x' } }
    await fault({ method: 'GET', path: '^/emails/operations/', body })
    const send = async () => (await client().beginSend(mail)).pollUntilDone()
    await expect(send()).rejects.toThrow(/failed/i)
  })
})

describe('The quota of a domain', () => {
  test('of Azure lets 5 mails pass a minute, and says when the next one may come', async () => {
    await control(inbox, 'PUT', 'email-quota', { domain: 'azure-managed' })
    for (let sent = 0; sent < 5; sent++) expect((await call(mail)).status).toBe(202)
    const refused = await call(mail)
    expect(refused.status).toBe(429)
    const seconds = Number(refused.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(50)
    expect(seconds).toBeLessThanOrEqual(60)
    expect(inbox.messages()).toHaveLength(5)
  })

  test('is spent on statuses by waiting for them', async () => {
    await control(inbox, 'PUT', 'email-quota', { domain: 'azure-managed' })
    const poller = await client().beginSend(mail)
    const { id } = (await poller.pollUntilDone()) as { id: string }
    const token = await credential.getToken('https://communication.azure.com/.default')
    const ask = () =>
      fetch(`${inbox.emailService}/emails/operations/${id}?api-version=2025-09-01`, {
        headers: { authorization: `Bearer ${token?.token ?? ''}` },
      })
    const statuses = []
    for (let asked = 0; asked < 10; asked++) statuses.push((await ask()).status)
    expect(statuses).toEqual([...Array.from({ length: 9 }, () => 200), 429])
  })

  test('of the own domain is larger, and none holds until it is set', async () => {
    for (let sent = 0; sent < 6; sent++) expect((await call(mail)).status).toBe(202)
    await control(inbox, 'PUT', 'email-quota', { domain: 'custom' })
    for (let sent = 0; sent < 30; sent++) expect((await call(mail)).status).toBe(202)
    expect((await call(mail)).status).toBe(429)
    await control(inbox, 'DELETE', 'email-quota')
    expect((await call(mail)).status).toBe(202)
  })
})
