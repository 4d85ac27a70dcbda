import type { Stack } from '../../local/stack.ts'
import { CookieClient, type Visited } from './cookie-client.ts'

/** A browser of a person, and the app as it sees it. */
export interface PersonBrowser {
  readonly client: CookieClient
  readonly app: string
  /** Begins a sign-in, chooses who to be at the tenant, and gives the page to which it led. */
  readonly signIn: (key: string, query?: string) => Promise<Visited>
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Visited>
  /** The token in the forms of the page. */
  readonly formToken: () => Promise<string>
}

export function browserOf(stack: Pick<Stack, 'functionsApp'>): PersonBrowser {
  const client = new CookieClient()
  const app = stack.functionsApp().origin
  const get = (path: string, headers?: Record<string, string>) => client.get(`${app}${path}`, headers)
  return {
    ...{ client, app, get },
    async signIn(key, query = '') {
      const asked = await get(`/sign-in${query}`)
      return asked.url.includes('/choose/') ? client.post(asked.url, { person: key }) : asked
    },
    async formToken() {
      const { text } = await get('/account')
      return /name="formToken" value="([\w-]+)"/.exec(text)?.[1] ?? ''
    },
  }
}

/** The code of a refusal, or "none". */
export function refusalOf({ headers }: Pick<Visited, 'headers'>): string {
  return headers.get('x-refusal') ?? 'none'
}
