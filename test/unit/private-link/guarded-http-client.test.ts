import { Readable } from 'node:stream'
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelineResponse,
} from '@azure/core-rest-pipeline'
import { describe, expect, it } from 'vitest'
import { clouds } from '../../../shared/config/clouds.ts'
import { guardHttpClient } from '../../../shared/private-link/arm/guarded-http-client.ts'
import { createPrivateLink } from '../../../shared/private-link/index.ts'
import { arm, credential, fakeAzure, fakeLog, now } from './fake-azure.ts'

function respondingWith(chunks: Iterable<Buffer>): HttpClient {
  return {
    sendRequest: (request) =>
      Promise.resolve({
        request,
        status: 200,
        headers: createHttpHeaders(),
        readableStreamBody: Readable.from(chunks),
      }),
  }
}

function send(client: HttpClient, url: string): Promise<PipelineResponse> {
  return guardHttpClient(client, arm).sendRequest(createPipelineRequest({ url }))
}

function* megabytes(count: number): Iterable<Buffer> {
  for (let index = 0; index < count; index += 1) yield Buffer.alloc(1024 * 1024, 'x')
}

describe('the last step before the wire', () => {
  it.each([
    'https://elsewhere.test/a',
    'http://arm.test/a',
    'https://arm.test:8443/a',
    'https://arm.test.evil.test/',
  ])('sends nothing to %s, whoever asks for it', async (url) => {
    const fake = fakeAzure({})
    await expect(send(fake.httpClient, url)).rejects.toMatchObject({ code: 'ForeignLink' })
    expect(fake.calls).toEqual([])
  })

  it('reads a body whose letters are torn apart between two pieces', async () => {
    const bytes = Buffer.from('"grün"')
    const response = await send(respondingWith([bytes.subarray(0, 4), bytes.subarray(4)]), `${arm}/a`)
    expect(response.bodyAsText).toBe('"grün"')
  })

  it('stops reading a body that has no end', async () => {
    await expect(send(respondingWith(megabytes(1_000_000)), `${arm}/a`)).rejects.toMatchObject({
      code: 'ResponseTooLong',
    })
  })
})

describe('the adapters', () => {
  const options = {
    armEndpoint: arm,
    credential,
    managedTenants: [],
    services: clouds.public,
    loginHosts: [],
    userAgent: 'test',
    log: fakeLog(),
    now,
  }

  it.each([
    ['synapse', 'http://{workspace}.test'],
    ['synapse', 'https://dev.test'],
    ['purview', 'https://{account}.test?x={account}'],
    ['fabric', 'http://fabric.test'],
    ['databricks', 'https://databricks.test?x'],
  ])('do not start with the service %s at %s', (name, endpoint) => {
    const services = { ...clouds.public, [name]: { endpoint, scope: 's/.default' } }
    expect(() => createPrivateLink(options)).not.toThrow()
    expect(() => createPrivateLink({ ...options, services })).toThrow(/endpoint/)
  })

  it('do not start with ARM at http', () => {
    expect(() => createPrivateLink({ ...options, armEndpoint: 'http://arm.test' })).toThrow(/endpoint/)
  })
})
