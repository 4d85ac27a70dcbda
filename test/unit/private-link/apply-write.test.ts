import { describe, expect, it } from 'vitest'
import type { Connection } from '../../../shared/domain/connection.ts'
import type { WriteOutcome } from '../../../shared/domain/connection-write.ts'
import { createConnections } from '../../../shared/private-link/connections/connections.ts'
import { createArmClient } from '../../../shared/private-link/arm/client.ts'
import {
  arm,
  clientOf,
  failure,
  type FakeAzure,
  fakeAzure,
  fakeClock,
  fakeLog,
  now,
  type Replies,
  type Reply,
} from './fake-azure.ts'
import { endpointIn, managedSubscription, resourceId, targetOf } from './ids.ts'

const endpoint = endpointIn(managedSubscription, 'adf-prod.mpe')
const approval = { status: 'Approved', description: 'Approved, decision d1' } as const

function connectionOf(type: string, more: Partial<Connection> = {}): Connection {
  const target = targetOf(type)
  const child =
    more.list === 'ingestion' ? 'ingestionPrivateEndpointConnections' : 'privateEndpointConnections'
  return {
    id: resourceId(`${target.id}/${child}/c1`),
    target,
    list: 'connections',
    writeSupport: 'with-description',
    etag: undefined,
    status: 'Pending',
    description: '',
    endpoint,
    groupIds: undefined,
    provisioningState: 'Succeeded',
    ...more,
  }
}

const sql = connectionOf('Microsoft.Sql/servers')
const eventHub = connectionOf('Microsoft.EventHub/namespaces')
const storage = connectionOf('Microsoft.Storage/storageAccounts')
const operation = `${arm}/operations/1`
const stillWorking = { kind: 'accepted' } as const

function shown(status: string, provisioningState = 'Succeeded'): Reply {
  return {
    status: 200,
    body: { properties: { privateLinkServiceConnectionState: { status }, provisioningState } },
  }
}

interface Applied {
  readonly outcome: WriteOutcome
  readonly fake: FakeAzure
  readonly waits: readonly number[]
  readonly warnings: number
}

async function applied(connection: Connection, replies: Replies): Promise<Applied> {
  const fake = fakeAzure(replies)
  const clock = fakeClock()
  const log = fakeLog()
  const connections = createConnections({ arm: clientOf(fake), log, clock })
  const outcome = await connections.apply(connection, approval)
  return {
    outcome,
    fake,
    waits: clock.waits,
    warnings: log.lines.filter(({ level }) => level === 'warn').length,
  }
}

/** Answers a PUT with the first reply, reads of the connection with the others. */
function putThenGet(connection: Connection, put: Reply, ...gets: Reply[]): Replies {
  return { [`PUT ${connection.id.id}`]: put, [`GET ${connection.id.id}`]: gets }
}

