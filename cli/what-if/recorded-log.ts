import { Ledger } from '../../shared/ledger/ledger.ts'
import { RecordedRequests, type RecordedRequest } from '../../shared/what-if/simulate.ts'
import type { Run } from '../run.ts'

const dayMs = 86_400_000

/** The requests that the log holds of the last days, today included, by the last verdict on each. */
export async function recordedRequests(
  { io, connected, now }: Run<unknown>,
  days: number,
): Promise<readonly RecordedRequest[]> {
  const ledger = new Ledger(await connected.table('requests'), await connected.table('requestIndex'))
  const requests = new RecordedRequests()
  const progress = io.progress('Days of the log read', days)
  try {
    for (let back = days - 1; back >= 0; back--) {
      const day = new Date(now().getTime() - back * dayMs).toISOString().slice(0, 10)
      for await (const { entry } of ledger.entries(day, day)) {
        io.signal.throwIfAborted()
        requests.add(entry)
      }
      progress.at(days - back)
    }
  } finally {
    progress.end()
  }
  return requests.all()
}
