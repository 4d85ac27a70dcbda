import { describe, expect, inject, it } from 'vitest'
import { hostCounts, maxRecoverySeconds, recoverFromKill } from '../support/recovery-run.ts'

const names = Object.keys(hostCounts) as (keyof typeof hostCounts)[]

describe('a host that is killed between intent and write, by the real clock and with the leases of timers', () => {
  it.concurrent.each(names)(
    'has its request finished within a minute, with %s',
    async (hosts) => {
      const { seconds, ...rest } = await recoverFromKill(inject('appFolder'), hosts, maxRecoverySeconds + 90)
      console.log(`Recovery with ${hosts} took ${seconds.toFixed(1)} s.`)
      expect(rest).toEqual({ log: ['intent', 'intent', 'result'], status: 'Approved', writes: 1 })
      expect(seconds).toBeLessThan(maxRecoverySeconds)
    },
    240_000,
  )
})