describe('an answer that takes a while', () => {
  const accepted = { status: 202, headers: { 'azure-asyncoperation': operation, 'retry-after': '2' } }
  const running = { status: 200, body: { status: 'InProgress' } }
  const succeeded = { status: 200, body: { status: 'Succeeded' } }

  it('is followed by its Azure-AsyncOperation, waiting as long as Azure asks', async () => {
    const { outcome, waits } = await applied(sql, {
      ...putThenGet(sql, accepted, shown('Approved', 'Ready')),
      'GET /operations/1': [{ ...running, headers: { 'retry-after': '7' } }, succeeded],
    })
    expect(outcome).toEqual({ kind: 'written' })
    expect(waits).toEqual([2000, 7000])
  })

  it('is followed by its Location until that is no longer a 202', async () => {
    const put = { status: 202, headers: { location: operation } }
    const { outcome, fake } = await applied(sql, {
      ...putThenGet(sql, put, shown('Approved', 'Ready')),
      'GET /operations/1': [{ status: 202 }, { status: 202 }, { status: 204 }],
    })
    expect(outcome).toEqual({ kind: 'written' })
    expect(fake.calls.filter(({ url }) => url.pathname === '/operations/1')).toHaveLength(3)
  })

  it('is followed by the provisioning state alone where no operation is named', async () => {
    const states = [shown('Pending', 'Updating'), shown('Approved', 'Updating'), shown('Approved')]
    const { outcome, fake } = await applied(eventHub, putThenGet(eventHub, { status: 202 }, ...states))
    expect(outcome).toEqual({ kind: 'written' })
    expect(fake.calls.filter(({ method }) => method === 'GET')).toHaveLength(3)
  })

  it('goes through Approving to Ready for SQL', async () => {
    const states = [shown('Approved', 'Approving'), shown('Approved', 'Ready')]
    const { outcome } = await applied(sql, putThenGet(sql, { status: 200 }, ...states))
    expect(outcome).toEqual({ kind: 'written' })
  })

  it('is left after a quarter of a minute and a few polls, to come back to', async () => {
    const { outcome, waits, fake } = await applied(sql, {
      ...putThenGet(sql, accepted, shown('Pending')),
      'GET /operations/1': running,
    })
    expect(outcome).toEqual(stillWorking)
    expect(sum(waits)).toBeGreaterThan(8_000)
    expect(sum(waits)).toBeLessThanOrEqual(15_000)
    expect(fake.calls.length).toBeLessThanOrEqual(12)
  })

  it('is left at once when Azure asks for more time than there is', async () => {
    const { outcome, waits } = await applied(sql, {
      ...putThenGet(
        sql,
        { ...accepted, headers: { ...accepted.headers, 'retry-after': '300' } },
        shown('Pending'),
      ),
    })
    expect(outcome).toEqual(stillWorking)
    expect(waits).toEqual([])
  })

  it('is not asked for without a pause although Azure asks for no wait', async () => {
    const running = { status: 200, body: { status: 'InProgress' }, headers: { 'retry-after': '0' } }
    const { outcome, waits } = await applied(sql, {
      ...putThenGet(sql, accepted, shown('Pending')),
      'GET /operations/1': running,
    })
    expect(outcome).toEqual(stillWorking)
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(500)
  })

  describe.each(['azure-asyncoperation', 'location'])(
    'whose operation, followed by %s, never ends',
    (header) => {
      const running = { status: header === 'location' ? 202 : 200, body: { status: 'InProgress' } }
      const put = { status: 202, headers: { [header]: operation } }
      const neverEnding = (...gets: Reply[]) => ({
        ...putThenGet(sql, put, ...gets),
        'GET /operations/1': running,
      })

      it('is written when the connection is Approved and done', async () => {
        const { outcome } = await applied(sql, neverEnding(shown('Approved', 'Ready')))
        expect(outcome).toEqual({ kind: 'written' })
      })

      it('is refused when the provisioning of the connection failed', async () => {
        const { outcome } = await applied(sql, neverEnding(shown('Approved', 'Failed')))
        expect(outcome).toMatchObject({ kind: 'refused', code: 'ProvisioningFailed', isOwn: true })
      })

      it('is come back to when the connection is not found: the read may not know it yet', async () => {
        const { outcome } = await applied(sql, neverEnding(failure(404, 'NotFound')))
        expect(outcome).toEqual(stillWorking)
      })

      it.each([
        ['Approved', 'Approving'],
        ['Approving', 'Ready'],
        ['Pending', 'Ready'],
      ])('is come back to when the connection is %s and %s', async (status, provisioning) => {
        const { outcome } = await applied(sql, neverEnding(shown(status, provisioning)))
        expect(outcome).toEqual(stillWorking)
      })
    },
  )

  it('is looked at beside an operation that asks for more time than there is', async () => {
    const patient = { ...accepted, headers: { ...accepted.headers, 'retry-after': '300' } }
    const { outcome } = await applied(sql, putThenGet(sql, patient, shown('Approved', 'Ready')))
    expect(outcome).toEqual({ kind: 'written' })
  })

  it.each(['Failed', 'failed', 'Canceled', 'CANCELLED'])(
    'is refused when its Location ends with 200 and the status %s',
    async (status) => {
      const { outcome } = await applied(sql, {
        ...putThenGet(sql, { status: 202, headers: { location: operation } }, shown('Pending')),
        'GET /operations/1': { status: 200, body: { status, Error: { Code: 'Nope', Message: 'No.' } } },
      })
      expect(outcome).toEqual({ kind: 'refused', code: 'Nope', message: 'No.', passes: false })
    },
  )

  it.each(['succeeded', 'SUCCEEDED'])('is not followed beyond the status %s', async (status) => {
    const { outcome, waits } = await applied(sql, {
      ...putThenGet(sql, accepted, shown('Approved', 'Ready')),
      'GET /operations/1': { status: 200, body: { status } },
    })
    expect(outcome).toEqual({ kind: 'written' })
    expect(waits).toHaveLength(1)
  })

  it('is not refused because its Location ends with the connection, which has no status of its own', async () => {
    const { outcome } = await applied(sql, {
      ...putThenGet(sql, { status: 202, headers: { location: operation } }, shown('Approved', 'Ready')),
      'GET /operations/1': shown('Approved', 'Ready'),
    })
    expect(outcome).toEqual({ kind: 'written' })
  })

  it.each(['Approving', 'Rejecting', 'Disconnecting'])(
    'is not taken for written while the connection is %s',
    async (status) => {
      const states = [shown(status), shown(status), shown('Approved')]
      const { outcome, fake } = await applied(eventHub, putThenGet(eventHub, { status: 200 }, ...states))
      expect(outcome).toEqual({ kind: 'written' })
      expect(fake.calls).toHaveLength(4)
    },
  )

  it('is refused when the operation failed', async () => {
    const failed = { status: 200, body: { status: 'Failed', error: { code: 'NotAllowed', message: 'No.' } } }
    const { outcome } = await applied(sql, {
      ...putThenGet(sql, accepted, shown('Pending')),
      'GET /operations/1': failed,
    })
    expect(outcome).toEqual({ kind: 'refused', code: 'NotAllowed', message: 'No.', passes: false })
  })

  it('that ended as failed, without a word, is told in words of this app', async () => {
    const failed = { status: 200, body: { status: 'Failed' } }
    const replies = { ...putThenGet(sql, accepted, shown('Pending')), 'GET /operations/1': failed }
    expect((await applied(sql, replies)).outcome).toMatchObject({
      ...{ kind: 'refused', code: 'OperationFailed', message: 'the operation ended as failed', isOwn: true },
    })
  })

  it('may still be carried out when the operation failed within Azure', async () => {
    const failed = {
      status: 200,
      body: { status: 'Failed', error: { code: 'InternalServerError', message: 'x' } },
    }
    const replies = { ...putThenGet(sql, accepted, shown('Pending')), 'GET /operations/1': failed }
    expect((await applied(sql, replies)).outcome).toEqual({
      kind: 'unanswered',
      afterSeconds: 0,
      code: 'InternalServerError',
      message: 'x',
    })
  })

  it('is refused when its Location ends in a refusal', async () => {
    const { outcome } = await applied(sql, {
      ...putThenGet(sql, { status: 202, headers: { location: operation } }, shown('Pending')),
      'GET /operations/1': failure(400, 'Nope', 'No.'),
    })
    expect(outcome).toEqual({ kind: 'refused', code: 'Nope', message: 'No.', passes: false })
  })

  it.each([
    [403, 'azure-asyncoperation'],
    [404, 'azure-asyncoperation'],
    [401, 'location'],
    [403, 'location'],
    [404, 'location'],
  ])('is asked for itself when the operation answers %d to its %s', async (status, header) => {
    const put = { status: 202, headers: { [header]: operation } }
    const { outcome } = await applied(sql, {
      ...putThenGet(sql, put, shown('Approved', 'Ready')),
      'GET /operations/1': failure(status, 'Code'),
    })
    expect(outcome).toEqual({ kind: 'written' })
  })

  it('outlasts an operation that is throttled or fails for a moment', async () => {
    const { outcome, waits } = await applied(sql, {
      ...putThenGet(sql, accepted, shown('Approved', 'Ready')),
      'GET /operations/1': [failure(429, 'TooManyRequests', 'x', { 'retry-after': '5' }), succeeded],
    })
    expect(outcome).toEqual({ kind: 'written' })
    expect(waits).toEqual([2000, 5000])
  })

  it.each([
    'https://elsewhere.test/operations/1',
    'http://arm.test/operations/1',
    'not a url',
    '/operations/1',
  ])('never takes the token to the operation %s, and asks the connection instead', async (link) => {
    const put = { status: 202, headers: { 'azure-asyncoperation': link } }
    const { outcome, fake, warnings } = await applied(sql, putThenGet(sql, put, shown('Approved', 'Ready')))
    expect(outcome).toEqual({ kind: 'written' })
    expect(fake.calls.map(({ method, url }) => `${method} ${url.href.split('?')[0] ?? ''}`)).toEqual([
      `PUT ${arm}${sql.id.id}`,
      `GET ${arm}${sql.id.id}`,
    ])
    expect(warnings).toBe(1)
  })

  it('is refused when the provisioning ends in failure', async () => {
    const { outcome } = await applied(
      eventHub,
      putThenGet(eventHub, { status: 202 }, shown('Approved', 'Failed')),
    )
    expect(outcome).toMatchObject({ kind: 'refused', code: 'ProvisioningFailed', isOwn: true })
  })

  it('is come back to when the connection is not found after it: a next pass says whether it is gone', async () => {
    const { outcome } = await applied(
      eventHub,
      putThenGet(eventHub, { status: 202 }, failure(404, 'NotFound')),
    )
    expect(outcome).toEqual(stillWorking)
  })

  it('is written when the connection is not found at first after it', async () => {
    const gets = [failure(404, 'NotFound'), shown('Approved')]
    const { outcome } = await applied(eventHub, putThenGet(eventHub, { status: 202 }, ...gets))
    expect(outcome).toEqual({ kind: 'written' })
  })

  it('is come back to when Azure has no time to be read after the write', async () => {
    const get = failure(429, 'TooManyRequests', 'x', { 'retry-after': '40' })
    const { outcome } = await applied(eventHub, putThenGet(eventHub, { status: 200 }, get))
    expect(outcome).toEqual(stillWorking)
  })

  it.each([400, 403, 408, 500, 502])(
    'is come back to when Azure accepted the write and answers %d to the read after it',
    async (status) => {
      const get = failure(status, 'Oops', 'The store is down.')
      const { outcome } = await applied(eventHub, putThenGet(eventHub, { status: 200 }, get))
      expect(outcome).toEqual(stillWorking)
    },
  )

  it('is not taken for written while the connection still is as it was', async () => {
    const rejected = connectionOf('Microsoft.Sql/servers', { status: 'Rejected' })
    const states = [shown('Rejected', 'Ready'), shown('Approved', 'Ready')]
    const { outcome, fake } = await applied(rejected, putThenGet(rejected, { status: 200 }, ...states))
    expect(outcome).toEqual({ kind: 'written' })
    expect(fake.calls).toHaveLength(3)
  })
})

