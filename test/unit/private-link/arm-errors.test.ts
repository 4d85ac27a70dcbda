import { describe, expect, it } from 'vitest'
import { readErrorBody } from '../../../shared/private-link/arm/error-body.ts'
import { ArmError, retryAfterOf } from '../../../shared/private-link/arm/error.ts'
import { explainLasting } from '../../../shared/private-link/arm/lasting-failure.ts'
import { whyNot } from '../../../shared/private-link/arm/why-not.ts'
import { couldNotAsk } from '../../../shared/private-link/proof/refusals.ts'
import { DataPlaneRefused } from '../../../shared/private-link/requesters/requester-api.ts'
import { createPrivateEndpoints } from '../../../shared/private-link/requesters/private-endpoint.ts'
import { arm, clientOf, credential, fakeAzure, now, type Reply } from './fake-azure.ts'
import { endpointIn, managedSubscription } from './ids.ts'

async function failed(reply: Reply): Promise<ArmError> {
  const fake = fakeAzure({ 'PUT /a': reply })
  const error: unknown = await clientOf(fake)
    .request('PUT', '/a', '1')
    .catch((reason: unknown) => reason)
  if (error instanceof ArmError) return error
  throw new Error('It did not fail.')
}

const refused = (body: unknown): Promise<ArmError> => failed({ status: 403, body })

describe('an error of Azure', () => {
  it.each([
    [{ error: { code: 'C', message: 'M' } }],
    [{ Error: { Code: 'C', Message: 'M' } }],
    [{ ERROR: { CODE: 'C', MESSAGE: 'M' } }],
    [{ code: 'C', message: 'M' }],
    [{ Code: 'C', Message: 'M' }],
    [{ errorCode: 'C', message: 'M' }],
    [{ ErrorCode: 'C', ErrorMessage: 'M' }],
    [{ error_code: 'C', message: 'M' }],
    [{ error: 'C', error_description: 'M' }],
    [{ 'odata.error': { code: 'C', message: { lang: 'en-US', value: 'M' } } }],
    [{ error: { code: 'C', message: { value: 'M' } } }],
    [{ error: { details: [{ code: 'C', message: 'M' }] } }],
    [{ error: { code: '', message: '', details: [{}, { code: 'C', message: 'M' }] } }],
    [{ error: { innererror: { code: 'C', message: 'M' } } }],
    [{ details: [{ error: { code: 'C', message: 'M' } }] }],
    [{ error: { code: 'C', message: '', details: [{ code: 'Inner', message: 'M' }] } }],
    [{ error: { code: 'C', details: [{ message: 'M' }] } }],
    [{ properties: { error: { code: 'C', message: 'M' } } }],
    [{ status: 'Failed', properties: { statusCode: 'Conflict', error: { Code: 'C', Message: 'M' } } }],
    [{ title: 'C', status: 403, detail: 'M' }],
    [{ error: { code: 'C', message: 'M', details: [{ code: 'Inner', message: 'inner' }] } }],
    [[{ code: 'C', message: 'M' }]],
  ])('is read whatever its shape: %j', async (body) => {
    expect(await refused(body)).toMatchObject({ status: 403, code: 'C', message: 'M', words: 'M' })
  })

  it.each([
    [undefined],
    [null],
    [7],
    [[]],
    [{}],
    [{ error: {} }],
    [{ error: null }],
    [{ error: { code: 7, message: [] } }],
  ])('that says nothing is its status: %j', async (body) => {
    expect(await refused(body)).toMatchObject({
      code: 'Http403',
      message: 'PUT returned 403',
      words: undefined,
    })
  })

  it('is read from a text, and from a page, that a firewall answers with', async () => {
    const text = await failed({ status: 403, text: 'Public access is disabled.' })
    expect([text.code, text.words]).toEqual(['Http403', 'Public access is disabled.'])
    const page =
      '<html><head><title>403</title><style>p{}</style></head><body><p>IP  not\nallowed</p></body></html>'
    expect((await failed({ status: 403, text: page })).words).toBe('403 IP not allowed')
  })

  it('is read after a byte order mark', async () => {
    const text = '\uFEFF{"error":{"code":"C","message":"M"}}'
    expect(await failed({ status: 403, text })).toMatchObject({ code: 'C', words: 'M' })
  })

  it('does not follow an error into itself without end', () => {
    let deep: object = { code: 'C', message: 'M' }
    for (let depth = 0; depth < 5000; depth += 1) deep = { error: deep }
    expect(readErrorBody(deep)).toEqual({ code: undefined, message: undefined })
  })
})

