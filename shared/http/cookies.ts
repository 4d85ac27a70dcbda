import type { Incoming } from './incoming.ts'
import type { Cookie } from './outgoing.ts'

/** The cookies of the app. */
export type CookieName = 'session' | 'sign-in' | 'typed'

/**
 * Cookies with the prefix `__Host-`: a browser takes them only over https, for exactly this host, and from no
 * neighbour. An app at an http address, which the settings allow on loopback only, has them without prefix.
 */
export class Cookies {
  readonly #isSecure: boolean

  constructor(publicOrigin: string) {
    this.#isSecure = !publicOrigin.startsWith('http:')
  }

  /** The value, or undefined when there is none, or several of the name. */
  read({ headers }: Pick<Incoming, 'headers'>, name: CookieName): string | undefined {
    const full = this.#fullName(name)
    const values = (headers.get('cookie') ?? '')
      .split(';')
      .map((pair) => pair.trim())
      .filter((pair) => pair.startsWith(`${full}=`))
      .map((pair) => pair.slice(full.length + 1))
    return values.length === 1 ? values[0] : undefined
  }

  /** A cookie for so many seconds. */
  set(name: CookieName, value: string, maxAge: number): Cookie {
    return {
      name: this.#fullName(name),
      value,
      path: '/',
      httpOnly: true,
      sameSite: 'Lax',
      secure: this.#isSecure,
      maxAge,
    }
  }

  clear(name: CookieName): Cookie {
    return this.set(name, '', 0)
  }

  #fullName(name: CookieName): string {
    return this.#isSecure ? `__Host-${name}` : name
  }
}