describe('an answer that Azure does not take', () => {
  const alreadyDecided = {
    kind: 'refused',
    code: 'InvalidValuesForRequestParameters',
    message: 'm',
    passes: false,
  }

  it.each([
    [409, 'StorageAccountOperationInProgress', undefined, 15],
    [409, 'ConflictError', '4', 4],
    [409, 'ConflictError', '0', 2],
    [412, 'PreconditionFailed', undefined, 5],
    [412, 'PreconditionFailed', '1', 2],
    [429, 'TooManyRequests', '0', 5],
    [400, 'AnotherOperationInProgress', '0', 2],
    [429, 'TooManyRequests', '33', 33],
    [429, 'RetryableErrorDueToAnotherOperation', undefined, 30],
    [400, 'AnotherOperationInProgress', undefined, 15],
    [409, 'AccountProvisioningStateInvalid', undefined, 15],
    [409, 'ResourceNotReady', undefined, 15],
  ])('with %d %s is tried again later', async (status, code, wait, afterSeconds) => {
    const put = failure(status, code, 'Later.', wait === undefined ? {} : { 'retry-after': wait })
    const { outcome, fake } = await applied(sql, putThenGet(sql, put))
    expect(outcome).toEqual({ kind: 'retry-after', afterSeconds, code, message: 'Later.' })
    expect(fake.calls).toHaveLength(1)
  })

  it.each([
    [403, 'AuthorizationFailed'],
    [403, 'LinkedAuthorizationFailed'],
    [400, 'LinkedAuthorizationFailed'],
    [403, 'RequestDisallowedByPolicy'],
    [400, 'RequestDisallowedByPolicy'],
    [403, 'RequestDisallowedByAzure'],
    [403, 'DenyAssignmentAuthorizationFailed'],
    [403, 'DenyAssignmentOfSomeKind'],
    [409, 'ScopeLocked'],
    [403, 'ScopeLocked'],
    [409, 'MissingSubscriptionRegistration'],
    [400, 'SubscriptionNotRegistered'],
    [409, 'ReadOnlyDisabledSubscription'],
    [403, 'ReadOnlyDisabledSubscription'],
    [403, 'Forbidden'],
    [423, 'Locked'],
    [400, 'AccountProvisioningStateInvalid'],
    [400, 'InvalidProvisioningState'],
    [400, 'ReferencedResourceNotProvisioned'],
    [400, 'ParentResourceNotReady'],
    [400, 'ServerIsNotReady'],
    [400, 'ResourceNotInSucceededState'],
  ])('with %d %s is refused for a cause that passes', async (status, code) => {
    const { outcome } = await applied(sql, putThenGet(sql, failure(status, code, 'Because.')))
    expect(outcome).toEqual({ kind: 'refused', code, message: 'Because.', passes: true })
  })

  it.each([
    [400, 'BadRequest'],
    [400, 'InvalidResourceIdSegment'],
    [400, 'PrivateEndpointConnectionStatusNotPending'],
    [405, 'MethodNotAllowed'],
    [422, 'UnprocessableEntity'],
  ])('with %d %s is refused for good', async (status, code) => {
    const { outcome } = await applied(sql, putThenGet(sql, failure(status, code, 'Because.')))
    expect(outcome).toEqual({ kind: 'refused', code, message: 'Because.', passes: false })
  })

  it.each([
    [500, 'InternalServerError', undefined],
    [500, 'RetryableError', undefined],
    [500, 'AnotherOperationInProgress', undefined],
    [502, 'BadGateway', undefined],
    [503, 'ServerBusy', undefined],
    [503, 'ServerBusy', '33'],
    [503, 'ServiceUnavailable', '0'],
    [503, 'ServerIsNotReady', undefined],
    [503, 'RetryableError', undefined],
    [504, 'GatewayTimeout', '7'],
    [408, 'RequestTimeout', undefined],
  ])(
    'with %d %s may still be carried out, and is not tried again before %s s',
    async (status, code, wait) => {
      const put = failure(status, code, 'Because.', wait === undefined ? {} : { 'retry-after': wait })
      const { outcome, fake } = await applied(sql, putThenGet(sql, put))
      const afterSeconds = Number(wait ?? 0)
      expect(outcome).toEqual({ kind: 'unanswered', afterSeconds, code, message: 'Because.' })
      expect(fake.calls).toHaveLength(1)
    },
  )

  const isOwn = true
  it.each([
    ['a status', { status: 403 }, { code: 'Http403', message: '403 Forbidden', isOwn }],
    ['a code', failure(403, 'Nope', 'Nope'), { code: 'Nope', message: '403 Nope', isOwn }],
    ['no response', { status: 0 }, { code: 'ECONNRESET', message: 'no usable response (ECONNRESET)', isOwn }],
    [
      'what cannot be read',
      { status: 200, text: '<html>' },
      { code: 'UnreadableResponse', message: '200 UnreadableResponse', isOwn },
    ],
  ])('with %s and no words is told in words of this app', async (_, put, words) => {
    expect((await applied(sql, putThenGet(sql, put))).outcome).toMatchObject(words)
  })

  it('with words that differ each time is told in the same ones', async () => {
    const said = 'Correlation id 3f2504e0-4f89-11d3-9a0c-0305e82c3301 at 2026-11-20T10:00:00Z.'
    const { outcome } = await applied(sql, putThenGet(sql, failure(400, 'Nope', said)))
    expect(outcome).toMatchObject({ code: 'Nope', message: 'Correlation id … at ….' })
  })

  it('may still be carried out when there is no response', async () => {
    const { outcome } = await applied(sql, putThenGet(sql, { status: 0 }))
    expect(outcome).toMatchObject({ kind: 'unanswered', code: 'ECONNRESET' })
  })

  it('may have been carried out when the response cannot be read', async () => {
    const { outcome } = await applied(sql, putThenGet(sql, { status: 200, text: '<html>' }))
    expect(outcome).toMatchObject({ kind: 'unanswered', code: 'UnreadableResponse' })
  })

  it.each([
    [401, 'ExpiredAuthenticationToken'],
    [307, 'Http307'],
  ])('with %d %s is a failure of the call: nothing was carried out', async (status, code) => {
    await expect(applied(sql, putThenGet(sql, failure(status, code)))).rejects.toMatchObject({
      name: 'AzureFailed',
      words: { code },
    })
  })

  it('is a failure of the call when there is no token to send', async () => {
    const noToken = Object.assign(new Error('no'), { name: 'CredentialUnavailableError' })
    const fake = fakeAzure({})
    const credential = { getToken: () => Promise.reject(noToken) }
    const client = createArmClient({
      endpoint: arm,
      credential,
      scope: 's',
      userAgent: 'test',
      now,
      httpClient: fake.httpClient,
    })
    const connections = createConnections({ arm: client, log: fakeLog(), clock: fakeClock() })
    await expect(connections.apply(sql, approval)).rejects.toMatchObject({
      name: 'AzureFailed',
      words: { code: 'CredentialUnavailableError' },
    })
    expect(fake.calls).toEqual([])
  })

  it('is gone when there is no such connection', async () => {
    expect((await applied(sql, putThenGet(sql, failure(404, 'ResourceNotFound')))).outcome).toEqual({
      kind: 'gone',
    })
  })

  it('is gone when a private link service does not know the connection', async () => {
    const service = connectionOf('Microsoft.Network/privateLinkServices')
    const put = failure(400, 'PrivateEndpointConnectionCannotBeCreatedByServiceProvider')
    expect((await applied(service, putThenGet(service, put))).outcome).toEqual({ kind: 'gone' })
  })

  it.each([
    ['Approved', { kind: 'written' }],
    ['Pending', alreadyDecided],
    ['Rejected', alreadyDecided],
  ])('because a storage account says it is in that state: %s by then', async (status, outcome) => {
    const put = failure(400, 'InvalidValuesForRequestParameters', 'm')
    expect((await applied(storage, putThenGet(storage, put, shown(status)))).outcome).toEqual(outcome)
  })

  it('is refused before it is sent when Cosmos DB was to approve what it rejected', async () => {
    const rejected = connectionOf('Microsoft.DocumentDB/databaseAccounts', { status: 'Rejected' })
    const { outcome, fake } = await applied(rejected, {})
    expect(outcome).toMatchObject({ kind: 'refused', code: 'RejectionIsFinal', passes: false, isOwn: true })
    expect(fake.calls).toEqual([])
  })

  it('is refused when Cosmos DB rejected it in the meantime', async () => {
    const cosmos = connectionOf('Microsoft.DocumentDB/databaseAccounts')
    const { outcome } = await applied(cosmos, putThenGet(cosmos, failure(400, 'BadRequest', 'not supported')))
    expect(outcome).toEqual({
      kind: 'refused',
      code: 'BadRequest',
      message: 'not supported',
      passes: false,
    })
  })

  it('without a description is an error of the caller', async () => {
    const connections = createConnections({
      arm: clientOf(fakeAzure({})),
      log: fakeLog(),
      clock: fakeClock(),
    })
    const blank = { status: 'Approved', description: ' ' } as const
    await expect(connections.apply(sql, blank)).rejects.toThrow(/description of a decision is empty/)
  })
})

