import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline'
import { ArmError } from './error.ts'

const maxBodyBytes = 16 * 1024 * 1024

/**
 * The last step before the wire. Sends nothing to any origin but the given one, whatever a link in a response, a
 * redirect or an SDK requests, so that a token is never sent to another service. Refuses bodies over 16 MiB.
 */
export function guardHttpClient(inner: HttpClient, origin: string): HttpClient {
  return {
    async sendRequest(request: PipelineRequest): Promise<PipelineResponse> {
      if (new URL(request.url).origin !== origin) {
        throw new ArmError(0, 'ForeignLink', `A request was led away from ${origin}; it was not sent.`)
      }
      request.streamResponseStatusCodes = new Set([Number.POSITIVE_INFINITY])
      const { readableStreamBody, ...response } = await inner.sendRequest(request)
      if (!readableStreamBody) return response
      return { ...response, bodyAsText: await readText(readableStreamBody) }
    },
  }
}

async function readText(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > maxBodyBytes) {
      throw new ArmError(0, 'ResponseTooLong', `A response was longer than ${maxBodyBytes} bytes.`)
    }
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}