describe('a Retry-After', () => {
  it.each([
    ['3600', 300],
    ['301', 300],
    ['300', 300],
    ['17', 17],
    ['Fri, 20 Nov 2026 12:00:00 GMT', 300],
  ])('of %s is %d seconds: five minutes at most', (header, seconds) => {
    expect(retryAfterOf(header, now())).toBe(seconds)
  })
})

describe('the words of Azure', () => {
  const asked = {
    host: 'arm.test',
    what: 'It cannot be listed',
    path: '/a',
    apiVersion: '1',
    subscriptionId: 's',
    permissions: ['a/read'],
  }
  const error = (words: string | undefined, code = 'AuthorizationFailed') =>
    new ArmError(403, code, words ?? 'GET returned 403', { words })

  it('reach the person where a target cannot be read', () => {
    expect(explainLasting(error('The client may not.'), asked)).toBe(
      'It cannot be listed: arm.test responds 403 AuthorizationFailed ("The client may not."). Grant the identity of this app a/read there. Asked was GET /a in api-version 1.',
    )
  })

  it('reach the person where a requester cannot be asked', () => {
    expect(couldNotAsk('Data Factory adf', error('The client may not.')).sentence).toBe(
      'Could not ask Data Factory adf: 403 AuthorizationFailed ("The client may not.").',
    )
  })

  it('reach the person from a data plane behind its firewall', () => {
    const firewall = new DataPlaneRefused(
      error('Public network access is disabled for this workspace.', 'PublicNetworkAccessDenied'),
    )
    expect(couldNotAsk('Synapse syn', firewall).sentence).toBe(
      'The service of Synapse syn does not let this app in: 403 PublicNetworkAccessDenied ("Public network access is disabled for this workspace.").',
    )
  })

  it('reach the person where a response is not understood', () => {
    const odd = new ArmError(0, 'ResponseTooLong', 'A response was longer than 5 bytes.')
    expect(couldNotAsk('Data Factory adf', odd).sentence).toBe(
      'The response of Data Factory adf cannot be understood (ResponseTooLong): A response was longer than 5 bytes.',
    )
  })

  it('are quoted, printable and cut', () => {
    expect(whyNot(error('a\u202Eb\n"c"'))).toBe('403 AuthorizationFailed ("a\uFFFDb \\"c\\"")')
    expect(whyNot(error('x'.repeat(999)))).toBe(`403 AuthorizationFailed ("${'x'.repeat(199)}…")`)
  })

  it('are not invented', () => {
    expect(whyNot(error(undefined))).toBe('403 AuthorizationFailed')
    expect(whyNot(new ArmError(0, 'Timeout', 'There was no response in time.'))).toBe(
      'no usable response (Timeout)',
    )
  })

  const guid = '069f9416-7cc7-11ec-be1d-0a580af4904d'
  it.each([
    [
      `Not supported. ActivityId: ${guid}, Microsoft.Azure.Documents`,
      'Not supported. ActivityId: …, Microsoft.Azure.Documents',
    ],
    [`Tracking id "${guid}".`, 'Tracking id "…".'],
    ['Busy since 2026-11-20T10:01:30.123Z.', 'Busy since ….'],
    ['Busy since 2026-11-20 10:01:30.', 'Busy since ….'],
    ['Busy since 11/20/2026 10:01:30 AM.', 'Busy since ….'],
    ['Try again in 17 seconds.', 'Try again in … seconds.'],
    ['Trace 4bf92f3577b34da6a3ce929d0e0e4736 of it', 'Trace … of it'],
    [
      `The client '${guid}' with object id '${guid}' may not.`,
      `The client '${guid}' with object id '${guid}' may not.`,
    ],
    [
      `over scope '/subscriptions/${guid}/resourceGroups/RG'.`,
      `over scope '/subscriptions/${guid}/resourcegroups/rg'.`,
    ],
  ])('are the same at each try, whatever is counted in them: %s', (said, shown) => {
    expect(whyNot(error(said))).toBe(`403 AuthorizationFailed (${JSON.stringify(shown)})`)
  })

  it.each([
    [{ Error: { Code: 'C', Message: 'M' } }, 'C', 'M'],
    [{ code: 'C', message: 'M' }, 'C', 'M'],
    [undefined, 'Http403', undefined],
  ])('are read from the response to a client of Microsoft, too: %j', async (body, code, words) => {
    const endpoint = endpointIn(managedSubscription, 'pe')
    const fake = fakeAzure({ [`GET ${endpoint.id}`]: { status: 403, body } })
    const endpoints = createPrivateEndpoints({
      armEndpoint: arm,
      armScope: 's',
      credential,
      userAgent: 'test',
      now,
      httpClient: fake.httpClient,
    })
    await expect(endpoints.linksOf(endpoint)).rejects.toMatchObject({ status: 403, code, words })
  })
})