describe('the body of an answer', () => {
  it('leaves the endpoint out when its id is not known', async () => {
    const unnamed = { ...storage, endpoint: undefined }
    const { fake } = await applied(unnamed, putThenGet(unnamed, { status: 200 }, shown('Approved')))
    expect(fake.calls[0]?.body).toEqual({ properties: { privateLinkServiceConnectionState: approval } })
  })
})

describe('an answer to an ingestion connection of Purview', () => {
  const ingestion = connectionOf('Microsoft.Purview/accounts', { list: 'ingestion' })
  const post = `POST ${ingestion.target.id}/ingestionPrivateEndpointConnectionStatus`
  const list = `GET ${ingestion.target.id}/ingestionPrivateEndpointConnections`

  function listed(status: string): Reply {
    const properties = { privateLinkServiceConnectionState: { status } }
    return { status: 200, body: { value: [{ id: ingestion.id.id, properties }] } }
  }

  it.each([400, 404])('names the connection when naming the endpoint is answered with %d', async (status) => {
    const { outcome, fake } = await applied(ingestion, {
      [post]: [failure(status, 'InvalidId'), { status: 200, body: {} }],
      [list]: listed('Approved'),
    })
    expect(outcome).toEqual({ kind: 'written' })
    const bodies = fake.calls.filter(({ method }) => method === 'POST').map(({ body }) => body)
    expect(bodies).toEqual([
      { privateEndpointId: endpoint.id, status: 'Approved' },
      { privateEndpointId: ingestion.id.id, status: 'Approved' },
    ])
  })

  it('is believed only once the list shows it', async () => {
    const { outcome, waits } = await applied(ingestion, {
      [post]: { status: 200, body: {} },
      [list]: [listed('Pending'), listed('Pending'), listed('Approved')],
    })
    expect(outcome).toEqual({ kind: 'written' })
    expect(waits).toHaveLength(2)
  })

  it.each([403, 404, 503])('stays accepted when the list cannot be read after it (%d)', async (status) => {
    const { outcome } = await applied(ingestion, {
      [post]: { status: 200, body: {} },
      [list]: failure(status, 'Nope', 'No.'),
    })
    expect(outcome).toEqual({ kind: 'accepted' })
  })

  it('is refused when neither id is taken', async () => {
    const { outcome } = await applied(ingestion, {
      [post]: failure(400, 'InvalidId', 'Which?'),
      [list]: listed('Pending'),
    })
    expect(outcome).toEqual({ kind: 'refused', code: 'InvalidId', message: 'Which?', passes: false })
  })

  it('is gone when the list no longer has it', async () => {
    const { outcome } = await applied(ingestion, {
      [post]: failure(404, 'NotFound'),
      [list]: { status: 200, body: { value: [] } },
    })
    expect(outcome).toEqual({ kind: 'gone' })
  })

  it('is not sent a second time when it was forbidden', async () => {
    const { outcome, fake } = await applied(ingestion, { [post]: failure(403, 'AuthorizationFailed', 'No.') })
    expect(outcome).toEqual({
      kind: 'refused',
      code: 'AuthorizationFailed',
      message: 'No.',
      passes: true,
    })
    expect(fake.calls).toHaveLength(1)
  })
})

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
