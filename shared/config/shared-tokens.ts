import type { AccessToken, GetTokenOptions, TokenCredential } from '@azure/identity'

/** Clients refresh a token two minutes before it expires; the one that they get then must last longer. */
const refreshMilliseconds = 5 * 60_000

type Token = AccessToken | null

/**
 * One token for all clients of a credential. Each client keeps its token only for itself, and would ask for one of its
 * own at the start, as most credentials remember a token only once it has arrived.
 */
export function withSharedTokens(credential: TokenCredential): TokenCredential {
  const kept = new Map<string, AccessToken>()
  const underWay = new Map<string, Promise<Token>>()

  async function ask(key: string, scopes: string | string[], options: GetTokenOptions): Promise<Token> {
    try {
      const token = await credential.getToken(scopes, options)
      if (token) kept.set(key, token)
      return token
    } finally {
      underWay.delete(key)
    }
  }

  return {
    async getToken(scopes, { abortSignal, ...options } = {}) {
      if (abortSignal?.aborted) throw aborted()
      const { tenantId, enableCae, claims } = options
      const key = JSON.stringify([scopes, tenantId, enableCae])
      // Azure has refused the token that is kept.
      if (claims !== undefined) {
        kept.delete(key)
        return credential.getToken(scopes, { ...options, ...(abortSignal && { abortSignal }) })
      }
      const token = kept.get(key)
      if (token && isFresh(token)) return token
      const asked = underWay.get(key) ?? ask(key, scopes, options)
      underWay.set(key, asked)
      return unlessAborted(asked, abortSignal)
    },
  }
}

function isFresh({ expiresOnTimestamp, refreshAfterTimestamp = Infinity }: AccessToken): boolean {
  return Date.now() < Math.min(expiresOnTimestamp - refreshMilliseconds, refreshAfterTimestamp)
}

/** The caller that gives up does so alone: others wait for the same token. */
function unlessAborted<T>(work: Promise<T>, signal: GetTokenOptions['abortSignal']): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const abort = () => reject(aborted())
    signal.addEventListener('abort', abort)
    void work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function aborted(): Error {
  return Object.assign(new Error('The wait for a token was given up.'), { name: 'AbortError' })
}
