import { Agent, get } from 'node:http'
import { promisify } from 'node:util'
import { brotliDecompress, gunzip } from 'node:zlib'

/** A page as it came. */
export interface ReadPage {
  readonly status: number
  /** From the call to the last byte. */
  readonly milliseconds: number
  /** Bytes of the body as they came over the wire, and decoded. */
  readonly transferred: number
  readonly decoded: number
}

const decoders: Readonly<Record<string, (body: Buffer) => Promise<Buffer>>> = {
  gzip: promisify(gunzip),
  br: promisify(brotliDecompress),
}

/** A reader with a connection of its own, as a browser keeps one. */
export class PageReader {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #origin: string
  readonly #cookie: string

  /** @param cookie of a session. */
  constructor(origin: string, cookie: string) {
    this.#origin = origin
    this.#cookie = cookie
  }

  async read(path: string): Promise<ReadPage> {
    const begun = performance.now()
    const { status, encoding, body } = await this.#get(path)
    const milliseconds = performance.now() - begun
    const decoded = await (decoders[encoding]?.(body) ?? body)
    return { status, milliseconds, transferred: body.length, decoded: decoded.length }
  }

  end(): void {
    this.#agent.destroy()
  }

  #get(path: string): Promise<{ status: number; encoding: string; body: Buffer }> {
    const headers = { cookie: this.#cookie, 'accept-encoding': 'gzip, br' }
    return new Promise((resolve, reject) => {
      const request = get(`${this.#origin}${path}`, { agent: this.#agent, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const { statusCode: status = 0, headers: received } = response
          resolve({ status, encoding: received['content-encoding'] ?? '', body: Buffer.concat(chunks) })
        })
      })
      request.on('error', reject)
    })
  }
}
