import { isTableMissing } from '../../shared/storage/errors.ts'
import { type RecordedRequest, RecordedRequests } from '../../shared/what-if/simulate.ts'
import type { Run } from '../command/run.ts'
import { withProgress } from '../terminal/io.ts'

const dayMs = 86_400_000

/**
 * The requests in the log of the last days, today included, by the last verdict on each. Without a log, none, and a
 * remark says so.
 */
export async function recordedRequests(
  { io, connected, now }: Run<unknown>,
  days: number,
): Promise<readonly RecordedRequest[]> {
  const ledger = await connected.ledger((problem) => {
    io.note(problem.message)
  })
  const requests = new RecordedRequests()
  const today = now().getTime()
  try {
    await withProgress(io, 'Days of the log read', days, async (progress) => {
      for (let back = days - 1; back >= 0; back--) {
        const day = new Date(today - back * dayMs).toISOString().slice(0, 10)
        for await (const { entry } of ledger.entries(day, day)) {
          io.signal.throwIfAborted()
          requests.add(entry)
        }
        progress.at(days - back)
      }
    })
  } catch (error) {
    if (!isTableMissing(error)) throw error
    io.note('There is no decision log yet: this app has decided nothing there.')
  }
  return requests.all()
}
