import { RestError } from '@azure/data-tables'
import { describe, expect, it } from 'vitest'
import type { Run } from '../../../cli/command/run.ts'
import { createIo } from '../../../cli/terminal/terminal.ts'
import { recordedRequests } from '../../../cli/what-if/recorded-log.ts'
import { Ledger } from '../../../shared/ledger/ledger.ts'
import { around } from '../../support/command-line.ts'

/** A log whose index answers each query like this. */
function runOn(response: (filter: string) => unknown[], now: () => Date) {
  const streams = around()
  const table = {
    async *query(filter: string) {
      await Promise.resolve()
      yield* response(filter)
    },
  }
  const connected = {
    ledger: () => Promise.resolve(new Ledger(table as never, table as never, () => undefined)),
  }
  const run = { io: createIo(streams, {}), connected, now } as unknown as Run<unknown>
  return { run, err: streams.err }
}

describe('the recorded log', () => {
  it('is read day by day, none left out when midnight passes meanwhile', async () => {
    const filters: string[] = []
    const times = ['2026-11-21T23:59:59.900Z', '2026-11-22T00:00:00.100Z', '2026-11-22T00:00:01.000Z']
    const { run } = runOn(
      (filter) => (filters.push(filter), []),
      () => new Date(times.shift() ?? '2026-11-22T00:00:02.000Z'),
    )
    expect(await recordedRequests(run, 3)).toEqual([])
    expect(filters.map((filter) => /\d{4}-\d\d-\d\d/.exec(filter)?.[0])).toEqual([
      '2026-11-19',
      '2026-11-20',
      '2026-11-21',
    ])
  })

  it('that is not there yet is an empty one, and that is said', async () => {
    const missing = Object.assign(new RestError('…', { statusCode: 404 }), {
      details: { odataError: { code: 'TableNotFound' } },
    })
    const { run, err } = runOn(
      () => {
        throw missing
      },
      () => new Date(),
    )
    expect(await recordedRequests(run, 1)).toEqual([])
    expect(err()).toBe('There is no decision log yet: this app has decided nothing there.\n')
  })

  it('that cannot be read is not taken for an empty one', async () => {
    const { run } = runOn(
      () => {
        throw new Error('refused')
      },
      () => new Date(),
    )
    await expect(recordedRequests(run, 1)).rejects.toThrow('refused')
  })
})
