import type { Adapter, AdapterPayload } from 'oidc-provider'

interface Held {
  readonly payload: AdapterPayload
  readonly until: number
}

/** What the provider remembers, in memory: a restart signs everybody out. */
export function memoryAdapter(): (model: string) => Adapter {
  const held = new Map<string, Held>()
  return (model) => {
    const keyOf = (id: string): string => `${model} ${id}`
    const find = (
      isExpected: (key: string, payload: AdapterPayload) => boolean,
    ): AdapterPayload | undefined => {
      for (const [key, { payload, until }] of held) {
        if (until < Date.now()) held.delete(key)
        else if (isExpected(key, payload)) return payload
      }
      return undefined
    }
    const done = Promise.resolve()
    return {
      upsert: (id, payload, expiresIn) => {
        held.set(keyOf(id), { payload, until: Date.now() + (expiresIn ?? Infinity) * 1000 })
        return done
      },
      find: (id) => Promise.resolve(find((key) => key === keyOf(id))),
      findByUid: (uid) =>
        Promise.resolve(find((key, payload) => key.startsWith(`${model} `) && payload.uid === uid)),
      findByUserCode: () => Promise.resolve(undefined),
      consume: (id) => {
        const payload = find((key) => key === keyOf(id))
        if (payload !== undefined) payload['consumed'] = Math.floor(Date.now() / 1000)
        return done
      },
      destroy: (id) => {
        held.delete(keyOf(id))
        return done
      },
      revokeByGrantId: (grantId) => {
        for (const [key, { payload }] of held) if (payload.grantId === grantId) held.delete(key)
        return done
      },
    }
  }
}
