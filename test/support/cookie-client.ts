/** A response, and where it came from after redirects. */
export interface Visited {
  readonly status: number
  readonly url: string
  readonly text: string
  readonly headers: Headers
  /** Every address on the way. */
  readonly way: readonly string[]
}

interface Sending {
  readonly method?: string
  readonly form?: Record<string, string>
  readonly headers?: Record<string, string>
}

const maxRedirects = 12

/** Calls as a browser does: keeps cookies for each host, follows redirects, sends the origin of the page with forms. */
export class CookieClient {
  readonly #jars = new Map<string, Map<string, string>>()
  #page = ''

  async get(url: string, headers: Record<string, string> = {}): Promise<Visited> {
    return this.#follow(url, { headers })
  }

  /** Submits a form of the page that was visited last, unless the headers say something else. */
  async post(
    url: string,
    form: Record<string, string>,
    headers: Record<string, string> = {},
  ): Promise<Visited> {
    const origin = { origin: new URL(this.#page || url).origin, 'sec-fetch-site': 'same-origin' }
    return this.#follow(url, { method: 'POST', form, headers: { ...origin, ...headers } })
  }

  cookie(origin: string, name: string): string | undefined {
    return this.#jar(origin).get(name)
  }

  setCookie(origin: string, name: string, value: string): void {
    this.#jar(origin).set(name, value)
  }

  /** One call, not followed further. */
  async send(url: string, { method = 'GET', form, headers = {} }: Sending = {}): Promise<Response> {
    const jar = this.#jar(url)
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { ...headers, ...(cookie !== '' && { cookie }) },
      ...(form && { body: new URLSearchParams(form) }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0|expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
    return response
  }

  async #follow(url: string, sending: Sending): Promise<Visited> {
    const way: string[] = []
    let next = url
    let how = sending
    while (way.length < maxRedirects) {
      way.push(next)
      const response = await this.send(next, how)
      const location = response.headers.get('location')
      if (location === null) {
        this.#page = next
        return {
          status: response.status,
          url: next,
          text: await response.text(),
          headers: response.headers,
          way,
        }
      }
      next = new URL(location, next).href
      how = {}
    }
    throw new Error(`More than ${maxRedirects} redirects: ${way.join(' → ')}`)
  }

  #jar(url: string): Map<string, string> {
    const { host } = new URL(url)
    const jar = this.#jars.get(host) ?? new Map<string, string>()
    this.#jars.set(host, jar)
    return jar
  }
}
